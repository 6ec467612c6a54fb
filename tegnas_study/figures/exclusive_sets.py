"""What the exclusive sets are made of (paper Fig. 2)."""

import re
from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from tegnas_study.figures.style import (
    BLUE,
    GREY,
    INK,
    OPERATION_COLOURS,
    OPERATION_NAMES,
    PALE,
    WIDTH,
    styled,
)

_LIGHT = ("none", "nor_conv_1x1", "avg_pool_3x3")  # colours on which dark letters are read


@styled
def operation_shares(shares: Mapping[str, Mapping[str, float]]) -> Figure:
    """Draw how the edges of each set divide among the five operations, a bar for each set.

    Args:
        shares: For each set, by its name, the share of the edges that each operation has, 0 to 1.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 0.8 + 0.55 * len(shares)))
    left = np.zeros(len(shares))
    for operation, colour in OPERATION_COLOURS.items():
        parts = np.array([100 * set_shares[operation] for set_shares in shares.values()])
        bars = axes.barh(
            [_with_index(words) for words in shares],
            parts,
            left=left,
            color=colour,
            height=0.62,
            label=OPERATION_NAMES[operation],
        )
        labels = [f"{part:.0f}" if part >= 6 else "" for part in parts]
        colour_of_words = INK if operation in _LIGHT else "white"
        axes.bar_label(bars, labels, label_type="center", color=colour_of_words, fontsize=10)
        left += parts
    axes.invert_yaxis()
    axes.set(xlabel="share of the edges (%)", xlim=(0, 100))
    axes.spines["left"].set_visible(False)
    axes.tick_params(left=False)
    axes.legend(loc="lower left", bbox_to_anchor=(-0.15, 1), ncols=3, handlelength=1, columnspacing=1)
    return figure


@styled
def profiles_beside_chance(
    table: pd.DataFrame, quantities: Mapping[str, str], sets: Sequence[str], *, names: Mapping[str, str]
) -> Figure:
    """Draw means of each set with their intervals, and behind them what random sets of the size reach.

    Args:
        table: A table with the columns set, quantity, value, low, high, random_low, random_high.
        quantities: The quantities and the labels of their panels, from top to bottom.
        sets: The sets, in the order of the rows.
        names: What the sets are called.
    """
    figure, grid = plt.subplots(len(quantities), figsize=(WIDTH, 1.75 * len(quantities)), squeeze=False)
    for axes, (quantity, label) in zip(grid[:, 0], quantities.items(), strict=True):
        rows = table[table["quantity"] == quantity].set_index("set").loc[list(sets)]
        for height, row in enumerate(rows.itertuples()):
            chance, label_of_chance = [row.random_low, row.random_high], _once(height, "random sets")
            axes.plot(chance, [height] * 2, color=PALE, lw=11, solid_capstyle="butt", label=label_of_chance)
            axes.plot([row.low, row.high], [height] * 2, color=BLUE)
            axes.plot(row.value, height, "o", color=BLUE, ms=6, label=_once(height, "exclusive set"))
        axes.set_yticks(range(len(sets)), [_with_index(names[name]) for name in sets])
        axes.set_ylim(len(sets) - 0.4, -0.6)
        axes.set_xlabel(label)
        axes.tick_params(left=False, colors=INK)
        axes.spines["left"].set_color(GREY)
    grid[0, 0].legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, handletextpad=0.4)
    return figure


def _with_index(words: str) -> str:
    """Set what follows the underscore of a set's name such as A_κ as an index."""
    return re.sub(r"\bA_(\w+)", r"$A_{\\mathrm{\1}}$", words)


def _once(height: int, words: str) -> str | None:
    return words if height == 0 else None
