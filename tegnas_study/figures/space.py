"""What the search space looks like: how many cells are different, how accurate they are."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from tegnas_study.figures.style import BLUE, GREY, INK, PALE, VERMILION, WIDTH, accuracy_scale, name_of, styled


@styled
def class_counts(counts: Mapping[str, int]) -> Figure:
    """Draw how many classes of equal cells there are, one bar for each meaning of "equal".

    Args:
        counts: The meaning to the number of classes, from top to bottom.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 0.55 * len(counts)))
    bars = axes.barh(list(counts), list(counts.values()), color=BLUE, height=0.6)
    axes.bar_label(bars, [f"{n:,}" for n in counts.values()], padding=4)
    axes.invert_yaxis()
    axes.margins(x=0.18)
    axes.spines[["bottom", "left"]].set_visible(False)
    axes.tick_params(left=False, bottom=False, labelbottom=False)
    return figure


@styled
def accuracy_histogram(
    accuracies: ArrayLike, *, marks: Mapping[str, float], axis: str = "test_accuracy"
) -> Figure:
    """Draw how many architectures reach which accuracy, in bins of one percent, with some of them marked.

    Args:
        accuracies: In percent; nan is left out.
        marks: Words to an accuracy, from left to right.
        axis: Name of the column, for the label.
    """
    values = np.asarray(accuracies, float)
    figure, axes = plt.subplots(figsize=(WIDTH, 3.2))
    axes.hist(values[np.isfinite(values)], bins=np.arange(0, 101), color=BLUE)
    axes.set(xlabel=name_of(axis), ylabel="architectures", xlim=(0, 100))
    top = axes.get_ylim()[1]
    paper = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1}
    for step, (words, value) in enumerate(marks.items()):
        height = top * (0.96 - 0.13 * step)
        axes.plot([value, value], [0, height], color=VERMILION, lw=1.2)
        axes.text(value - 1, height, f"{words}: {value:.2f}", ha="right", va="top", bbox=paper)
    return figure


@styled
def accuracy_by_group(table: pd.DataFrame, group: str, accuracy: str = "test_accuracy") -> Figure:
    """Draw the distribution of accuracy in each group: middle half, median, and all from 5 % to 95 %.

    Args:
        table: One row an architecture, with both columns; rows without a group or an accuracy are left out.
        group: Column that holds the group, such as the depth.
        accuracy: Column of accuracies in percent.
    """
    groups = {value: rows[accuracy].dropna() for value, rows in table.groupby(group)}
    figure, axes = plt.subplots(figsize=(WIDTH, 3.2))
    axes.boxplot(
        list(groups.values()),
        whis=(5, 95),
        showfliers=False,
        widths=0.5,
        patch_artist=True,
        boxprops={"facecolor": PALE, "edgecolor": GREY},
        medianprops={"color": BLUE, "linewidth": 3},
        whiskerprops={"color": GREY},
        capprops={"color": GREY},
    )
    axes.set_xticks(range(1, len(groups) + 1), [f"{value:g}\n{len(rows):,}" for value, rows in groups.items()])
    axes.set(xlabel=f"{name_of(group)}, and how many architectures have it", ylabel=name_of(accuracy))
    accuracy_scale(axes)
    axes.grid(axis="y", color=PALE, lw=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK)
    return figure
