"""Maps of the plane: the linear regions of a network as coloured pieces."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from tegnas_study.figures.style import CYCLE, GREY, INK, VERMILION, WIDTH, YELLOW, styled

_COLOURS = np.array([to_rgba(colour) for colour in (*CYCLE, YELLOW)])
_STRENGTH = 0.55  # how much of a region's colour shows on white


class Regions(Protocol):
    """What is drawn: polygons with corners (n_corners, 2), and their patterns, bool (n_regions, n_units)."""

    polygons: Sequence[np.ndarray]
    patterns: np.ndarray


def _colours_apart(patterns: np.ndarray) -> np.ndarray:
    """Return a colour for each pattern, RGBA; two that differ in one unit, as neighbours do, differ in colour."""
    bits = np.asarray(patterns, np.int32)
    n_on = bits.sum(axis=1)
    apart = n_on[:, None] + n_on[None] - 2 * bits @ bits.T
    chosen = np.full(len(bits), -1)
    used = np.zeros(len(_COLOURS))
    for index in range(len(bits)):
        taken = set(chosen[apart[index] == 1])
        free = [colour for colour in range(len(_COLOURS)) if colour not in taken] or [index % len(_COLOURS)]
        chosen[index] = min(free, key=lambda colour: used[colour])  # the palette is used evenly
        used[chosen[index]] += 1
    colours = _COLOURS[chosen]
    colours[:, :3] = 1 - _STRENGTH * (1 - colours[:, :3])
    return colours


def _square_axes(axes: Axes, regions: Regions) -> None:
    corners = np.concatenate(list(regions.polygons))
    (left, bottom), (right, top) = corners.min(axis=0), corners.max(axis=0)
    axes.set(xlim=(left, right), ylim=(bottom, top), aspect="equal", xticks=[], yticks=[])


@styled
def layer_maps(maps: Mapping[str, Regions], heights: tuple[str, ArrayLike]) -> Figure:
    """Draw the regions after each layer, and the network's output, in panels two by two.

    The folds of the newest layer are dark, those of the layers before it white.

    Args:
        maps: The regions after each layer by the words above their panels, the first layer first.
        heights: The words above the last panel, and the output on a grid of the same window, rows from below.
    """
    rows = (len(maps) + 2) // 2
    figure, panels = plt.subplots(rows, 2, figsize=(WIDTH, 0.2 + 2.65 * rows), squeeze=False)
    before: Regions | None = None
    for axes, (words, regions) in zip(panels.flat, maps.items(), strict=False):
        colours = _colours_apart(regions.patterns)
        axes.add_collection(PolyCollection(regions.polygons, facecolors=colours, edgecolors=INK, linewidths=1.1))
        if before is not None:
            axes.add_collection(
                PolyCollection(before.polygons, facecolors="none", edgecolors="white", linewidths=1.2)
            )
        _square_axes(axes, regions)
        axes.set_title(words, loc="left", fontsize=11)
        before = regions
    _draw_heights(panels.flat[len(maps)], before, *heights)
    for axes in panels.flat[len(maps) + 1 :]:
        axes.set_axis_off()
    return figure


def _draw_heights(axes: Axes, regions: Regions, words: str, heights: ArrayLike) -> None:
    """Draw an output as shades with contour lines, over which the regions' borders run faintly."""
    heights = np.asarray(heights)
    _square_axes(axes, regions)
    extent = (*axes.get_xlim(), *axes.get_ylim())
    axes.imshow(heights, origin="lower", extent=extent, cmap="cividis", alpha=0.75, interpolation="bilinear")
    axes.add_collection(PolyCollection(regions.polygons, facecolors="none", edgecolors="white", linewidths=0.3))
    axes.contour(heights, levels=16, extent=extent, colors=INK, linewidths=0.9, linestyles="solid")
    axes.set_title(words, loc="left", fontsize=11)


@styled
def sampled_maps(regions: Regions, panels: Mapping[str, tuple[ArrayLike, ArrayLike]]) -> Figure:
    """Draw one map under several samples: the regions that a sample hits are coloured, the others stay white.

    Args:
        regions: The map.
        panels: By the words above each panel, the points (n, 2) and which regions they hit, bool (n_regions,).
    """
    figure, axes_row = plt.subplots(1, len(panels), figsize=(WIDTH, 2.75), squeeze=False)
    colours = _colours_apart(regions.patterns)
    for axes, (words, (points, hit)) in zip(axes_row[0], panels.items(), strict=True):
        faces = np.where(np.asarray(hit)[:, None], colours, 1.0)
        axes.add_collection(PolyCollection(regions.polygons, facecolors=faces, edgecolors=GREY, linewidths=0.5))
        axes.plot(*np.asarray(points).T, ".", color=INK, ms=2.5)
        _square_axes(axes, regions)
        axes.set_title(words, loc="left", fontsize=11)
    return figure


@styled
def pattern_images(panels: Mapping[str, ArrayLike], marks: ArrayLike) -> Figure:
    """Colour the points of a grid by their patterns, one panel for each network.

    Args:
        panels: The pattern at each point of a grid over [0, 1]², bool (n, n, n_units), by the words
            above each panel; rows run from below.
        marks: Points of the unit square to mark, shape (n, 2).
    """
    figure, axes_row = plt.subplots(1, len(panels), figsize=(WIDTH, 2.2), squeeze=False)
    for axes, (words, patterns) in zip(axes_row[0], panels.items(), strict=True):
        bits = np.asarray(patterns)
        found, which = np.unique(bits.reshape(-1, bits.shape[-1]), axis=0, return_inverse=True)
        colours = _colours_apart(found)[which.reshape(bits.shape[:2])]
        axes.imshow(colours, origin="lower", extent=(0, 1, 0, 1), interpolation="nearest")
        axes.plot(*np.asarray(marks).T, "o", color=VERMILION, mec="white", ms=6, clip_on=False)
        axes.set(xticks=[], yticks=[], xlim=(0, 1), ylim=(0, 1))
        axes.set_title(words, fontsize=10)
    return figure
