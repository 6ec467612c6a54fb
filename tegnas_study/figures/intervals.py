"""Numbers with their intervals, one below the other: a dot for the number, a line for how sure it is."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from tegnas_study.figures.style import CYCLE, GREY, INK, METHOD_NAMES, PALE, SYMBOLS, WIDTH, styled

RIVAL_NAMES: Mapping[str, str] = {
    **SYMBOLS,
    "parameters": "parameters",
    "flops": "FLOPs",
    "depth": "depth",
    "n_convolutions": "convolutions",
    "naswot": "NASWOT",
    "jacob_cov": "jacob-cov",
    "grad_norm": "grad-norm",
    "snip": "snip",
    "log_synflow": "synflow",
    "label_gradient_alignment": "alignment",
    "swap": "SWAP",
    "meco": "MeCo",
    "az_expressivity": "AZ-NAS: expressivity",
    "az_progressivity": "AZ-NAS: progressivity",
    "az_trainability": "AZ-NAS: trainability",
    "zico": "ZiCo",
    "zen": "Zen",
    "epe_nas": "EPE-NAS",
    "plain": "plain",
    "l2_norm": "l2-norm",
    "fisher": "fisher",
    "grasp": "grasp",
    "ntk_trace": "NTK trace (NASI)",
    "ntk_mean": "NTK mean (KNAS)",
}
REWARD_NAMES: Mapping[str, str] = {
    "teg": "TEG",
    "accuracy-1-epoch": "accuracy after one epoch",
    "params": "number of parameters",
    "accuracy": "final accuracy (ceiling)",
    "naswot": "NASWOT",
    "kappa": "κ",
    "regions": "R",
    "mse": "MSE",
    "kappa+regions": "κ, R",
    "kappa+mse": "κ, MSE",
    "regions+mse": "R, MSE",
}

_MARKERS = "osD^v"
_BROAD = 27  # characters: two columns of a legend with longer words are broader than a figure
_SCREEN = 6.0  # inches: of a taller figure one does not see both ends at once


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
    palette: Sequence[str] | None = None,
) -> Figure:
    """Draw numbers and intervals in rows; several of a row in colours, with a legend above.

    A figure that is taller than a screen has the legend below as well.

    Args:
        table: A table with the columns named by row, colour and value, and with ``low`` and ``high``.
        row: Column that says in which row a number stands, in order of appearance.
        colour: Column that says which colour and marker it has; None: only one of each row.
        value: The column that holds the numbers.
        names: What rows and colours are called; others keep their names.
        xlabel: The label under the axis.
        paper: What the paper prints, by row; drawn as an open diamond.
        zero: Whether the axis shows where zero is; accuracies are far from it.
        palette: What the colours stand for, in their order; None takes the order of appearance. It gives a group
            the colour that it has in another figure.
    """
    rows = list(dict.fromkeys(table[row]))
    groups = list(dict.fromkeys(table[colour])) if colour else [None]
    names = names or {}
    lines = max(str(names.get(name, name)).count("\n") for name in rows) + 1
    height = 0.9 + len(rows) * max(0.17 + 0.14 * len(groups), 0.2 * lines)
    figure, axes = plt.subplots(figsize=(WIDTH, height))
    for k, group in enumerate(groups):
        chosen = table if group is None else table[table[colour] == group]
        heights = [rows.index(name) + 0.75 * ((k + 0.5) / len(groups) - 0.5) for name in chosen[row]]
        look = k if palette is None or group is None else palette.index(group)
        _dots(axes, chosen, heights, value, look, None if group is None else names.get(group, group))
    for name, printed in (paper or {}).items():
        words = "paper" if name == next(iter(paper)) else None
        axes.plot(printed, rows.index(name), "D", color=INK, mfc="white", ms=7, label=words)
    _finish(axes, [names.get(name, name) for name in rows], xlabel)
    if zero:
        axes.axvline(0, color=GREY, lw=1)
    if colour or paper:
        places = ["outside upper center", "outside lower center"][: 2 if height > _SCREEN else 1]
        longest = max(map(len, axes.get_legend_handles_labels()[1]), default=0)
        for place in places:  # of the figure, not of the axes: long words would leave these no room
            columns = 1 if longest > _BROAD else 2
            figure.legend(loc=place, ncols=columns, handletextpad=0.3, columnspacing=1)
    return figure


def rivals_chart(
    table: pd.DataFrame,
    *,
    colour: str = "subset",
    value: str = "tau",
    names: Mapping[str, str] | None = None,
    xlabel: str = "agreement with accuracy, Kendall's τ",
) -> Figure:
    """Draw a number of every indicator with its interval, in rows that fall by the first colour.

    FLOPs are left out where parameters are there: on this space they put everything in the same order.

    Args:
        table: A table with the columns predictor, low and high, and those named by colour and value.
        colour: Column that says which colour a number has.
        value: The column that holds the numbers.
        names: What colours are called; others keep their names.
        xlabel: The label under the axis.
    """
    counted_once = (table["predictor"] != "flops") | ("parameters" not in set(table["predictor"]))
    shown = table[counted_once]
    first = shown[shown[colour] == shown[colour].iloc[0]].set_index("predictor")[value]
    place = first.rank(ascending=False).to_dict()
    ordered = shown.sort_values("predictor", key=lambda c: c.map(place).fillna(len(place) + 1), kind="stable")
    groups = list(dict.fromkeys(shown[colour]))
    ordered = ordered.sort_values(colour, key=lambda c: c.map(groups.index), kind="stable")
    return interval_chart(
        ordered, row="predictor", colour=colour, value=value, names=RIVAL_NAMES | (names or {}), xlabel=xlabel
    )


def found_chart(
    table: pd.DataFrame,
    *,
    row: str = "method",
    colour: str = "reward",
    value: str = "mean",
    xlabel: str = "test accuracy of the cell found (%)",
    paper: Mapping[str, float] | None = None,
    names: Mapping[str, str] | None = None,
    zero: bool = False,
) -> Figure:
    """Draw a number of every row of searches with its interval.

    Args:
        table: A table with the columns named by row, colour and value, and with low and high.
        row: Column that says in which row a number stands, in order of appearance.
        colour: Column that says which colour and marker it has.
        value: The column that holds the numbers.
        xlabel: The label under the axis.
        paper: What the paper prints, by row; drawn as an open diamond.
        names: What other rows and colours are called.
        zero: Whether the axis shows where zero is, as for differences.
    """
    called = {**METHOD_NAMES, **REWARD_NAMES, **(names or {})}
    return interval_chart(
        table, row=row, colour=colour, value=value, names=called, xlabel=xlabel, paper=paper, zero=zero
    )


@styled
def gaps_by_draw(gaps: pd.DataFrame, *, names: Mapping[str, str]) -> Figure:
    """Draw differences draw by draw, a dot each, in a panel for each accuracy; a bar marks the median of a row.

    Args:
        gaps: The table that `analysis.searches.rows.draw_gaps` returns.
        names: What the rivals in the column ``than`` are called in the legend.
    """
    methods, accuracies, rivals = (list(dict.fromkeys(gaps[name])) for name in ("method", "accuracy", "than"))
    height = 1.2 + 0.36 * len(methods) * -(-len(accuracies) // 2)
    grid = {"figsize": (WIDTH, height), "sharey": True, "squeeze": False}
    figure, panels = plt.subplots(-(-len(accuracies) // 2), 2, **grid)
    for axes, name in zip(panels.flat, accuracies, strict=False):
        for k, rival in enumerate(rivals):
            chosen = gaps[(gaps["accuracy"] == name) & (gaps["than"] == rival)]
            heights = chosen["method"].map(methods.index) + 0.36 * (k - (len(rivals) - 1) / 2)
            middle = chosen.groupby(heights)["gap"].median()
            colour, marker = CYCLE[k], _MARKERS[k]
            axes.plot(chosen["gap"], heights, marker, color=colour, ms=4, mfc="none", mew=0.9, label=names[rival])
            axes.plot(middle, middle.index, "|", color=colour, ms=10, mew=2)
        _finish(axes, [METHOD_NAMES.get(method, method) for method in methods], name)
        axes.axvline(0, color=GREY, lw=1)
    handles, labels = panels[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=len(rivals), handletextpad=0.3)
    figure.supxlabel("how much better TEG is on a draw (%)", fontsize=11, color=INK)
    return figure


def _dots(
    axes: Axes, chosen: pd.DataFrame, heights: Sequence[float], value: str, k: int, label: str | None
) -> None:
    colour, marker = CYCLE[k % len(CYCLE)], _MARKERS[k % len(_MARKERS)]
    axes.hlines(heights, chosen["low"], chosen["high"], color=colour)
    filled = {} if k < len(CYCLE) else {"mfc": "white"}  # where the colours begin anew
    axes.plot(chosen[value], heights, marker, color=colour, ms=5, label=label, **filled)


def _finish(axes: Axes, labels: Sequence[str], xlabel: str) -> None:
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.45, -0.55)
    axes.grid(axis="x", color=PALE, lw=0.6)
    for height in range(1, len(labels)):
        axes.axhline(height - 0.5, color=PALE, lw=0.6)
    axes.set_axisbelow(True)
    axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    axes.tick_params(left=False)
    axes.set_xlabel(xlabel)
