"""Supernets over their epochs: what each method would name at every moment."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from tegnas_study.figures.style import CYCLE, PALE, WIDTH, styled

_DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1, 1, 1)))


@styled
def named_curves(named: pd.DataFrame, *, names: Mapping[str, str]) -> Figure:
    """Draw the accuracy of the cell that each method names over processor seconds, a mean over seeds.

    Args:
        named: One row an epoch: method, seed, epoch, time (processor seconds so far), found (percent).
        names: Method → its name; methods that are not there are left out.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 3.5))
    for number, (method, name) in enumerate(names.items()):
        mine = named[named["method"] == method].groupby("epoch")[["time", "found"]].mean()
        if len(mine):
            look = {"ls": _DASHES[number % len(_DASHES)], "color": CYCLE[number % len(CYCLE)]}
            axes.plot(mine["time"], mine["found"], marker="o", ms=3, lw=1.5, label=name, **look)
    axes.set(xlabel="processor seconds", ylabel="test accuracy of the named cell (%)")
    axes.set_xlim(left=0)
    axes.grid(color=PALE, lw=0.6)
    axes.set_axisbelow(True)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, handlelength=2.6, columnspacing=1)
    return figure
