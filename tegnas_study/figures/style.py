"""How every figure looks: one width that a phone can show, colours that every eye tells apart, words for columns.

A figure function takes a table or values and returns a Matplotlib figure. It knows no torch, computes no result,
and puts no title on the plot: the caption in the chapter is the title.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator

from tegnas_core.indicators.names import RANK_SUM, TEG

P = ParamSpec("P")

# Okabe and Ito's palette (2008), the accents of the book among them.
BLUE, SKY, GREEN, YELLOW = "#0072b2", "#56b4e9", "#009e73", "#f0e442"
ORANGE, VERMILION, PURPLE = "#e69f00", "#d55e00", "#cc79a7"
GREY, PALE, INK = "#6b7280", "#d1d5db", "#1f2933"
CYCLE = (BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY)

WIDTH = 5.0  # inches: 11 points are then 11 pixels on a screen of 390

STYLE = {
    "figure.dpi": 200,
    "figure.constrained_layout.use": True,
    "font.size": 11,
    "axes.labelsize": 11,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "legend.fontsize": 10,
    "legend.frameon": False,
    "axes.prop_cycle": plt.cycler(color=CYCLE),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "lines.linewidth": 2,
}

# Linear in −log(101 − accuracy), and back: what spreads accuracies near the top; the 101 keeps 100 % on the axis.
ACCURACY_SCALE = (lambda a: -np.log10(101 - np.minimum(a, 100.9)), lambda s: 101 - 10.0 ** (-s))
ACCURACY_TICKS = (10, 30, 50, 70, 80, 85, 90, 93, 95, 98, 100)

METHOD_NAMES = {
    "reinforce": "REINFORCE",
    "evolution": "evolution",
    "fp-nas": "FP-NAS",
    "local": "local search",
    "random": "random search",
    "naswot": "NASWOT",
    "te-nas": "TE-NAS",
}
SYMBOLS = {name: indicator.symbol for name, indicator in TEG.items()} | {RANK_SUM: "sum of ranks"}
NAMES = {name: f"{name.replace('_', ' ')} {indicator.symbol}" for name, indicator in TEG.items()} | {
    "test_accuracy": "test accuracy (%)",
    "train_accuracy": "train accuracy (%)",
}
OPERATION_NAMES = {
    "none": "none",
    "skip_connect": "skip",
    "nor_conv_1x1": "conv 1×1",
    "nor_conv_3x3": "conv 3×3",
    "avg_pool_3x3": "avg pool",
}
OPERATION_COLOURS = {
    "none": PALE,
    "skip_connect": GREY,
    "nor_conv_1x1": SKY,
    "nor_conv_3x3": BLUE,
    "avg_pool_3x3": ORANGE,
}


def styled(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Make a figure function draw in the book's style and leave Matplotlib's own settings alone."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with plt.rc_context(STYLE):
            return draw(*args, **kwargs)

    return drawn


def name_of(column: str) -> str:
    """Return what a column is called on an axis; an unknown one keeps its name, without underscores."""
    return NAMES.get(column, column.replace("_", " "))


def accuracy_scale(axes: Axes, which: str = "y") -> None:
    """Spread accuracies near the top: the axis is linear in −log(101 − accuracy).

    Most architectures lie within a few percent of the best, where a linear axis would show one dot.
    """
    {"x": axes.set_xscale, "y": axes.set_yscale}[which]("function", functions=ACCURACY_SCALE)
    axis = {"x": axes.xaxis, "y": axes.yaxis}[which]
    axis.set_major_locator(FixedLocator(ACCURACY_TICKS))
    axis.set_minor_locator(FixedLocator([]))
    axis.set_major_formatter("{x:g}")
