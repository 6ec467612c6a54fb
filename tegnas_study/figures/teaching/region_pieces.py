"""Functions of one number that a ReLU network computes, piece by piece."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from tegnas_study.figures.style import CYCLE, GREY, INK, PALE, WIDTH, styled


def _changes(patterns: np.ndarray) -> np.ndarray:
    """Return the positions at which the pattern is another than one place before."""
    return np.flatnonzero((patterns[1:] != patterns[:-1]).any(axis=1)) + 1


def _draw_pieces(axes: Axes, x: np.ndarray, y: np.ndarray, patterns: np.ndarray) -> list[np.ndarray]:
    """Draw each piece in the next colour and return the positions of each."""
    parts = np.split(np.arange(len(x)), _changes(patterns))
    for part, colour in zip(parts, [CYCLE[i % len(CYCLE)] for i in range(len(parts))], strict=True):
        reached = np.append(part, min(part[-1] + 1, len(x) - 1))
        axes.plot(x[reached], y[reached], color=colour, lw=2.5, solid_capstyle="butt")
    return parts


@styled
def pieces(x: ArrayLike, y: ArrayLike, patterns: ArrayLike) -> Figure:
    """Draw a function of one number, each linear piece in its own colour with its pattern above.

    Args:
        x: Inputs in ascending order, shape (n,).
        y: Outputs, shape (n,).
        patterns: The activation pattern at each input, bool (n, n_units).
    """
    x, y, patterns = np.asarray(x), np.asarray(y), np.asarray(patterns)
    figure, axes = plt.subplots(figsize=(WIDTH, 2.9))
    top = y.max() + 0.22 * np.ptp(y)
    parts = _draw_pieces(axes, x, y, patterns)
    for part in parts:
        digits = "".join(str(int(bit)) for bit in patterns[part[0]])
        axes.text(x[part].mean(), top, digits, ha="center", va="center", color=INK)
    for start in [part[0] for part in parts[1:]]:
        axes.axvline(x[start], color=PALE, lw=1.2, zorder=0)
    axes.set(xlabel="input x", ylabel="output f(x)", xlim=(x[0], x[-1]), ylim=(None, top + 0.1 * np.ptp(y)))
    return figure


@styled
def folded_curves(x: ArrayLike, curves: Mapping[str, tuple[ArrayLike, ArrayLike]]) -> Figure:
    """Draw functions of one number in panels below each other, each linear piece in the next colour.

    Args:
        x: Inputs in ascending order, shape (n,).
        curves: Outputs (n,) and activation patterns (n, n_units) by the words beside each panel.
    """
    x = np.asarray(x)
    figure, panels = plt.subplots(
        len(curves), 1, figsize=(WIDTH, 0.5 + 0.95 * len(curves)), sharex=True, squeeze=False
    )
    for axes, (words, (y, patterns)) in zip(panels[:, 0], curves.items(), strict=True):
        _draw_pieces(axes, x, np.asarray(y), np.asarray(patterns))
        axes.set_title(words, loc="left", fontsize=10, pad=3)
        axes.set(yticks=[0, 1], xlim=(x[0], x[-1]))
    panels[-1, 0].set_xlabel("input x")
    return figure


@styled
def same_pieces(x: ArrayLike, curves: Mapping[str, ArrayLike], folds: Sequence[float]) -> Figure:
    """Draw functions of one number that change their slope at the same places.

    Args:
        x: Inputs, shape (n,).
        curves: Outputs by the words of each curve, shape (n,).
        folds: Where the pieces meet.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 2.9))
    for place in folds:
        axes.axvline(place, color=PALE, lw=1.2, zorder=0)
    for (words, y), style in zip(curves.items(), ("-", "--", ":"), strict=False):
        axes.plot(x, y, style, label=words)
    axes.axhline(0, color=GREY, lw=0.8, zorder=0)
    axes.set(xlabel="input x", ylabel="output f(x)")
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    return figure
