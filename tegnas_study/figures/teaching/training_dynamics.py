"""How a wide network learns: training points, kernels and their eigenmodes, and training beside the theory."""

from collections.abc import Mapping, Sequence

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike

from tegnas_study.figures.style import BLUE, CYCLE, GREY, INK, ORANGE, PALE, VERMILION, WIDTH, styled

_TIME_COLOURS = mpl.colormaps["viridis"]
_DASHES = ("-", "--", "-.", ":")


@styled
def points_on_a_circle(degrees: Sequence[float], labels: Sequence[float], names: Sequence[str]) -> Figure:
    """Draw points on the unit circle, filled where the label is positive and open where it is negative.

    Args:
        degrees: The angle of each point.
        labels: The label of each point.
        names: What is written beside each point.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.4))
    axes.add_patch(plt.Circle((0, 0), 1, fill=False, color=PALE, lw=1.5))
    for angle, label, name in zip(np.deg2rad(degrees), labels, names, strict=True):
        x, y = np.cos(angle), np.sin(angle)
        axes.plot(x, y, "o" if label > 0 else "s", ms=10, mec=BLUE, mew=2, mfc=BLUE if label > 0 else "white")
        axes.text(1.3 * x, 1.3 * y, name, ha="center", va="center")
    looks = (("o", BLUE, "label +1"), ("s", "white", "label −1"))
    handles = [Line2D([], [], ls="", marker=m, ms=9, mec=BLUE, mew=2, mfc=c, label=words) for m, c, words in looks]
    axes.legend(handles=handles, loc="center left", bbox_to_anchor=(1.02, 0.5))
    axes.set(aspect="equal", xlim=(-1.6, 1.6), ylim=(-1.6, 1.6), xlabel="first input", ylabel="second input")
    axes.set(xticks=(-1, 0, 1), yticks=(-1, 0, 1))
    return figure


@styled
def kernel_map(kernel: ArrayLike, names: Sequence[str], *, words: str = "Θ / mean of the diagonal") -> Figure:
    """Draw a kernel as a heat map with its values written into the fields.

    Args:
        kernel: Shape (n, n).
        names: What rows and columns are called.
        words: What the colours mean.
    """
    values = np.asarray(kernel, float)
    figure, axes = plt.subplots(figsize=(WIDTH, 4.2))
    image = axes.imshow(values, cmap="cividis")
    middle = (values.min() + values.max()) / 2
    for (row, column), value in np.ndenumerate(values):
        colour = "white" if value < middle else INK
        axes.text(column, row, f"{value:.2f}", ha="center", va="center", color=colour, fontsize=9)
    axes.set_xticks(range(len(names)), names)
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    figure.colorbar(image, ax=axes, label=words, shrink=0.9)
    return figure


@styled
def kernel_maps(panels: Mapping[str, ArrayLike], *, extent: tuple[float, float], label: str) -> Figure:
    """Draw kernels as heat maps without numbers, two side by side, all with one scale of colours from 0 to 1.

    Args:
        panels: Kernels, each divided by what makes its diagonal 1, by the words above the panel.
        extent: First and last value along both axes.
        label: What the axes hold.
    """
    rows = -(-len(panels) // 2)
    figure, axes = plt.subplots(
        rows, 2, figsize=(WIDTH, 0.6 + 1.75 * rows), sharex=True, sharey=True, squeeze=False
    )
    for panel, (words, kernel) in zip(axes.flat, panels.items(), strict=False):
        image = panel.imshow(
            np.asarray(kernel, float), cmap="cividis", vmin=0, vmax=1, extent=(*extent, *extent[::-1])
        )
        panel.set_title(words, fontsize=11)
        panel.set(xticks=(0, 180, 360), yticks=(0, 180, 360))
    for panel in axes.flat[len(panels) :]:
        panel.set_visible(False)
    figure.colorbar(image, ax=axes, label="Θ / diagonal", shrink=0.8)
    figure.supxlabel(label, fontsize=11)
    figure.supylabel(label, fontsize=11)
    return figure


@styled
def eigenmodes(panels: Mapping[str, ArrayLike], names: Sequence[str]) -> Figure:
    """Draw eigenvectors as stems over the training points, two panels side by side.

    Args:
        panels: The entries of each eigenvector by the words above its panel.
        names: What the training points are called.
    """
    rows = -(-len(panels) // 2)
    figure, axes = plt.subplots(
        rows, 2, figsize=(WIDTH, 0.4 + 1.7 * rows), sharex=True, sharey=True, squeeze=False
    )
    for panel, (words, entries) in zip(axes.flat, panels.items(), strict=False):
        panel.axhline(0, color=GREY, lw=1)
        panel.vlines(range(len(names)), 0, entries, color=BLUE, lw=2.5)
        panel.plot(range(len(names)), entries, "o", color=BLUE, ms=6)
        panel.set_title(words, fontsize=11)
        panel.set_xticks(range(len(names)), names, fontsize=9, rotation=60)
    for panel in axes.flat[len(panels) :]:
        panel.set_visible(False)
    largest = max(float(np.abs(entries).max()) for entries in panels.values())
    axes[0, 0].set(ylim=(-1.1 * largest, 1.1 * largest))
    figure.supylabel("entry of the mode", fontsize=11)
    figure.supxlabel("training point", fontsize=11)
    return figure


@styled
def mode_curves(
    steps: ArrayLike,
    measured: ArrayLike,
    curve_steps: ArrayLike,
    curves: ArrayLike,
    *,
    words: Sequence[str],
    words_of_all: str = r"$\lambda\,/\,\lambda_{\max}$",
) -> Figure:
    """Draw the share of the error that is left in each eigenmode: dots as measured, lines as predicted.

    Args:
        steps: Where the dots lie, from 1 up, shape (n_records,).
        measured: Shape (n_records, n_modes), the fastest mode first.
        curve_steps: Where the lines are known, shape (n_times,).
        curves: Shape (n_times, n_modes).
        words: What each mode is called in the legend.
        words_of_all: The title of the legend.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.9))
    axes.axhline(0, color=GREY, lw=1)
    places = np.linspace(0, 0.9, len(words))
    for dots, line, name, place in zip(np.transpose(measured), np.transpose(curves), words, places, strict=True):
        colour = _TIME_COLOURS(place)
        axes.plot(curve_steps, line, color=colour, lw=1.8, label=name)
        axes.plot(steps, dots, "o", color=colour, ms=4.5, mec="white", mew=0.4, zorder=3)
    axes.set(
        xscale="log", xlabel="steps of gradient descent", ylabel="share of the error left", ylim=(-0.25, 1.25)
    )
    figure.legend(title=words_of_all, loc="outside upper center", ncols=4, handlelength=1.2, columnspacing=1.5)
    return figure


