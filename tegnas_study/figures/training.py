"""One training's learning curve, and what a zoo of trainings shows."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from tegnas_study.figures.style import BLUE, GREEN, GREY, ORANGE, PURPLE, VERMILION, WIDTH, styled

_GROUPS = ((GREY, "o"), (BLUE, "s"), (VERMILION, "D"), (GREEN, "^"), (ORANGE, "v"), (PURPLE, "P"))
_CURVES = (
    ("train_accuracy", "training images", BLUE, "--", "s"),
    ("test_accuracy", "test images", VERMILION, "-", "o"),
)


@styled
def learning_curve(rows: pd.DataFrame) -> Figure:
    """Draw the accuracy on training and on test images after every epoch.

    Args:
        rows: One row an epoch, with the columns epoch, train_accuracy and test_accuracy in percent.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.2))
    for column, name, colour, dash, marker in _CURVES:
        marker = marker if len(rows) <= 30 else ""
        axes.plot(rows["epoch"], rows[column], dash, color=colour, marker=marker, markersize=4, label=name)
    axes.set(xlabel="epoch", ylabel="accuracy (%)")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend()
    return figure


@styled
def order_by_epoch(by_epoch: pd.DataFrame, theory: tuple[float, float, float]) -> Figure:
    """Draw how well the accuracy so far orders networks against the seconds that it took, and theory as a line.

    Args:
        by_epoch: The table that `analysis.zoo.by_epoch` returns.
        theory: τ of the sum of ranks and its interval.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.2))
    seconds, value, low, high = (by_epoch[name] for name in ("cpu_seconds", "tau", "low", "high"))
    axes.fill_between(seconds, low, high, color=BLUE, alpha=0.15, lw=0)
    axes.plot(seconds, value, "-o", color=BLUE, markersize=4, label="accuracy after this training")
    middle, below, above = theory
    axes.axhspan(below, above, color=VERMILION, alpha=0.12, lw=0)
    axes.axhline(middle, color=VERMILION, ls="--", label="sum of ranks of κ, R, MSE, untrained")
    axes.set(xlabel="seconds of training, one core", ylabel="Kendall's τ with full training", xlim=(0, None))
    figure.legend(loc="outside upper center", ncols=1)  # the bands may fill every corner of the axes
    return figure


@styled
def sizes_and_accuracies(table: pd.DataFrame, labels: Mapping[str, str]) -> Figure:
    """Draw the accuracy of each network against the parameters of the same cells at full size, by group.

    Args:
        table: The table that `analysis.zoo.final` returns.
        labels: Group → what it is called, in the order of the legend.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.6))
    for (group, label), (colour, marker) in zip(labels.items(), _GROUPS, strict=False):
        rows = table[table["group"] == group]
        axes.plot(rows["full_parameters"] / 1e6, rows["short"], marker, color=colour, markersize=6, label=label)
    axes.set(xlabel="parameters at full size (millions)", ylabel="accuracy of the zoo's training (%)")
    axes.legend(fontsize=9, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    return figure


@styled
def order_by_trained_epochs(table: pd.DataFrame, labels: Mapping[str, str]) -> Figure:
    """Draw how well each indicator of networks trained a little orders them, epoch by epoch, with intervals.

    Args:
        table: The table that `analysis.zoo.little_by_epoch` returns.
        labels: Predictor → what it is called, in the order of the legend.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.4))
    for number, ((name, label), (colour, marker)) in enumerate(zip(labels.items(), _GROUPS[1:], strict=False)):
        rows = table[table["predictor"] == name]
        x = rows["epoch"] + 0.06 * (number - (len(labels) - 1) / 2)
        axes.vlines(x, rows["low"], rows["high"], color=colour, lw=1)
        axes.plot(x, rows["tau"], f"-{marker}", color=colour, markersize=5, lw=1, label=label)
    axes.axhline(0, color=GREY, lw=0.8)
    axes.set(xlabel="epochs trained before the indicator is measured", ylabel="Kendall's τ with full training")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(fontsize=9, ncols=2)
    return figure
