"""The regression error beside its controls."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from tegnas_study.figures.style import BLUE, GREY, INK, ORANGE, PALE, VERMILION, WIDTH, styled


@styled
def errors_of_variants(table: pd.DataFrame, variants: Mapping[str, str], *, trivial: float) -> Figure:
    """Draw the distribution of each variant's error, and the error of predicting the mean.

    A box holds the middle half, the line in it is the median, the whiskers reach from the smallest error to 95 %.

    Args:
        table: One row an architecture, a column a variant; what is not finite is left out.
        variants: Column → its words, from top to bottom. Variants with permuted labels, whose column says so, have
        a
            colour of their own.
        trivial: Error of predicting the mean.
    """
    figure, axes = plt.subplots(figsize=(WIDTH, 0.8 + 0.42 * len(variants)))
    groups = [table.loc[np.isfinite(table[column]), column] for column in variants]
    drawn = axes.boxplot(
        groups,
        orientation="horizontal",
        whis=(0, 95),
        showfliers=False,
        widths=0.6,
        patch_artist=True,
        boxprops={"edgecolor": GREY},
        medianprops={"color": INK, "linewidth": 2},
        whiskerprops={"color": GREY},
        capprops={"color": GREY},
    )
    for box, column in zip(drawn["boxes"], variants, strict=True):
        box.set_facecolor(ORANGE if "permuted" in column else BLUE)
    axes.axvline(trivial, color=VERMILION, lw=1.5)
    axes.text(trivial, 0.35, " predicting the mean", color=VERMILION, va="bottom", fontsize=10)
    axes.set_yticks(range(1, len(variants) + 1), list(variants.values()))
    axes.set_ylim(len(variants) + 0.6, 0.3)
    axes.set_xlabel("error on held-out images")
    axes.grid(axis="x", color=PALE, lw=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(left=False)
    return figure


@styled
def parts_of_the_error(table: pd.DataFrame, *, trivial: float) -> Figure:
    """Draw the error over its two parts: mean ‖ŷ‖², which knows no held-out label, and mean ⟨ŷ, y⟩, which does.

    Args:
        table: Columns control_norm, control_alignment, regression_error; one row an architecture.
        trivial: Mean ‖y‖²; the line is an error of it and of the norm alone.
    """
    rows = table[np.isfinite(table["regression_error"])]
    figure, (left, right) = plt.subplots(1, 2, figsize=(WIDTH, 2.9), sharey=True)
    options = {"s": 3, "alpha": 0.25, "linewidths": 0, "color": BLUE, "rasterized": True}
    left.scatter(rows["control_norm"], rows["regression_error"], **options)
    right.scatter(rows["control_alignment"], rows["regression_error"], **options)
    ends = np.array([0, rows["control_norm"].quantile(0.999)])
    left.plot(ends, ends + trivial, color=VERMILION, lw=1.2)
    left.set(xlabel="size of the predictions,\nmean ‖ŷ‖²", ylabel="regression error MSE", xlim=ends)
    left.set_ylim(rows["regression_error"].min() - 0.1, rows["regression_error"].quantile(0.999))
    right.set(xlabel="agreement with the labels,\nmean ⟨ŷ, y⟩")
    return figure