@styled
def kappa_bands(
    panels: Mapping[str, Mapping[str, Mapping]], *, x: str, xlabel: str, log_x: bool = False
) -> Figure:
    """Draw κ on a log axis: medians as lines, four fifths of the draws as bands, singular medians as crosses.

    Args:
        panels: Tables as `teaching.chains.over_seeds` returns them, by the words of the line, by the words above
            the panel.
        x: The column along the axis.
        xlabel: The label under the axis.
        log_x: Whether that axis is logarithmic, to base 2.
    """
    figure, axes = plt.subplots(1, len(panels), figsize=(WIDTH, 3.3), sharey=True, squeeze=False)
    tables = [table for lines in panels.values() for table in lines.values()]
    finite = np.concatenate([np.asarray(table[c], float) for table in tables for c in ("low", "median", "high")])
    top = 3 * finite[np.isfinite(finite)].max()
    for panel, (words, lines) in zip(axes[0], panels.items(), strict=True):
        for (name, table), colour, dash in zip(lines.items(), CYCLE, _DASHES, strict=False):
            _band(
                panel,
                {c: np.asarray(table[c], float) for c in (x, "median", "low", "high")},
                x,
                top,
                name,
                colour,
                dash,
            )
        panel.set_title(words, fontsize=11)
        panel.set(yscale="log", xlabel=xlabel)
        panel.grid(color=PALE, lw=0.6)
        panel.set_axisbelow(True)
        ticks = sorted({value for table in lines.values() for value in table[x]})
        if log_x:
            panel.set_xscale("log", base=2)
        panel.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes[0, 0].set(ylabel="condition number κ")
    axes[0, 0].set_ylim(top=1.5 * top)
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=4)
    return figure


