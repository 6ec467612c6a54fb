"""How many linear regions there are, and how many a sample finds."""

from collections.abc import Callable, Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from tegnas_study.figures.style import BLUE, CYCLE, GREY, INK, WIDTH, styled

_MARKERS = "osD^v"


@styled
def regions_against_formula(table: pd.DataFrame, formula: pd.Series) -> Figure:
    """Draw counts of regions against the number of units, with what a formula says as a line.

    Args:
        table: The index holds numbers of units; one column of counts for each way to count.
        formula: What the formula says, by number of units.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.3))
    axes.plot(formula.index, formula, color=INK, lw=1.5, label=formula.name)
    for column, marker in zip(table, _MARKERS, strict=False):
        axes.plot(table.index, table[column], marker, ms=5, label=column)
    axes.set(xlabel="units of the hidden layer", ylabel="regions")
    axes.legend(loc="upper left")
    return figure


@styled
def growth_of_regions(
    table: pd.DataFrame, formula: pd.Series, possible: Mapping[str, pd.Series] | None = None
) -> Figure:
    """Draw how the number of regions grows with the number of units, one line for each depth, on log axes.

    Args:
        table: The index holds numbers of units; one column of mean counts for each depth.
        formula: A line to compare with, by number of units.
        possible: What networks of a shape can reach, drawn as thin lines, by their words.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.6))
    for (words, line), style in zip((possible or {}).items(), (":", "-."), strict=False):
        axes.plot(line.index, line, style, color=GREY, lw=1.5, label=words)
    axes.plot(formula.index, formula, color=INK, lw=1.2, label=formula.name)
    for column, marker in zip(table, _MARKERS, strict=False):
        axes.plot(table.index, table[column], f"{marker}--", lw=1, ms=5, label=column)
    axes.set(xscale="log", yscale="log", xlabel="hidden units in all layers together", ylabel="regions")
    axes.set_xticks(table.index, [f"{n:g}" for n in table.index])
    axes.minorticks_off()
    axes.legend(loc="upper left")
    return figure


@styled
def regions_by_samples(
    counts: pd.DataFrame,
    *,
    expected: Mapping[str, Callable[[ArrayLike], np.ndarray]] | None = None,
    ceilings: Mapping[str, int] | None = None,
) -> Figure:
    """Draw how many regions a sample hits against its size, on log axes, under the line of one region a sample.

    Args:
        counts: The index holds numbers of samples; one column of counts for each network.
        expected: The count to expect, a function of the number of samples, by column; drawn as a line.
        ceilings: The number of regions there are, by column; drawn as a dashed line.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.6))
    samples = np.geomspace(counts.index.min(), counts.index.max(), 60)
    axes.plot(samples, samples, color=GREY, lw=1.5)
    axes.text(samples[44], 1.3 * samples[44], "a region for every sample", color=GREY, ha="right", fontsize=10)
    for column, colour, marker in zip(counts, CYCLE, _MARKERS, strict=False):
        style = "o" if expected and column in expected else "-"
        shape = marker if style == "o" else f"{marker}-"
        axes.plot(counts.index, counts[column], shape, color=colour, ms=5, label=column)
        if expected and column in expected:
            axes.plot(samples, expected[column](samples), color=colour, lw=1.5)
        if ceilings and column in ceilings:
            axes.axhline(ceilings[column], color=colour, lw=1, ls="--")
    axes.set(xscale="log", yscale="log", xlabel="samples", ylabel="patterns found, R")
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, columnspacing=1.2, handletextpad=0.4)
    return figure


@styled
def regions_spread(table: pd.DataFrame, *, n_inputs: int, seed: int = 0) -> Figure:
    """Draw the counts of many architectures as dots, one column of dots for each size of crop.

    Args:
        table: One row for each architecture; the columns are heights of a crop in pixels.
        n_inputs: Number of inputs, which no count can exceed.
        seed: Dots are moved sideways at random, so that they do not hide each other.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.3))
    axes.axhline(n_inputs, color=GREY, lw=1.5, ls="--")
    axes.text(-0.4, 1.02 * n_inputs, f"{n_inputs:,} crops", va="bottom", color=GREY)
    rng = np.random.default_rng(seed)
    for place, column in enumerate(table):
        aside = place + rng.uniform(-0.22, 0.22, len(table))
        axes.plot(aside, table[column], "o", color=BLUE, ms=4, alpha=0.6, mew=0)
        axes.hlines(table[column].median(), place - 0.33, place + 0.33, color=INK, lw=2)
    axes.set_xticks(range(table.shape[1]), [f"{size}×{size}" for size in table])
    axes.set(xlabel="pixels of a crop", ylabel="linear regions R", ylim=(0, 1.14 * n_inputs))
    return figure
