"""Landscapes of architectures: what two children visit on a plane, and what lies between their ends."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from tegnas_study.figures.style import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    PALE,
    PURPLE,
    SYMBOLS,
    VERMILION,
    WIDTH,
    styled,
)
from tegnas_study.tables.printed import printed

CHILD_COLOURS = (VERMILION, BLUE)
PARENT = "#e11d48"
Surface = tuple[np.ndarray, np.ndarray, np.ndarray]


@styled
def landscapes(
    rows: Mapping[str, pd.DataFrame],
    surfaces: Mapping[str, Mapping[str, Surface]],
    explained: Mapping[str, tuple[float, float]],
    *,
    indicators: Sequence[str] = ("condition_number", "linear_regions", "regression_error"),
) -> Figure:
    """Draw pairs of children on their planes, a pair a row and an indicator a column (paper Fig. 4).

    Surface and dots have one colour scale; brighter is better. The star is the parent, the crosses are what the
    children derive, the lines the ways of their policies' means, and the dashed line leads from cross to cross.

    Args:
        rows: Name of a pair → as `analysis.landscapes.projection.projected` returns it.
        surfaces: Name of a pair → indicator → x, y, z of `surface`.
        explained: Name of a pair → shares of the variance along both axes.
        indicators: Columns of the figure.
    """
    shape = {"figsize": (WIDTH, 0.4 + 1.85 * len(rows)), "sharex": "row", "sharey": "row", "squeeze": False}
    figure, grid = plt.subplots(len(rows), len(indicators), **shape)
    for line, (name, table) in zip(grid, rows.items(), strict=True):
        for axes, indicator in zip(line, indicators, strict=True):
            _panel(axes, table, surfaces[name][indicator], indicator)
        line[0].set_ylabel(f"{name}\n2nd: {printed(explained[name][1], '.1%')}")
        line[1].set_xlabel(f"1st component: {printed(explained[name][0], '.1%')} of the variance")
    for axes, indicator in zip(grid[0], indicators, strict=True):
        axes.set_title(SYMBOLS[indicator], fontsize=11)
    return figure


def _panel(axes: Axes, table: pd.DataFrame, surface: Surface, indicator: str) -> None:
    visits = table[table["part"] == "child"]
    values = shown(visits[indicator], indicator)
    known = np.isfinite(values)
    low, high = np.quantile(values[known], [0.05, 0.95])
    look = {"cmap": "cividis" if indicator == "linear_regions" else "cividis_r", "vmin": low, "vmax": high}
    x, y, z = surface
    axes.pcolormesh(x, y, z, shading="nearest", rasterized=True, alpha=0.75, **look)
    axes.scatter(visits["x"][known], visits["y"][known], c=values[known], s=4, lw=0, rasterized=True, **look)
    parent, ends = table[table["part"] == "parent"], table[table["part"] == "end"].sort_values("number")
    axes.plot(ends["x"], ends["y"], color=ORANGE, ls="--", lw=1.5)
    for colour, (number, child) in zip(CHILD_COLOURS, visits.groupby("number"), strict=True):
        way = pd.concat([parent, child[child["mean_x"].notna()], ends[ends["number"] == number]])
        axes.plot(way["mean_x"], way["mean_y"], color="white", lw=2.6)
        axes.plot(way["mean_x"], way["mean_y"], color=colour, lw=1.2)
    axes.scatter(ends["x"], ends["y"], marker="X", s=45, c=CHILD_COLOURS, edgecolor="white", lw=0.8, zorder=6)
    axes.scatter(parent["x"], parent["y"], marker="*", s=290, color=PARENT, edgecolor="white", lw=0.8, zorder=5)
    axes.set(xticks=[], yticks=[])


def shown(values: pd.Series, indicator: str) -> np.ndarray:
    """Return values as they are coloured: κ and MSE by their logarithms."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return values.to_numpy(float) if indicator == "linear_regions" else np.log10(values.to_numpy(float))