def _band(
    axes: Axes, table: Mapping[str, np.ndarray], x: str, top: float, name: str, colour: str, dash: str
) -> None:
    """Draw one line with its band; what is infinite ends at the top, with a cross."""
    low, median, high = (np.minimum(table[column], top) for column in ("low", "median", "high"))
    axes.fill_between(table[x], low, high, color=colour, alpha=0.16, lw=0)
    axes.plot(table[x], median, dash, marker="o", ms=5, color=colour, label=name)
    singular = ~np.isfinite(table["median"])
    axes.plot(table[x][singular], median[singular], "x", ms=9, mew=2.5, color=INK)


@styled
def change_over_width(
    widths: ArrayLike, changes: ArrayLike, *, exponents: Sequence[float] = (-0.5, -1.0)
) -> Figure:
    """Draw by how much kernels moved during training over the width of the network, with guides of known slope.

    Args:
        widths: Shape (n,).
        changes: Relative changes, shape (n, n_seeds).
        exponents: Slopes of the guides, which start at the median of the first width.
    """
    widths, changes = np.asarray(widths, float), np.asarray(changes, float)
    figure, axes = plt.subplots(figsize=(WIDTH, 3.2))
    medians = np.median(changes, axis=1)
    for exponent, dash in zip(exponents, ("--", ":"), strict=False):
        guide = medians[0] * (widths / widths[0]) ** exponent
        axes.plot(
            widths,
            guide,
            dash,
            color=GREY,
            lw=1.5,
            label=f"slope {exponent:g}".replace("-0.5", "−½").replace("-", "−"),
        )
    for width, some in zip(widths, changes, strict=True):
        axes.plot(np.full(len(some), width), some, "o", color=BLUE, ms=5, alpha=0.55, mew=0)
    axes.plot(widths, medians, color=BLUE, label="median")
    axes.set_xscale("log", base=2)
    axes.set(yscale="log", xlabel="width of the hidden layers", ylabel="change of the kernel")
    axes.set_xticks(widths, [f"{width:g}" for width in widths])
    axes.legend(loc="lower left")
    return figure


@styled
def loss_curves(
    curves: Mapping[str, tuple[ArrayLike, ArrayLike, ArrayLike]],
    *,
    limits: tuple[float, float],
    xlabel: str = "steps",
) -> Figure:
    """Draw losses on a log axis, a panel for each run: trained as a line with dots, predicted as a dashed line.

    Args:
        curves: Steps, losses as trained and losses as predicted, by the words above the panel.
        limits: Smallest and largest loss shown.
        xlabel: The label under the axes.
    """
    figure, axes = plt.subplots(1, len(curves), figsize=(WIDTH, 3.0), sharex=True, sharey=True, squeeze=False)
    for panel, (words, (steps, trained, predicted)) in zip(axes[0], curves.items(), strict=True):
        panel.plot(steps, predicted, "--", color=ORANGE, label="constant kernel", zorder=3)
        panel.plot(steps, trained, color=BLUE, marker="o", ms=2.5, lw=1.2, label="trained network")
        panel.set(yscale="log", ylim=limits)
        panel.set_title(words, fontsize=11)
        panel.grid(color=PALE, lw=0.6)
    axes[0, 0].set_ylabel("loss")
    figure.supxlabel(xlabel, fontsize=11)
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=2)
    return figure


@styled
def two_label_sets(steps: ArrayLike, curves: Mapping[str, tuple[ArrayLike, ArrayLike]]) -> Figure:
    """Draw the share of the loss left over steps on two log axes, trained as dots and predicted as lines.

    Args:
        steps: Numbers of steps from 1 up, shape (n,).
        curves: Shares as trained and as predicted, by the words of the labels.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.3))
    for (words, (trained, predicted)), colour, dash in zip(
        curves.items(), (BLUE, VERMILION), _DASHES, strict=False
    ):
        axes.plot(steps, predicted, dash, color=colour, label=words)
        axes.plot(steps, trained, "o", color=colour, ms=4.5, mec="white", mew=0.4)
    axes.set(xscale="log", yscale="log", ylim=(1e-5, 2), xlabel="steps of gradient descent")
    axes.set_ylabel("share of the loss left")
    axes.grid(color=PALE, lw=0.6)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    return figure
