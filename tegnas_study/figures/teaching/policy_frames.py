"""Policies over three options as dots in a triangle, frame by frame."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from tegnas_study.figures.style import BLUE, GREEN, GREY, INK, ORANGE, WIDTH, styled

_CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(3) / 2]])
_COLOURS, _MARKERS = (ORANGE, GREEN, BLUE), ("s", "^", "o")


@styled
def policy_frames(rows: Mapping[str, Mapping[int, ArrayLike]], *, options: Sequence[str]) -> Figure:
    """Draw one row of triangles for each kind of run, one triangle for each time; a dot is a policy.

    A corner is a policy that is sure of its option, the middle the uniform one. A dot has the colour and the shape
    of the corner it is nearest to.

    Args:
        rows: Policies, shape (runs, 3), by the number of steps, by the words above the row.
        options: The words of the three corners: left, right, top.
    """
    times = [*next(iter(rows.values()))]
    figure = plt.figure(figsize=(WIDTH, 0.2 + 1.55 * len(rows)))
    parts = figure.subfigures(len(rows), 1, squeeze=False)
    for number, (part, (words, frames)) in enumerate(zip(parts[:, 0], rows.items(), strict=True)):
        part.suptitle(words, fontsize=11, x=0.02, ha="left")
        panels = part.subplots(1, len(times), squeeze=False)
        for axes, (step, policies) in zip(panels[0], frames.items(), strict=True):
            _triangle(axes, np.asarray(policies, float))
            axes.set_title(f"{step:,} steps", fontsize=10, y=-0.24)
        if number == 0:
            _name_corners(panels[0, 0], options)
    return figure


def _triangle(axes: Axes, policies: np.ndarray) -> None:
    outline = _CORNERS[[0, 1, 2, 0]]
    axes.plot(*outline.T, color=GREY, lw=1)
    places, nearest = policies @ _CORNERS, policies.argmax(1)
    undecided = np.ptp(policies, axis=1) < 1e-9
    axes.plot(*places[undecided].T, "o", color=INK, ms=4)
    for option, (colour, marker) in enumerate(zip(_COLOURS, _MARKERS, strict=True)):
        shown = (nearest == option) & ~undecided
        axes.plot(*places[shown].T, marker, color=colour, ms=4, alpha=0.6, mew=0)
    axes.set(aspect="equal", xlim=(-0.12, 1.12), ylim=(-0.1, 1.0))
    axes.axis("off")


def _name_corners(axes: Axes, options: Sequence[str]) -> None:
    for words, (x, y), (place, above) in zip(
        options, _CORNERS, (("left", -0.03), ("right", -0.03), ("center", 0.03)), strict=True
    ):
        edge = {"left": x - 0.12, "right": x + 0.12, "center": x}[place]
        axes.text(edge, y + above, words, ha=place, va="top" if above < 0 else "bottom", fontsize=9, color=INK)
