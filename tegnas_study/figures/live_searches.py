"""Live searches of the DARTS space: the way of each, what it leaves open, and what it finds."""

from types import MappingProxyType

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tegnas_study.figures.style import CYCLE, GREY, INK, PALE, SYMBOLS, WIDTH, styled
from tegnas_study.tables.ranking import TEG
from tegnas_study.tables.study_rows import PAPER_NAMES

BETTER = "share_better"  # column: which share of random genotypes is better, the mean over the three indicators

_COLOURS = dict(zip(PAPER_NAMES, CYCLE, strict=False))
_LINES = ("-", "--", ":", "-.")
_MARKERS = dict(zip(PAPER_NAMES, "osD^", strict=False))
_LEGEND = MappingProxyType({"handlelength": 1.4, "columnspacing": 0.8, "handletextpad": 0.4, "borderpad": 0})


@styled
def search_ways(table: pd.DataFrame) -> Figure:
    """Draw how visited genotypes compare with random ones over the evaluations of each search.

    Args:
        table: The table that `analysis.searches.live.trajectories` returns.
    """
    words = {name: f"{SYMBOLS[name]}, random = 1" for name in TEG} | {BETTER: "share of random\nones better"}
    figure, panels = plt.subplots(len(words), figsize=(WIDTH, 8.8), sharex=True)
    for axes, (column, label) in zip(panels, words.items(), strict=True):
        _curves(axes, table, column)
        axes.axhline(0.5 if column == BETTER else 1, color=INK, lw=1)
        axes.set_ylabel(label)
    panels[0].set_yscale("log")
    panels[-1].set_ylim(bottom=0)
    panels[-1].set_xlabel("evaluations")
    _legend(panels[0])
    handles, labels = panels[0].get_legend_handles_labels()  # once more below: the figure is taller than a screen
    figure.legend(handles, labels, loc="outside lower center", ncols=_columns(len(labels)), **_LEGEND)
    return figure


@styled
def what_is_left(table: pd.DataFrame) -> Figure:
    """Draw what is left of the openness of each search over its evaluations.

    Args:
        table: The table that `analysis.searches.live.narrowing` returns.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.4))
    _curves(axes, table, "left")
    axes.set(xlabel="evaluations", ylabel="left of what was open", ylim=(0, 1.03))
    _legend(axes)
    return figure


@styled
def distances(random: np.ndarray, pairs: pd.DataFrame) -> Figure:
    """Draw how far results lie apart, below how far random genotypes do.

    Args:
        random: The distances of random pairs.
        pairs: The table that `analysis.searches.live.seed_distances` returns.
    """
    groups = [(pair, method) for pair in dict.fromkeys(pairs["pair"]) for method in dict.fromkeys(pairs["method"])]
    kept = [g for g in groups if ((pairs["pair"] == g[0]) & (pairs["method"] == g[1])).any()]
    figure, (top, below) = plt.subplots(
        2, figsize=(WIDTH, 1.8 + 0.34 * len(kept)), sharex=True, height_ratios=(1.5, max(0.34 * len(kept), 0.4))
    )
    top.hist(random, bins=np.arange(-0.5, 27.5), color=PALE, edgecolor=GREY, density=True)
    top.set_ylabel("random pairs")
    top.set_yticks([])
    for height, (pair, method) in enumerate(kept):
        chosen = pairs.loc[(pairs["pair"] == pair) & (pairs["method"] == method), "distance"]
        below.plot(chosen, [height] * len(chosen), _MARKERS.get(method, "o"), color=_colour(method), ms=7)
    below.set_yticks(range(len(kept)), [f"{PAPER_NAMES.get(method, method)}, {pair}" for pair, method in kept])
    below.set(ylim=(len(kept) - 0.5, -0.5), xlabel="decisions that differ", xlim=(-0.5, 26.5))
    below.grid(color=PALE, lw=0.6)
    below.axvline(np.median(random), color=INK, lw=1, ls="--")
    below.tick_params(left=False)
    return figure


def _curves(axes: Axes, table: pd.DataFrame, column: str) -> None:
    for (method, seed), rows in table.groupby(["method", "seed"], sort=False):
        few = len(rows) < 5  # steps; the dots of a second search are small and open, so that both are seen
        axes.plot(
            rows["evaluations"],
            rows[column],
            _LINES[int(seed) % len(_LINES)],
            color=_colour(method),
            marker="o" if few else None,
            ms=3.5 if int(seed) else 7,
            mfc="white" if int(seed) else None,
            zorder=2 + 0.1 * int(seed),
            lw=1.8,
            label=f"{PAPER_NAMES.get(method, method)} {seed}",
        )
    axes.grid(color=PALE, lw=0.6)
    axes.set_axisbelow(True)


def _colour(method: str) -> str:
    return _COLOURS.get(method, GREY)


def _legend(axes: Axes) -> None:
    """Put the legend above, a method's seeds below each other where each has two."""
    n = len(axes.get_legend_handles_labels()[0])
    axes.legend(loc="lower left", bbox_to_anchor=(-0.14, 1.02), ncols=_columns(n), **_LEGEND)


def _columns(n: int) -> int:
    return min(4, (n + 1) // 2)
