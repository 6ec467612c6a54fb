"""Every search has its curve, every result its mark, every repeat its dot."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from tegnas_study.figures import live_searches as drawing
from tegnas_study.figures.live_searches import BETTER
from tegnas_study.tables.ranking import TEG

METHODS = [("reinforce", 0), ("reinforce", 1), ("te-nas", 0)]


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def curves(column_values) -> pd.DataFrame:
    rows = [
        {"method": m, "seed": s, "evaluations": n, **{c: v * n for c, v in column_values.items()}}
        for m, s in METHODS
        for n in (1, 2, 3)
    ]
    return pd.DataFrame(rows)


def legend_of(axes) -> list[str]:
    return [text.get_text() for text in axes.get_legend().get_texts()]


def test_each_search_has_a_curve_in_each_panel():
    figure = drawing.search_ways(curves(dict.fromkeys([*TEG, BETTER], 0.1)))
    assert len(figure.axes) == 4
    for axes in figure.axes:
        drawn = [line for line in axes.lines if not line.get_label().startswith("_")]
        assert [line.get_ydata().tolist() for line in drawn] == [pytest.approx([0.1, 0.2, 0.3])] * 3
    assert legend_of(figure.axes[0]) == ["REINFORCE 0", "REINFORCE 1", "TE-NAS 0"]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == legend_of(figure.axes[0])


def test_seeds_of_a_method_share_a_colour_and_not_a_line():
    (axes,) = drawing.what_is_left(curves({"left": 0.3})).axes
    first, second, other = axes.lines
    assert first.get_color() == second.get_color() != other.get_color()
    assert first.get_linestyle() != second.get_linestyle()
    assert axes.get_ylim()[0] == 0


def test_every_pair_has_a_mark_in_a_row_with_words():
    pairs = pd.DataFrame(
        [("reinforce", "two seeds", 17), ("evolution", "two seeds", 3), ("evolution", "to the paper's", 9)],
        columns=["method", "pair", "distance"],
    )
    figure = drawing.distances(np.array([18, 19, 20]), pairs)
    below = figure.axes[1]
    assert [text.get_text() for text in below.get_yticklabels()] == [
        "REINFORCE, two seeds",
        "Evolution, two seeds",
        "Evolution, to the paper's",
    ]
    assert [line.get_xdata()[0] for line in below.lines[:3]] == [17, 3, 9]
