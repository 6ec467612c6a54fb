"""Fits through points on a line, the kernels behind them, and what their errors depend on."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator
from numpy.typing import ArrayLike

from tegnas_study.figures.style import BLUE, CYCLE, GREY, INK, ORANGE, PALE, VERMILION, WIDTH, styled

Panels = Mapping[str, Mapping[str, ArrayLike]]


@styled
def fits(
    panels: Panels,
    *,
    grid: ArrayLike,
    points: tuple[ArrayLike, ArrayLike],
    truth: ArrayLike,
    columns: int = 2,
    limits: tuple[float, float] = (-2.0, 2.0),
) -> Figure:
    """Draw curves through points, one panel for each way to make them.

    Args:
        panels: Curves by their words in the legend, by the words above the panel. A curve has shape (m,), or
            (draws, m) for several thin ones. The first word of a panel is blue, the second orange and dashed.
        grid: Where the curves are known, shape (m,).
        points: Inputs and targets of the training points.
        truth: What the points come from, on the grid.
        columns: Panels side by side.
        limits: Smallest and largest output shown; what leaves them is cut off.
    """
    rows = -(-len(panels) // columns)
    figure, axes = plt.subplots(
        rows, columns, figsize=(WIDTH, 0.5 + 1.75 * rows), sharex=True, sharey=True, squeeze=False
    )
    for panel, (words, curves) in zip(axes.flat, panels.items(), strict=False):
        panel.plot(grid, truth, color=GREY, lw=1.2, ls=":", label="truth")
        for (name, curve), look in zip(
            curves.items(), ({"color": BLUE}, {"color": ORANGE, "ls": "--"}), strict=False
        ):
            _curves(panel, grid, np.asarray(curve), name, look)
        panel.plot(*points, "o", color=INK, ms=4, label="data", zorder=3)
        panel.set_title(words, fontsize=11)
    for panel in axes.flat[len(panels) :]:
        panel.set_visible(False)
    axes[0, 0].set(ylim=limits, xticks=(-1, 0, 1))
    figure.supxlabel("input x", fontsize=11)
    named = {}
    for panel in axes.flat:
        named |= {line.get_label(): line for line in panel.lines if not line.get_label().startswith("_")}
    figure.legend(named.values(), named.keys(), loc="outside upper center", ncols=min(len(named), 4))
    return figure


def _curves(axes: Axes, grid: ArrayLike, curve: np.ndarray, name: str, look: dict) -> None:
    """Draw one curve, or some thin ones under one name."""
    if curve.ndim == 1:
        axes.plot(grid, curve, label=name, **look)
        return
    for k, one in enumerate(curve):
        axes.plot(grid, one, lw=0.8, alpha=0.7, label=name if k == 0 else None, **look)


@styled
def kernel_maps(kernels: Mapping[str, ArrayLike], *, extent: tuple[float, float], columns: int = 2) -> Figure:
    """Draw kernels as maps on one scale of colours, that of the last kernel, with the inputs on both axes.

    Args:
        kernels: Square matrices over a regular grid, by the words above them. Values beyond the largest one of the
            last kernel have its colour.
        extent: Smallest and largest input.
        columns: Maps side by side.
    """
    rows = -(-len(kernels) // columns)
    figure, axes = plt.subplots(
        rows, columns, figsize=(WIDTH, 0.4 + 2.0 * rows), sharex=True, sharey=True, squeeze=False
    )
    top = float(np.max([*kernels.values()][-1]))
    for panel, (words, kernel) in zip(axes.flat, kernels.items(), strict=False):
        image = panel.imshow(kernel, origin="lower", extent=2 * extent, cmap="cividis", vmin=0, vmax=top)
        panel.contour(
            np.asarray(kernel),
            levels=np.linspace(0, top, 9)[1:],
            extent=2 * extent,
            colors="white",
            linewidths=0.5,
        )
        panel.set_title(words, fontsize=11)
        panel.set_xticks([extent[0], sum(extent) / 2, extent[1]])
        for tick, side in zip(panel.xaxis.get_major_ticks(3), ("left", "center", "right"), strict=True):
            tick.label1.set_horizontalalignment(side)  # the numbers of two panels keep apart
    figure.colorbar(image, ax=axes, label="kernel Θ(x, x′)", shrink=0.8, extend="max")
    figure.supxlabel("input x′", fontsize=11)
    figure.supylabel("input x", fontsize=11)
    return figure


@styled
def errors_by_group(groups: Mapping[str, ArrayLike], *, trivial: float, xlabel: str) -> Figure:
    """Draw each error as a dot in the row of its group, and medians as bars, beside the trivial error.

    Args:
        groups: Positive errors by the words of their row; those that are not finite are counted at the side.
        trivial: The error of predicting the mean.
        xlabel: The words of the axis.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 0.9 + 0.42 * len(groups)))
    axes.axvline(trivial, color=VERMILION, lw=1.5, ls="--", label="predicting the mean")
    for row, values in enumerate(groups.values()):
        found = np.asarray(values, float)
        finite = found[np.isfinite(found)]
        axes.plot(finite, np.full(len(finite), row), "o", color=BLUE, ms=5, alpha=0.5, mew=0)
        if failed := len(found) - len(finite):
            axes.text(
                1.01, row, f"+ {failed} singular", transform=axes.get_yaxis_transform(), va="center", fontsize=9
            )
        axes.plot(np.median(finite) if len(finite) else np.nan, row, "|", color=INK, ms=16, mew=2)
    axes.set_yticks(range(len(groups)), [*groups])
    axes.set_ylim(len(groups) - 0.5, -0.5)
    axes.set(xscale="log", xlabel=xlabel)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1))
    return figure


