"""Learning curves of one training."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from tegnas_study.figures.style import BLUE, VERMILION, WIDTH, styled

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
