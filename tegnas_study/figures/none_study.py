"""What replacing `none` does to indicators and accuracy (paper Fig. 3, over all pairs)."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tegnas_study.figures.style import GREY, INK, OPERATION_COLOURS, OPERATION_NAMES, PALE, WIDTH, styled


@styled
def change_distributions(pairs: pd.DataFrame, changes: Mapping[str, str], replacements: Sequence[str]) -> Figure:
    """Draw how far each replacement moves each quantity: middle half, median, and all from 5 % to 95 %.

    Args:
        pairs: As `analysis.none_study.none_pairs` returns it, usually the kind "changed" alone.
        changes: Column → label of its panel; four of them.
        replacements: In the order of the boxes.
    """
    figure, grid = plt.subplots(2, 2, figsize=(WIDTH, 5.2))
    for axes, (column, label) in zip(grid.flat, changes.items(), strict=True):
        groups = [pairs.loc[pairs["replacement"] == name, column].dropna() for name in replacements]
        _boxes(axes, groups, replacements)
        axes.set_title(label, loc="left", fontsize=10)
    for axes in grid[0]:
        axes.tick_params(labelbottom=False)
    for axes in grid[1]:
        words = [OPERATION_NAMES[name].replace(" ", "\n") for name in replacements]
        axes.set_xticks(range(1, len(replacements) + 1), words)
    return figure


def _boxes(axes: Axes, groups: Sequence[pd.Series], replacements: Sequence[str]) -> None:
    drawn = axes.boxplot(
        groups,
        whis=(5, 95),
        showfliers=False,
        widths=0.6,
        patch_artist=True,
        medianprops={"color": INK, "linewidth": 2},
        whiskerprops={"color": GREY},
        capprops={"color": GREY},
    )
    for box, name in zip(drawn["boxes"], replacements, strict=True):
        box.set(facecolor=OPERATION_COLOURS[name], edgecolor=GREY)
    axes.axhline(0, color=INK, lw=1)
    axes.grid(axis="y", color=PALE, lw=0.6)
    axes.set_axisbelow(True)