@styled
def error_over_ridge(
    ridges: ArrayLike, curves: Mapping[str, ArrayLike], *, trivial: float, smallest: float
) -> Figure:
    """Draw errors over the ridge on log axes, with the trivial error as a line.

    Args:
        ridges: Positive ridges, ascending.
        curves: Errors at these ridges, by the words of their curve.
        trivial: The error of predicting the mean.
        smallest: Where the axis of errors begins.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.2))
    axes.axhline(trivial, color=GREY, lw=1.5, ls="--", label="predicting the mean")
    for (words, errors), dashes in zip(curves.items(), ("-", "--", "-.", ":"), strict=False):
        axes.plot(ridges, errors, ls=dashes, label=words)
    axes.set(xscale="log", yscale="log", xlabel="ridge, in units of the kernel's mean diagonal")
    axes.set(ylabel="mean squared error", ylim=(smallest, None))
    figure.legend(loc="outside upper center", ncols=2)
    return figure


@styled
def filters(eigenvalues: ArrayLike, kept: Mapping[str, ArrayLike]) -> Figure:
    """Draw which share of each eigenmode a fit keeps.

    Args:
        eigenvalues: All eigenvalues, relative to the largest, ascending.
        kept: Shares between 0 and 1, by the words of their curve; every second curve is dashed, in the colour of
            the curve before it.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.2))
    for k, (words, shares) in enumerate(kept.items()):
        look = {"color": CYCLE[k // 2], "ls": "--" if k % 2 else "-", "marker": "s" if k % 2 else "o"}
        axes.plot(eigenvalues, shares, ms=4, label=words, **look)
    axes.set(
        xscale="log",
        ylim=(-0.03, 1.03),
        xlabel=r"eigenvalue $\lambda\,/\,\lambda_{\max}$",
        ylabel="share that is fitted",
    )
    figure.legend(loc="outside upper center", ncols=2)
    return figure


@styled
def among_permutations(errors: ArrayLike, *, true: float, trivial: float) -> Figure:
    """Draw how errors with permuted labels are spread, with the error of the true ones marked.

    Args:
        errors: One positive error for each permutation.
        true: The error with the labels as they are.
        trivial: The error of predicting the mean.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 2.8))
    found = np.asarray(errors, float)
    bins = np.geomspace(min(found.min(), true) * 0.9, found.max() * 1.1, 40)
    axes.hist(found, bins=bins, color=PALE, edgecolor=GREY, lw=0.5, label="permuted labels")
    axes.axvline(trivial, color=VERMILION, lw=1.5, ls="--", label="predicting the mean")
    axes.axvline(true, color=BLUE, lw=2.5, label="true labels")
    axes.set(xscale="log", xlabel="mean squared error on held-out points", ylabel="permutations")
    figure.legend(loc="outside upper center", ncols=3, columnspacing=1.0, handlelength=1.4)
    return figure


@styled
def true_and_permuted(groups: Mapping[str, tuple[ArrayLike, ArrayLike]], *, trivial: float) -> Figure:
    """Draw a dot for each network: its error with the true labels over its error with permuted ones.

    Args:
        groups: Errors with permuted and with true labels of some networks, by the words of their colour.
        trivial: The error of predicting the mean, a line on both axes.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.4))
    axes.axhline(trivial, color=GREY, lw=1.2, ls="--")
    axes.axvline(trivial, color=GREY, lw=1.2, ls="--")
    for (words, (permuted, true)), marker in zip(groups.items(), "osD^vPX", strict=False):
        axes.plot(permuted, true, marker, ms=5, alpha=0.7, mew=0, label=words)
    axes.set(xscale="log", yscale="log", xlabel="error, permuted labels", ylabel="error, true labels")
    axes.legend(loc="lower right")
    return figure


@styled
def distance_over_width(widths: ArrayLike, distances: Mapping[str, ArrayLike]) -> Figure:
    """Draw distances of single draws over the width, on log axes, with the law 1/√width through their medians.

    Args:
        widths: Positive widths, ascending.
        distances: Shape (widths, draws), by the words of what is far from what.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.2))
    x = np.asarray(widths, float)
    for (words, found), colour, marker in zip(distances.items(), CYCLE, "osD", strict=False):
        values = np.asarray(found, float)
        axes.plot(np.repeat(x, values.shape[1]), values.ravel(), marker, color=colour, ms=4, alpha=0.35, mew=0)
        middle = np.median(values, axis=1)
        axes.plot(x, middle, marker=marker, color=colour, label=words)
        axes.plot(x, middle[-1] * np.sqrt(x[-1] / x), color=colour, lw=1, ls=":")
    axes.set(xscale="log", yscale="log", xlabel="width (hidden units)", ylabel="relative distance")
    axes.set_xticks(x, [f"{value:g}" for value in x])
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter("{x:g}")
    axes.minorticks_off()
    axes.legend(loc="lower left")
    return figure
