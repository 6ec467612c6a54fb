"""Right against wrong: three indicators of the same genotypes with and without the released code's mistake."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tegnas_core.indicators.names import CONDITION_NUMBER
from tegnas_study.figures.style import BLUE, GREY, ORANGE, PALE, VERMILION, WIDTH, name_of, styled
from tegnas_study.tables.ranking import TEG

_LOGARITHMIC = (CONDITION_NUMBER.name,)
_GROUPS = (("0 or 1 lost", 0, 1, "o", BLUE), ("2 or 3", 2, 3, "s", ORANGE), ("4 to 8", 4, 8, "^", VERMILION))


@styled
def right_and_wrong(table: pd.DataFrame) -> Figure:
    """Draw each indicator of each genotype with wrong normal cells over the same with right ones.

    Args:
        table: The table that `analysis.normal_cell_bug.compared` returns; what is not finite on a side has no dot.
    """
    figure, panels = plt.subplots(len(TEG), figsize=(WIDTH, 8.4))
    for axes, name in zip(panels, TEG, strict=True):
        _panel(axes, table, name)
    panels[0].legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, handletextpad=0.1, columnspacing=1)
    return figure


def _panel(axes: Axes, table: pd.DataFrame, name: str) -> None:
    right, wrong = table[f"{name}_right"].to_numpy(float), table[f"{name}_wrong"].to_numpy(float)
    known = np.isfinite(right) & np.isfinite(wrong)
    for words, low, high, marker, colour in _GROUPS:
        chosen = known & table["dropped"].between(low, high).to_numpy()
        axes.plot(right[chosen], wrong[chosen], marker, color=colour, ms=4, alpha=0.8, mew=0, label=words)
    if name in _LOGARITHMIC:
        axes.set(xscale="log", yscale="log")
    axes.axline((right[known].min(),) * 2, (right[known].max(),) * 2, color=GREY, lw=1, zorder=0)
    axes.set(xlabel=f"{name_of(name)}, intended cell", ylabel="evaluated cell")
    axes.grid(color=PALE, lw=0.6)
    axes.set_axisbelow(True)
