"""Scatter plots of indicators: against accuracy (the paper's Fig. 1), right against wrong cells, two draws."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tegnas_core.indicators.names import CONDITION_NUMBER, RANK_SUM, REGRESSION_ERROR, TEG
from tegnas_study.figures.style import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    PALE,
    SYMBOLS,
    VERMILION,
    WIDTH,
    accuracy_scale,
    name_of,
    styled,
)
from tegnas_study.tables.printed import printed

PANELS = (*TEG, RANK_SUM)
_RATIOS = (CONDITION_NUMBER.name, REGRESSION_ERROR.name)
_WIDE = 30  # an axis whose ends are further apart than this ratio is logarithmic
_GROUPS = (("0 or 1 lost", 0, 1, "o", BLUE), ("2 or 3", 2, 3, "s", ORANGE), ("4 to 8", 4, 8, "^", VERMILION))


@styled
def indicators_against_accuracy(
    table: pd.DataFrame, correlations: pd.DataFrame, accuracy: str = "test_accuracy"
) -> Figure:
    """Draw an accuracy over each indicator, a dot for each architecture, with τ and its interval in the panel.

    Failures, which are infinite, stand as crosses at the right edge.

    Args:
        table: One row for each architecture, with the columns of `PANELS` and the accuracy.
        correlations: The table that `ranking.correlations` returns.
        accuracy: The column of accuracies that is drawn.
    """
    figure, panels = plt.subplots(2, 2, figsize=(WIDTH, 5), sharey=True)
    for axes, indicator in zip(panels.flat, PANELS, strict=True):
        _scatter(axes, table, indicator, accuracy)
        axes.set_title(_words(correlations, indicator, accuracy), fontsize=10, loc="left")
    for axes in panels[:, 0]:
        axes.set_ylabel(name_of(accuracy))
    return figure


@styled
def agreement_intervals(agreements: pd.DataFrame, *, paper: Mapping[str, float] | None = None) -> Figure:
    """Draw how far each indicator agrees with each accuracy: a dot for τ, a line for its interval.

    Args:
        agreements: The table that `ranking.turned_correlations` returns: τ turned so that larger is stronger.
        paper: What the paper prints, by indicator and turned in the same way; drawn as a diamond.
    """
    indicators = list(dict.fromkeys(agreements["indicator"]))
    accuracies = list(dict.fromkeys(agreements["accuracy"]))
    figure, axes = plt.subplots(figsize=(WIDTH, 0.9 + 0.55 * len(indicators)))
    for row in agreements.itertuples():
        side = accuracies.index(row.accuracy)
        height = indicators.index(row.indicator) + 0.22 * (side - (len(accuracies) - 1) / 2)
        colour = (BLUE, VERMILION)[side % 2]
        label = name_of(row.accuracy).removesuffix(" (%)") if row.indicator == indicators[0] else None
        axes.plot([row.low, row.high], [height] * 2, color=colour)
        axes.plot(row.tau, height, "os"[side % 2], color=colour, ms=6, label=label)
    for indicator, tau in (paper or {}).items():
        words = "paper" if indicator == next(iter(paper)) else None
        axes.plot(tau, indicators.index(indicator), "D", color=INK, mfc="white", ms=7, label=words)
    axes.set_yticks(range(len(indicators)), [SYMBOLS.get(name, name_of(name)) for name in indicators])
    axes.invert_yaxis()
    axes.margins(y=0.15)
    axes.axvline(0, color=GREY, lw=1)
    axes.grid(axis="x", color=PALE, lw=0.6)
    axes.set_axisbelow(True)
    axes.set(xlabel="agreement with accuracy, Kendall's τ", xlim=(min(0, agreements["low"].min() - 0.05), 1))
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, handletextpad=0.3, columnspacing=1)
    return figure


@styled
def right_and_wrong(table: pd.DataFrame) -> Figure:
    """Draw each indicator of each genotype with wrong normal cells over the same with right ones.

    Args:
        table: The table that `analysis.normal_cell_bug.compared` returns; what is not finite on a side has no dot.
    """
    figure, panels = plt.subplots(len(TEG), figsize=(WIDTH, 8.4))
    for axes, name in zip(panels, TEG, strict=True):
        _right_and_wrong(axes, table, name)
    panels[0].legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, handletextpad=0.1, columnspacing=1)
    return figure


@styled
def draw_against_draw(table: pd.DataFrame) -> Figure:
    """Draw each indicator of each architecture under one draw of weights over the same under another draw.

    Args:
        table: One row for each architecture, with the columns ``NAME_0`` and ``NAME_1`` of κ, R and MSE; what is
            not finite under a draw has no dot.
    """
    figure, panels = plt.subplots(1, len(TEG), figsize=(WIDTH, 2.4))
    for axes, name in zip(panels, TEG, strict=True):
        known = table[[f"{name}_0", f"{name}_1"]].replace([np.inf, -np.inf], np.nan).dropna().to_numpy(float)
        axes.plot(*known.T, "o", color=BLUE, ms=4, alpha=0.8, mew=0)
        if name in _RATIOS and len(known) and known.max() > _WIDE * known.min():
            axes.set(xscale="log", yscale="log")
        if len(known) and known.max() > known.min():
            axes.axline((known.min(),) * 2, (known.max(),) * 2, color=GREY, lw=1, zorder=0)
        axes.set(xlabel=f"{SYMBOLS[name]}, draw 1", ylabel="draw 2" if axes is panels[0] else "")
        axes.grid(color=PALE, lw=0.6)
        axes.set_axisbelow(True)
    return figure


def _right_and_wrong(axes: Axes, table: pd.DataFrame, name: str) -> None:
    right, wrong = table[f"{name}_right"].to_numpy(float), table[f"{name}_wrong"].to_numpy(float)
    known = np.isfinite(right) & np.isfinite(wrong)
    for words, low, high, marker, colour in _GROUPS:
        chosen = known & table["dropped"].between(low, high).to_numpy()
        axes.plot(right[chosen], wrong[chosen], marker, color=colour, ms=4, alpha=0.8, mew=0, label=words)
    if name == CONDITION_NUMBER.name:
        axes.set(xscale="log", yscale="log")
    axes.axline((right[known].min(),) * 2, (right[known].max(),) * 2, color=GREY, lw=1, zorder=0)
    axes.set(xlabel=f"{name_of(name)}, intended cell", ylabel="evaluated cell")
    axes.grid(color=PALE, lw=0.6)
    axes.set_axisbelow(True)


def _scatter(axes: Axes, table: pd.DataFrame, indicator: str, accuracy: str) -> None:
    known = table[table[accuracy].notna()]
    finite = np.isfinite(known[indicator])
    options = {"s": max(4, min(22, 3000 / max(1, len(known)))), "linewidths": 0}
    axes.scatter(known[indicator][finite], known[accuracy][finite], color=BLUE, alpha=0.55, **options)
    values = known[indicator][finite]
    if indicator in _RATIOS and len(values) and values.max() > _WIDE * values.min():
        axes.set_xscale("log")
    failed = known[accuracy][~finite]
    at_the_edge = {"transform": axes.get_yaxis_transform(), "clip_on": False}  # x is a share of the panel's width
    axes.scatter(np.ones(len(failed)), failed, marker="x", color=VERMILION, s=26, lw=1.5, **at_the_edge)
    axes.set_xlabel(SYMBOLS.get(indicator, name_of(indicator)))
    accuracy_scale(axes)


def _words(correlations: pd.DataFrame, indicator: str, accuracy: str) -> str:
    chosen = correlations[(correlations["indicator"] == indicator) & (correlations["accuracy"] == accuracy)]
    row = chosen.iloc[0]
    tau, low, high = (printed(number, ".2f") for number in (row.tau, row.low, row.high))
    return f"τ = {tau}\n[{low}, {high}]"
