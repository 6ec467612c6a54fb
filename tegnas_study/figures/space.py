"""What the search space looks like: how many cells are different, how accurate they are."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from tegnas_study.figures.style import BLUE, VERMILION, WIDTH, name_of, styled


@styled
def class_counts(counts: Mapping[str, int]) -> Figure:
    """Draw how many classes of equal cells there are, one bar for each meaning of "equal".

    Args:
        counts: The number of classes for each meaning, from top to bottom.
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
        accuracies: Accuracies in percent; nan is left out.
        marks: The accuracies to mark by their words, from left to right.
        axis: Name of the column, which gives the label of the axis.
    """
    values = np.asarray(accuracies, float)
    figure, axes = plt.subplots(figsize=(WIDTH, 3.2))
    axes.hist(values[np.isfinite(values)], bins=np.arange(0, 101), color=BLUE)
    axes.set(xlabel=name_of(axis), ylabel="architectures", xlim=(0, 100))
    top = axes.get_ylim()[1]
    axes.set_ylim(0, top * (1.05 + 0.13 * len(marks)))  # the words stand above the bars
    paper = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1}
    for step, (words, value) in enumerate(marks.items()):
        height = top * (1.15 + 0.13 * step)  # no line crosses the words of another
        axes.plot([value, value], [0, height], color=VERMILION, lw=1.2)
        axes.text(value - 1, height, f"{words}: {value:.2f}", ha="right", va="top", bbox=paper)
    return figure
