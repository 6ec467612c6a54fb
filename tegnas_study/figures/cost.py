"""What an evaluation costs: where its time goes, and how many times faster it became."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from tegnas_study.figures.style import BLUE, CYCLE, GREY, PALE, VERMILION, WIDTH, YELLOW, styled

_PART_COLOURS = (PALE, GREY, *CYCLE, YELLOW)


@styled
def where_time_goes(table: pd.DataFrame) -> Figure:
    """Draw one bar for each row, stacked from the columns in their order, with the total at its end.

    Args:
        table: Times in milliseconds. The index says what was timed; the columns are its parts, nine at most.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 0.55 * len(table) + 1.9))
    left = np.zeros(len(table))
    for part, colour in zip(table, _PART_COLOURS, strict=False):
        axes.barh(table.index, table[part], left=left, color=colour, label=part, height=0.7)
        left += table[part].to_numpy()
    for name, total in zip(table.index, left, strict=True):
        axes.text(total, name, f" {total:.0f}", va="center")
    axes.invert_yaxis()
    axes.set(xlabel="time of one repeat (ms)", xlim=(0, 1.12 * left.max()))
    figure.legend(loc="outside lower center", ncols=3, handlelength=1, columnspacing=1)
    return figure


@styled
def speedups(table: pd.DataFrame, targets: dict[str, float]) -> Figure:
    """Draw how many times faster each way is, a dot for each architecture, beside its target as a line.

    Args:
        table: Ratios, one row for each architecture and one column for each way.
        targets: The ratio that the median of a column should reach.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 0.8 * len(table.columns) + 1.1))
    spread = np.linspace(-0.25, 0.25, len(table))
    for row, (way, colour) in enumerate(zip(table, (BLUE, VERMILION, *CYCLE[2:]), strict=False)):
        axes.plot(table[way], row + spread, "o", color=colour, alpha=0.6, ms=5)
        if way in targets:
            axes.plot([targets[way]] * 2, [row - 0.4, row + 0.4], color=GREY, ls="--", lw=1.5)
    axes.set_xscale("log")
    axes.set(xlabel="times faster than the slow way", yticks=range(len(table.columns)), yticklabels=table.columns)
    ticks = [t for t in (1, 2, 5, 10, 20, 50, 100, 200) if 0.5 * table.min().min() < t < 2 * table.max().max()]
    axes.set_xticks(ticks, [str(t) for t in ticks], minor=False)
    axes.minorticks_off()
    axes.invert_yaxis()
    return figure
