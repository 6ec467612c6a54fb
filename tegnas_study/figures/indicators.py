"""What the indicators look at: eigenvalues of a kernel, how fast and how well it learns, and linear regions."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from tegnas_study.figures.style import CYCLE, GREY, INK, WIDTH, YELLOW, styled

_REGION_COLOURS = (*CYCLE, YELLOW)


@styled
def learning_curves(eigenvalues: Mapping[str, Sequence[float]], *, steps: float = 5.0) -> Figure:
    """Draw what is left of the error in each eigenmode while a wide network trains, e^(−λt / λ_max).

    Args:
        eigenvalues: The eigenvalues of each kernel by the words above its panel.
        steps: End of the time axis, in units of 1 / λ_max.
    """
    figure, panels = plt.subplots(
        1, len(eigenvalues), figsize=(WIDTH, 2.7), sharey=True, squeeze=False, gridspec_kw={"wspace": 0.08}
    )
    time = np.linspace(0, steps, 200)
    for axes, (words, values) in zip(panels[0], eigenvalues.items(), strict=True):
        for value, colour in zip(values, CYCLE, strict=False):
            axes.plot(time, np.exp(-value / max(values) * time), color=colour, label=f"λ = {value:g}")
        axes.set(xlabel=r"time · $\lambda_\mathrm{max}$", ylim=(0, 1.02), xlim=(0, steps))
        axes.set_title(words, fontsize=11)
        axes.legend()
    panels[0, 0].set_ylabel("error left")
    return figure


@styled
def spectrum(eigenvalues: Mapping[str, ArrayLike]) -> Figure:
    """Draw the eigenvalues of some kernels relative to the largest, from large to small, on a log axis.

    Args:
        eigenvalues: All eigenvalues of each kernel, in any order, by the words of its curve.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.2))
    for words, values in eigenvalues.items():
        ordered = np.sort(np.asarray(values, float))[::-1]
        axes.plot(np.arange(1, len(ordered) + 1), ordered / ordered[0], marker="o", ms=3, label=words)
    axes.set(xlabel="eigenvalue, from large to small", ylabel=r"$\lambda\,/\,\lambda_\mathrm{max}$", yscale="log")
    axes.legend()
    return figure


@styled
def errors_beside_trivial(errors: Mapping[str, float], *, trivial: float) -> Figure:
    """Draw regression errors as dots, with the error of predicting the class means as a line.

    Args:
        errors: The errors by the words of their rows.
        trivial: The error of predicting the mean.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 0.6 + 0.42 * len(errors)))
    axes.axvline(trivial, color=GREY, lw=1.5, ls="--", label="predicting the mean")
    axes.plot(list(errors.values()), list(errors), "o", ms=8, label="kernel regression")
    axes.invert_yaxis()
    axes.margins(y=0.2)
    axes.set(xlabel="mean squared error on held-out images", xlim=(0, None))
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    return figure


@styled
def plane_regions(patterns: ArrayLike, *, extent: tuple[float, float]) -> Figure:
    """Colour the plane by activation pattern and write the pattern into each region.

    Args:
        patterns: Booleans of shape (n, n, n_relus), the pattern at every point of a square grid, rows from below.
        extent: Smallest and largest coordinate, on both axes.
    """
    bits = np.asarray(patterns)
    side = bits.shape[0]
    found, which = np.unique(bits.reshape(side * side, -1), axis=0, return_inverse=True)
    which = which.reshape(side, side)
    figure, axes = plt.subplots(figsize=(WIDTH, 4.4))
    colours = ListedColormap([_REGION_COLOURS[i % len(_REGION_COLOURS)] for i in range(len(found))])
    axes.imshow(which, origin="lower", extent=2 * extent, cmap=colours, alpha=0.35, interpolation="nearest")
    coordinates = np.linspace(*extent, side)
    for number, pattern in enumerate(found):
        rows, columns = np.nonzero(which == number)
        middle = len(rows) // 2 if len(rows) < 3 else _innermost(rows, columns)
        place = coordinates[columns[middle]], coordinates[rows[middle]]
        axes.text(*place, "".join(str(int(bit)) for bit in pattern), ha="center", va="center", color=INK)
    axes.set(xlabel="first input", ylabel="second input")
    return figure


def _innermost(rows: np.ndarray, columns: np.ndarray) -> int:
    """Return which of some grid points is nearest to their middle."""
    return int(np.argmin((rows - rows.mean()) ** 2 + (columns - columns.mean()) ** 2))
