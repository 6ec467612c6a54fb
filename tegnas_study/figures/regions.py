"""What linear regions look like: the plane cut into pieces, and counts that saturate."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from tegnas_study.figures.style import CYCLE, GREY, INK, WIDTH, YELLOW, name_of, styled

_REGION_COLOURS = (*CYCLE, YELLOW)


@styled
def plane_regions(patterns: ArrayLike, *, extent: tuple[float, float]) -> Figure:
    """Colour the plane by activation pattern and write the pattern into each region.

    Args:
        patterns: Bool, shape (n, n, n_relus): the pattern at every point of a square grid, rows from below.
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


@styled
def regions_by_size(table: pd.DataFrame, *, n_inputs: int) -> Figure:
    """Draw the number of regions against the size of the input, one line an architecture, up to the ceiling.

    Args:
        table: Index the size in pixels, one column an architecture.
        n_inputs: Number of inputs, which no count can exceed.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.2))
    axes.axhline(n_inputs, color=GREY, lw=1.5, ls="--")
    axes.text(table.index[0], n_inputs, f"{n_inputs:,} inputs", va="bottom", color=GREY)
    for column in table:
        axes.plot(table.index, table[column], marker="o", label=column)
    axes.set(xlabel="height and width of a crop (pixels)", ylabel=name_of("linear_regions"))
    axes.set(ylim=(0, 1.15 * n_inputs), xticks=table.index)
    axes.legend(loc="lower right")
    return figure
