"""The whole space at once: indicators against accuracy as densities, and what a short list is worth."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import FuncNorm, LinearSegmentedColormap, LogNorm
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, MaxNLocator

from tegnas_core.indicators.names import CONDITION_NUMBER, LINEAR_REGIONS
from tegnas_study.figures.style import (
    ACCURACY_SCALE,
    ACCURACY_TICKS,
    BLUE,
    CYCLE,
    GREY,
    INK,
    PALE,
    SYMBOLS,
    VERMILION,
    WIDTH,
    accuracy_scale,
    name_of,
    styled,
)

_DENSITY = LinearSegmentedColormap.from_list("density", ["#dbe9f5", BLUE, INK])
_LOGARITHMIC = (CONDITION_NUMBER.name, "control_kappa_cells")


@styled
def density_panels(panels: pd.DataFrame, words: Mapping[str, str], accuracy: str = "test_accuracy") -> Figure:
    """Draw how many architectures lie where: a panel for each predictor, an accuracy upwards.

    Args:
        panels: The table that `analysis.whole_space.binned` returns, of several predictors below each other.
        words: What stands above the panel of each predictor.
        accuracy: The column of accuracies that is drawn.
    """
    chosen = panels[panels["accuracy"] == accuracy]
    predictors = list(dict.fromkeys(chosen["predictor"]))
    shape = (2, 2) if len(predictors) == 4 else (1, len(predictors))
    figure, grid = plt.subplots(*shape, figsize=(WIDTH, 2.75 * shape[0]), sharey=True, squeeze=False)
    norm = LogNorm(1, max(2, chosen["count"].max()))
    for axes, predictor in zip(grid.flat, predictors, strict=True):
        mesh = _density(axes, chosen[chosen["predictor"] == predictor], norm)
        if predictor in _LOGARITHMIC:
            axes.set_xscale("log")
        else:
            axes.xaxis.set_major_locator(MaxNLocator(3))
        accuracy_scale(axes)
        _thin_ticks(axes)
        axes.set_xlabel(SYMBOLS.get(predictor, name_of(predictor)))
        axes.set_title(words.get(predictor, ""), fontsize=10, loc="left")
    for axes in grid[:, 0]:
        axes.set_ylabel(name_of(accuracy) if "%" in name_of(accuracy) else "accuracy (%)")
    figure.colorbar(mesh, ax=grid, location="bottom", shrink=0.7, aspect=40, label="architectures in a bin")
    return figure


@styled
def indicator_plane(table: pd.DataFrame, accuracy: str = "test_accuracy", *, lowest: float = 80.0) -> Figure:
    """Draw the architectures by κ and R, each hexagon in the colour of the mean accuracy of those in it.

    Args:
        table: One row for each architecture, with κ, R and the accuracy in percent; where κ is infinite an
            architecture has no place.
        accuracy: The column of accuracies.
        lowest: The accuracy below which colours are not told apart.
    """
    kappa, regions = CONDITION_NUMBER.name, LINEAR_REGIONS.name
    rows = table[np.isfinite(table[kappa])].astype({kappa: float, regions: float, accuracy: float})
    figure, axes = plt.subplots(figsize=(WIDTH, 4.2))
    highest = max(lowest + 1, rows[accuracy].max())
    drawn = axes.hexbin(
        rows[kappa],
        rows[regions],
        C=rows[accuracy],
        xscale="log",
        gridsize=30,
        cmap="viridis",
        norm=FuncNorm(ACCURACY_SCALE, vmin=lowest, vmax=highest),
        linewidths=0.2,
    )
    axes.axvline(rows[kappa].median(), color=GREY, lw=1)
    axes.axhline(rows[regions].median(), color=GREY, lw=1)
    axes.set(xlabel=SYMBOLS[kappa], ylabel=SYMBOLS[regions])
    ticks = [tick for tick in ACCURACY_TICKS if lowest <= tick <= highest]
    options = {"location": "bottom", "shrink": 0.7, "aspect": 40, "extend": "min", "ticks": ticks}
    figure.colorbar(drawn, ax=axes, label=f"mean {name_of(accuracy)}", **options)
    return figure


def _thin_ticks(axes: Axes) -> None:
    """Leave out ticks of the accuracy that would be written over each other, from the top."""
    place = axes.yaxis.get_transform().transform
    low, high = (float(place(np.array([end]))[0]) for end in axes.get_ylim())
    kept: list[float] = []
    for tick in sorted((t for t in axes.get_yticks() if low <= place(np.array([t]))[0] <= high), reverse=True):
        if not kept or place(np.array([kept[-1]]))[0] - place(np.array([tick]))[0] > 0.1 * (high - low):
            kept.append(tick)
    axes.yaxis.set_major_locator(FixedLocator(kept))


def _density(axes: Axes, bins: pd.DataFrame, norm: LogNorm) -> object:
    """Fill one panel: a grid of all edges, empty where no architecture lies."""
    x = np.unique(np.concatenate([bins["x_low"], bins["x_high"]]))
    y = np.unique(np.concatenate([bins["y_low"], bins["y_high"]]))
    counts = np.full((len(y) - 1, len(x) - 1), np.nan)
    counts[np.searchsorted(y, bins["y_low"]), np.searchsorted(x, bins["x_low"])] = bins["count"]
    return axes.pcolormesh(x, y, np.ma.masked_invalid(counts), cmap=_DENSITY, norm=norm, linewidth=0)


@styled
def short_lists(table: pd.DataFrame, names: Mapping[str, str] = SYMBOLS) -> Figure:
    """Draw which share of a predictor's k first are among the k most accurate, over k.

    Args:
        table: The table that `analysis.whole_space.precision_table` returns.
        names: What predictors are called.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.4))
    for k, (predictor, rows) in enumerate(table.groupby("predictor", sort=False)):
        label = names.get(predictor, name_of(predictor))
        axes.plot(
            rows["k"], rows["precision"], "osD^vP"[k % 6] + "-", color=CYCLE[k % 6], ms=4, lw=1.5, label=label
        )
    chance = table.drop_duplicates("k").sort_values("k")
    axes.plot(chance["k"], chance["chance"], "--", color=GREY, lw=1.2, label="random choice")
    axes.set(xscale="log", xlabel="length k of the short list", ylabel="share that is truly among the k best")
    axes.set_ylim(-0.02, 1)
    axes.grid(color=PALE, lw=0.6)
    axes.set_axisbelow(True)
    axes.legend(loc="upper left", ncols=2, handletextpad=0.4, columnspacing=1)
    return figure


