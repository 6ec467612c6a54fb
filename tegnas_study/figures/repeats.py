"""What more repeats are worth: a curve an indicator over the number of them."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from tegnas_study.figures.style import CYCLE, GREY, PALE, SYMBOLS, WIDTH, styled


@styled
def over_repeats(
    table: pd.DataFrame,
    *,
    xlabel: str,
    ylabel: str,
    line: float | None = None,
    names: Mapping[str, str] = SYMBOLS,
) -> Figure:
    """Draw a number over how many repeats were averaged, each indicator a curve with a band.

    Args:
        table: As `analysis.reliability.split_halves` returns it.
        xlabel: Under the axis.
        ylabel: Beside it.
        line: A value that the numbers are compared with.
        names: What indicators are called.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.4))
    for i, (predictor, rows) in enumerate(table.groupby("predictor", sort=False)):
        colour, marker = CYCLE[i % len(CYCLE)], "osD^vP"[i % 6]
        axes.fill_between(rows["k"], rows["low"], rows["high"], color=colour, alpha=0.15, lw=0)
        axes.plot(rows["k"], rows["tau"], f"{marker}-", color=colour, ms=5, label=names.get(predictor, predictor))
    if line is not None:
        axes.axhline(line, color=GREY, lw=1.2, ls="--")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set(xlabel=xlabel, ylabel=ylabel)
    axes.grid(color=PALE, lw=0.6)
    axes.set_axisbelow(True)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=4, handletextpad=0.4, columnspacing=1)
    return figure
