"""Numbers with their intervals, one below the other: a dot for the number, a line for how sure it is."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tegnas_study.figures.style import CYCLE, GREY, INK, PALE, WIDTH, styled

_MARKERS = "osD^v"


@styled
def interval_chart(
    table: pd.DataFrame,
    *,
    row: str,
    colour: str | None = None,
    value: str = "tau",
    names: Mapping[str, str] | None = None,
    xlabel: str = "agreement with accuracy, Kendall's τ",
    paper: Mapping[str, float] | None = None,
    zero: bool = True,
) -> Figure:
    """Draw numbers and intervals in rows; several of a row in colours, with a legend above.

    Args:
        table: Columns row, colour, value, ``low`` and ``high``.
        row: Column that says in which row a number stands, in order of appearance.
        colour: Column that says which colour and marker it has; None: only one of each row.
        value: Column of the number.
        names: What rows and colours are called; others keep their names.
        xlabel: Under the axis.
        paper: What the paper prints, by row; drawn as an open diamond.
        zero: Whether the axis shows where zero is; accuracies are far from it.
    """
    rows = list(dict.fromkeys(table[row]))
    groups = list(dict.fromkeys(table[colour])) if colour else [None]
    names = names or {}
    figure, axes = plt.subplots(figsize=(WIDTH, 0.9 + len(rows) * (0.17 + 0.14 * len(groups))))
    for k, group in enumerate(groups):
        chosen = table if group is None else table[table[colour] == group]
        heights = [rows.index(name) + 0.75 * ((k + 0.5) / len(groups) - 0.5) for name in chosen[row]]
        _dots(axes, chosen, heights, value, k, None if group is None else names.get(group, group))
    for name, printed in (paper or {}).items():
        words = "paper" if name == next(iter(paper)) else None
        axes.plot(printed, rows.index(name), "D", color=INK, mfc="white", ms=7, label=words)
    _finish(axes, [names.get(name, name) for name in rows], xlabel)
    if zero:
        axes.axvline(0, color=GREY, lw=1)
    if colour or paper:
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, handletextpad=0.3, columnspacing=1)
    return figure


def _dots(
    axes: Axes, chosen: pd.DataFrame, heights: Sequence[float], value: str, k: int, label: str | None
) -> None:
    colour, marker = CYCLE[k % len(CYCLE)], _MARKERS[k % len(_MARKERS)]
    axes.hlines(heights, chosen["low"], chosen["high"], color=colour)
    axes.plot(chosen[value], heights, marker, color=colour, ms=5, label=label)


def _finish(axes: Axes, labels: Sequence[str], xlabel: str) -> None:
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.45, -0.55)
    axes.grid(axis="x", color=PALE, lw=0.6)
    for height in range(1, len(labels)):
        axes.axhline(height - 0.5, color=PALE, lw=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(left=False)
    axes.set_xlabel(xlabel)
