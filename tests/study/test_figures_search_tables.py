"""The figure of searches shows what it was given, and zero only where it was asked for."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from tegnas_study.experiments.study import table_2, table_5
from tegnas_study.figures.search_tables import REWARD_NAMES, found_chart
from tegnas_study.figures.style import METHOD_NAMES


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.fixture
def table():
    rows = [("reinforce", "teg", 93.0), ("reinforce", "params", 92.0), ("local", "teg", 93.5)]
    return pd.DataFrame(
        [(m, r, x, x - 0.1, x + 0.1) for m, r, x in rows], columns=["method", "reward", "mean", "low", "high"]
    )


def test_every_row_of_the_study_has_a_name():
    requests = (*table_2(), *table_5())
    assert {r.method for r in requests} <= {*METHOD_NAMES} and {r.reward for r in requests} <= {*REWARD_NAMES}


def test_accuracies_are_shown_where_they_are(table):
    (axes,) = found_chart(table, paper={"reinforce": 90.2}).axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["REINFORCE", "local search"]
    legend = [text.get_text() for text in axes.get_legend().get_texts()]
    assert legend == ["TEG", "number of parameters", "paper"]
    low, high = axes.get_xlim()
    assert 85 < low < 90.2 and high < 95


def test_differences_are_shown_beside_zero(table):
    (axes,) = found_chart(table, zero=True).axes
    assert axes.get_xlim()[0] <= 0
