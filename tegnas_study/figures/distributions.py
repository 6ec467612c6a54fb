"""Distributions as boxes: a box holds the middle half of the numbers, and the line in it is their median."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tegnas_study.figures.style import (
    BLUE,
    GREY,
    INK,
    OPERATION_COLOURS,
    OPERATION_NAMES,
    ORANGE,
    PALE,
    VERMILION,
    WIDTH,
    accuracy_scale,
    name_of,
    styled,
)

_MIDDLE_90 = (5, 95)  # percentiles at the ends of the whiskers


@styled
def accuracy_by_group(table: pd.DataFrame, group: str, accuracy: str = "test_accuracy") -> Figure:
    """Draw the distribution of accuracy in each group; the whiskers reach from 5 % to 95 %.

    Args:
        table: One row for each architecture, with both columns. Rows without a group or an accuracy are left out.
        group: Column that holds the group, such as the depth.
        accuracy: The column of accuracies, in percent.
    """
    groups = {value: rows[accuracy].dropna() for value, rows in table.groupby(group)}
    figure, axes = plt.subplots(figsize=(WIDTH, 3.2))
    _boxes(axes, groups, dict.fromkeys(groups, PALE), median={"color": BLUE, "linewidth": 3}, width=0.5)
    axes.set_xticks(range(len(groups)), [f"{value:g}\n{len(rows):,}" for value, rows in groups.items()])
    axes.set(xlabel=f"{name_of(group)}, and how many architectures have it", ylabel=name_of(accuracy))
    accuracy_scale(axes)
    axes.grid(axis="y", color=PALE, lw=0.6)
    axes.tick_params(colors=INK)
    return figure


@styled
def change_distributions(pairs: pd.DataFrame, changes: Mapping[str, str], replacements: Sequence[str]) -> Figure:
    """Draw how far each replacement moves each quantity; the whiskers reach from 5 % to 95 %.

    Args:
        pairs: The table that `analysis.none_study.none_pairs` returns, usually its kind "changed" alone.
        changes: Four columns and the labels of their panels.
        replacements: The operations, in the order of the boxes.
    """
    figure, grid = plt.subplots(2, 2, figsize=(WIDTH, 5.2))
    for axes, (column, label) in zip(grid.flat, changes.items(), strict=True):
        groups = {name: pairs.loc[pairs["replacement"] == name, column].dropna() for name in replacements}
        _boxes(axes, groups, OPERATION_COLOURS)
        axes.axhline(0, color=INK, lw=1)
        axes.grid(axis="y", color=PALE, lw=0.6)
        axes.set_title(label, loc="left", fontsize=10)
    for axes in grid[0]:
        axes.tick_params(labelbottom=False)
    for axes in grid[1]:
        words = [OPERATION_NAMES[name].replace(" ", "\n") for name in replacements]
        axes.set_xticks(range(len(replacements)), words)
    return figure


@styled
def errors_of_variants(table: pd.DataFrame, variants: Mapping[str, str], *, trivial: float) -> Figure:
    """Draw the distribution of each variant's error, and the error of predicting the mean.

    The whiskers reach from the smallest error to 95 %.

    Args:
        table: One row for each architecture, one column for each variant; what is not finite is left out.
        variants: Column → its words, from top to bottom. Variants with permuted labels, whose column says so, have
            a colour of their own.
        trivial: The error of predicting the mean.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 0.8 + 0.42 * len(variants)))
    groups = {column: table.loc[np.isfinite(table[column]), column] for column in variants}
    colours = {column: ORANGE if "permuted" in column else BLUE for column in variants}
    _boxes(axes, groups, colours, whiskers=(0, 95), horizontal=True)
    axes.axvline(trivial, color=VERMILION, lw=1.5)
    axes.text(trivial, -0.65, " predicting the mean", color=VERMILION, va="bottom", fontsize=10)
    axes.set_yticks(range(len(variants)), list(variants.values()))
    axes.set_ylim(len(variants) - 0.4, -0.7)
    axes.set_xlabel("error on held-out images")
    axes.grid(axis="x", color=PALE, lw=0.6)
    axes.tick_params(left=False)
    return figure


def _boxes(
    axes: Axes,
    groups: Mapping[object, pd.Series],
    colours: Mapping[object, str],
    *,
    whiskers: tuple[float, float] = _MIDDLE_90,
    median: Mapping[str, object] | None = None,
    width: float = 0.6,
    horizontal: bool = False,
) -> None:
    """Draw one box for each group, the first one left or on top, without what lies beyond the whiskers."""
    table = pd.concat(groups, names=["group"]).rename("value").reset_index("group")
    sns.boxplot(
        table,
        x="value" if horizontal else "group",
        y="group" if horizontal else "value",
        order=[*groups],
        hue="group",
        hue_order=[*groups],
        palette={name: colours[name] for name in groups},
        legend=False,
        saturation=1,
        whis=whiskers,
        showfliers=False,
        width=width,
        linecolor=GREY,
        linewidth=1,
        medianprops=dict(median or {"color": INK, "linewidth": 2}),
        ax=axes,
    )
    axes.set(xlabel="", ylabel="")
    axes.set_axisbelow(True)