@styled
def parts_of_the_error(table: pd.DataFrame, *, trivial: float) -> Figure:
    """Draw the error over its two parts: mean ‖ŷ‖², which knows no held-out label, and mean ⟨ŷ, y⟩, which does.

    Args:
        table: One row for each architecture, with the columns control_norm, control_alignment and
            regression_error.
        trivial: Mean ‖y‖²; the line is the error that it and the norm alone would make.
    """
    rows = table[np.isfinite(table["regression_error"])]
    figure, (left, right) = plt.subplots(1, 2, figsize=(WIDTH, 2.9), sharey=True)
    options = {"s": 3, "alpha": 0.25, "linewidths": 0, "color": BLUE, "rasterized": True}
    left.scatter(rows["control_norm"], rows["regression_error"], **options)
    right.scatter(rows["control_alignment"], rows["regression_error"], **options)
    ends = np.array([0, rows["control_norm"].quantile(0.999)])
    left.plot(ends, ends + trivial, color=VERMILION, lw=1.2)
    left.set(xlabel="size of the predictions,\nmean ‖ŷ‖²", ylabel="regression error MSE", xlim=ends)
    left.set_ylim(rows["regression_error"].min() - 0.1, rows["regression_error"].quantile(0.999))
    right.set(xlabel="agreement with the labels,\nmean ⟨ŷ, y⟩")
    return figure
