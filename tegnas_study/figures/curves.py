"""Curves: searches over their evaluations, signal over samples, indicators over repeats."""

import itertools
from collections.abc import Mapping

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullLocator

from tegnas_study.figures.style import (
    BLUE,
    CYCLE,
    GREEN,
    GREY,
    INK,
    METHOD_NAMES,
    ORANGE,
    PALE,
    PURPLE,
    SYMBOLS,
    VERMILION,
    WIDTH,
    styled,
)

_LOOKS = {
    "reinforce": (BLUE, "-", "o"),
    "evolution": (VERMILION, "--", "s"),
    "fp-nas": (GREEN, "-.", "D"),
    "local": (ORANGE, ":", "^"),
    "random": (GREY, "-", "v"),
}
_OTHERS = ((PURPLE, (0, (5, 1)), "P"), (INK, (0, (3, 1, 1, 1, 1, 1)), "X"), (ORANGE, ":", "^"))


@styled
def search_curves(
    bands: pd.DataFrame,
    *,
    xlabel: str,
    ylabel: str,
    x: str = "evaluations",
    line: float | None = None,
    names: Mapping[str, str] = METHOD_NAMES,
    looks: Mapping[str, str] | None = None,
) -> Figure:
    """Draw the median of some searches as a line with a band, a colour and a dash a method.

    Args:
        bands: The table that `analysis.searches.trajectories.over_seeds` returns.
        xlabel: The label under the axis.
        ylabel: The label beside the axis.
        x: The column that runs along the axis.
        line: A value that the curves are compared with.
        names: What methods are called; methods that are not in it keep their names.
        looks: The method whose colour and dash a method borrows; others have their own.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.5))
    for (method, rows), (colour, dash, _) in _with_looks(bands, looks or {}):
        axes.fill_between(rows[x], rows["low"], rows["high"], color=colour, alpha=0.13, lw=0)
        axes.plot(rows[x], rows["median"], ls=dash, color=colour, label=names.get(str(method), method))
    if line is not None:
        axes.axhline(line, color=INK, lw=1)
    axes.set(xlabel=xlabel, ylabel=ylabel)
    axes.set_xlim(left=0)
    axes.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    _finish(axes)
    return figure


@styled
def signal_curves(
    table: pd.DataFrame, *, value: str = "signal_to_noise", ylabel: str = "signal to noise"
) -> Figure:
    """Draw how much signal is in one step over how many samples it takes, a curve for each method.

    Args:
        table: The table that `analysis.searches.exact_gradient.signal_to_noise` returns.
        value: The column that is drawn.
        ylabel: The label beside the axis.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.3))
    for (method, rows), (colour, dash, marker) in _with_looks(table, {}):
        label = METHOD_NAMES.get(str(method), method)
        axes.plot(rows["n_samples"], rows[value], color=colour, ls=dash, marker=marker, ms=5, label=label)
    axes.set_xscale("log", base=2)
    axes.set_xticks(sorted(set(table["n_samples"])), [str(k) for k in sorted(set(table["n_samples"]))])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.axhline(0, color=GREY, lw=1)
    axes.set(xlabel="samples in a step", ylabel=ylabel)
    _finish(axes)
    return figure


@styled
def over_repeats(
    table: pd.DataFrame,
    *,
    xlabel: str,
    ylabel: str,
    line: float | None = None,
    names: Mapping[str, str] = SYMBOLS,
) -> Figure:
    """Draw a number over how many repeats were averaged, each indicator a curve with a band.

    Args:
        table: The table that `analysis.reliability.split_halves` returns.
        xlabel: The label under the axis.
        ylabel: The label beside the axis.
        line: A value that the numbers are compared with.
        names: What indicators are called.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.4))
    for i, (predictor, rows) in enumerate(table.groupby("predictor", sort=False)):
        colour, marker = CYCLE[i % len(CYCLE)], "osD^vP"[i % 6]
        axes.fill_between(rows["k"], rows["low"], rows["high"], color=colour, alpha=0.15, lw=0)
        axes.plot(rows["k"], rows["tau"], f"{marker}-", color=colour, ms=5, label=names.get(predictor, predictor))
    if line is not None:
        axes.axhline(line, color=GREY, lw=1.2, ls="--")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set(xlabel=xlabel, ylabel=ylabel)
    axes.grid(color=PALE, lw=0.6)
    axes.set_axisbelow(True)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=4, handletextpad=0.4, columnspacing=1)
    return figure


def _with_looks(table: pd.DataFrame, borrowed: Mapping[str, str]) -> list[tuple[tuple[str, pd.DataFrame], tuple]]:
    """Return the rows of each method with its colour, dash and marker; no two of them are alike."""
    groups = list(table.groupby("method", sort=False))
    taken = [borrowed.get(str(method), str(method)) for method, _ in groups]
    others = itertools.cycle(_OTHERS)
    return [
        (group, _LOOKS[name] if name in _LOOKS else next(others))
        for group, name in zip(groups, taken, strict=True)
    ]


def _finish(axes: Axes) -> None:
    axes.grid(color=PALE, lw=0.6)
    axes.set_axisbelow(True)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, handlelength=2.6, columnspacing=1)
