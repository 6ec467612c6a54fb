"""The three indicators beside their rivals, the strongest on top."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from tegnas_study.figures.intervals import interval_chart
from tegnas_study.figures.style import SYMBOLS

RIVAL_NAMES: Mapping[str, str] = {
    **SYMBOLS,
    "parameters": "parameters",
    "flops": "FLOPs",
    "depth": "depth",
    "n_convolutions": "convolutions",
    "naswot": "NASWOT",
    "jacob_cov": "jacob-cov",
    "grad_norm": "grad-norm",
    "snip": "snip",
    "log_synflow": "synflow",
    "label_gradient_alignment": "alignment",
}


def rivals_chart(
    table: pd.DataFrame,
    *,
    colour: str = "subset",
    value: str = "tau",
    names: Mapping[str, str] | None = None,
    xlabel: str = "agreement with accuracy, Kendall's τ",
) -> Figure:
    """Draw a number of every indicator with its interval, in rows that fall by the first colour.

    FLOPs are left out where parameters are there: on this space they put everything in the same order.

    Args:
        table: Columns predictor, colour, value, low, high.
        colour: Column that says which colour a number has.
        value: Column of the number.
        names: What colours are called; others keep their names.
        xlabel: Under the axis.
    """
    counted_once = (table["predictor"] != "flops") | ("parameters" not in set(table["predictor"]))
    shown = table[counted_once]
    first = shown[shown[colour] == shown[colour].iloc[0]].set_index("predictor")[value]
    place = first.rank(ascending=False).to_dict()
    ordered = shown.sort_values("predictor", key=lambda c: c.map(place).fillna(len(place) + 1), kind="stable")
    groups = list(dict.fromkeys(shown[colour]))
    ordered = ordered.sort_values(colour, key=lambda c: c.map(groups.index), kind="stable")
    return interval_chart(
        ordered, row="predictor", colour=colour, value=value, names=RIVAL_NAMES | (names or {}), xlabel=xlabel
    )
