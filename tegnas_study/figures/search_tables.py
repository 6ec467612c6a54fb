"""What searches find, in rows: a mean over seeds with its interval for every method and reward."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from tegnas_study.figures.intervals import interval_chart
from tegnas_study.figures.style import METHOD_NAMES

REWARD_NAMES: Mapping[str, str] = {
    "teg": "TEG",
    "accuracy-1-epoch": "accuracy after one epoch",
    "params": "number of parameters",
    "accuracy": "final accuracy (ceiling)",
    "naswot": "NASWOT",
    "kappa": "κ",
    "regions": "R",
    "mse": "MSE",
    "kappa+regions": "κ, R",
    "kappa+mse": "κ, MSE",
    "regions+mse": "R, MSE",
}


def found_chart(
    table: pd.DataFrame,
    *,
    row: str = "method",
    colour: str = "reward",
    value: str = "mean",
    xlabel: str = "test accuracy of the cell found (%)",
    paper: Mapping[str, float] | None = None,
    names: Mapping[str, str] | None = None,
    zero: bool = False,
) -> Figure:
    """Draw a number of every row of searches with its interval.

    Args:
        table: Columns row, colour, value, low, high.
        row: Column that says in which row a number stands, in order of appearance.
        colour: Column that says which colour and marker it has.
        value: Column of the number.
        xlabel: Under the axis.
        paper: What the paper prints, by row; drawn as an open diamond.
        names: What else rows and colours are called.
        zero: Whether the axis shows where zero is, as for differences.
    """
    called = {**METHOD_NAMES, **REWARD_NAMES, **(names or {})}
    return interval_chart(
        table, row=row, colour=colour, value=value, names=called, xlabel=xlabel, paper=paper, zero=zero
    )
