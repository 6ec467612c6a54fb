"""Figures of rivals and repeats show what they were given, in the order that helps reading."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from tegnas_core.indicators import INDICATORS
from tegnas_study.figures.repeats import over_repeats
from tegnas_study.figures.rivals import RIVAL_NAMES, rivals_chart


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def rows(*numbers):
    found = [(p, subset, x, x - 0.1, x + 0.1) for p, subset, x in numbers]
    return pd.DataFrame(found, columns=["predictor", "subset", "tau", "low", "high"])


def test_every_indicator_has_a_name():
    assert {*INDICATORS, "rank_sum"} == {*RIVAL_NAMES}


def test_the_strongest_stands_on_top_and_size_once():
    table = rows(
        ("snip", "all", 0.1),
        ("naswot", "all", 0.6),
        ("parameters", "all", 0.5),
        ("flops", "all", 0.5),
        ("naswot", "top", 0.0),
        ("depth", "top", 0.9),
        ("snip", "top", 0.3),
    )
    (axes,) = rivals_chart(table, names={"top": "top tenth"}).axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["NASWOT", "parameters", "snip", "depth"]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["all", "top tenth"]
    drawn = {
        line.get_label(): sorted(line.get_xdata())
        for line in axes.lines
        if line.get_label() in ("all", "top tenth")
    }
    assert drawn == {"all": [0.1, 0.5, 0.6], "top tenth": [0.0, 0.3, 0.9]}


def test_flops_are_shown_where_they_stand_alone():
    (axes,) = rivals_chart(rows(("flops", "all", 0.5))).axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["FLOPs"]


def test_a_curve_for_each_indicator_over_repeats():
    table = pd.DataFrame(
        [("linear_regions", 1, 0.5, 0.4, 0.6), ("linear_regions", 2, 0.7, 0.6, 0.8), ("other", 1, 0.2, 0.1, 0.3)],
        columns=["predictor", "k", "tau", "low", "high"],
    )
    (axes,) = over_repeats(table, xlabel="repeats", ylabel="τ", line=0.9).axes
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["R", "other"]
    assert [list(line.get_ydata()) for line in axes.lines] == [[0.5, 0.7], [0.2], [0.9, 0.9]]
    assert [len(axes.collections), axes.get_xlabel()] == [2, "repeats"]