@styled
def distances(tables: Mapping[str, pd.DataFrame], references: Mapping[str, float]) -> Figure:
    """Draw how far the ends of each pair are apart, a column of dots a kind of pair, a panel a space.

    Args:
        tables: Name of a space → columns kind and apart (a share of the edges), in the order to draw.
        references: Name of a space → the mean of two random architectures.
    """
    figure, grid = plt.subplots(1, len(tables), figsize=(WIDTH, 3.4), sharey=True, squeeze=False)
    rng = np.random.default_rng(0)  # only spreads the dots
    for axes, (name, table) in zip(grid[0], tables.items(), strict=True):
        kinds = list(dict.fromkeys(table["kind"]))
        for place, kind in enumerate(kinds):
            apart = table.loc[table["kind"] == kind, "apart"].to_numpy()
            across = place + rng.uniform(-0.25, 0.25, len(apart))
            axes.scatter(across, apart, s=12, alpha=0.35, lw=0, color=BLUE)
            axes.plot([place - 0.33, place + 0.33], [apart.mean()] * 2, color=INK, lw=2)
        axes.axhline(references[name], color=GREY, lw=1, ls=":")
        where = {"transform": axes.get_yaxis_transform(), "fontsize": 9}
        axes.text(0.02, references[name] + 0.01, "two random ones", **where)
        axes.set_xticks(range(len(kinds)), kinds, fontsize=9, rotation=30, ha="right")
        axes.set_title(name, fontsize=11)
        axes.set_xlim(-0.6, len(kinds) - 0.4)
        axes.set_ylim(-0.04, 1.04)
    grid[0][0].set_ylabel("edges that differ (share)")
    return figure


@styled
def profiles(curves: Mapping[str, pd.DataFrame], names: Mapping[int, str]) -> Figure:
    """Draw how good the ways between two ends are against the straight line, a panel a space.

    Args:
        curves: Name of a space → as `analysis.landscapes.barriers.profile` returns it.
        names: Spawn step → what its pairs are called.
    """
    figure, grid = plt.subplots(1, len(curves), figsize=(WIDTH, 3.2), sharey=True, squeeze=False)
    looks = ((VERMILION, "-"), (BLUE, "--"), (PURPLE, ":"))
    for axes, (space, table) in zip(grid[0], curves.items(), strict=True):
        for (colour, dash), (at, rows) in zip(looks, table.groupby("at"), strict=False):
            band = rows["mean"] - rows["spread"], rows["mean"] + rows["spread"]
            axes.fill_between(rows["fraction"], *band, color=colour, alpha=0.13, lw=0)
            axes.plot(rows["fraction"], rows["mean"], color=colour, ls=dash, label=names[at])
        axes.axhline(0, color=INK, lw=1)
        axes.set_title(space, fontsize=11)
        axes.set_xlabel("edges changed (share)")
        axes.xaxis.set_major_locator(MaxNLocator(3))
        axes.grid(color=PALE, lw=0.6)
    grid[0][0].set_ylabel("above the straight line (sd)")
    grid[0][0].legend(loc="lower left", bbox_to_anchor=(0, 1.08), ncols=3, handlelength=2.4, columnspacing=1)
    return figure


@styled
def ruggedness(counts: pd.DataFrame, *, accuracy: int, names: Mapping[str, str]) -> Figure:
    """Draw how many local optima a landscape has against how many draws of the weights are averaged.

    Args:
        counts: Columns fitness, draws and optima, several rows for each.
        accuracy: How many the accuracy has.
        names: Fitness → what it is called.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.3))
    for marker, (fitness, rows) in zip("osD^", counts.groupby("fitness", sort=False), strict=False):
        means = rows.groupby("draws")["optima"].mean()
        axes.plot(means.index, means, marker=marker, ms=5, label=names[str(fitness)])
    axes.axhline(accuracy, color=INK, lw=1)
    axes.text(1, accuracy * 0.93, "accuracy", va="top", fontsize=9)
    axes.set_yscale("log")
    axes.set_yticks([10, 20, 50, 100, 200], ["10", "20", "50", "100", "200"])
    axes.minorticks_off()
    axes.set(xlabel="draws of the weights averaged", ylabel="local optima")
    axes.grid(color=PALE, lw=0.6)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    return figure
