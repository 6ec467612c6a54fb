"""Charts of intervals show every number, in the order that helps reading, and zero only where it was asked for."""

import itertools

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from tegnas_core.indicators.names import INDICATORS
from tegnas_study.experiments.study import table_2, table_5
from tegnas_study.figures.intervals import (
    REWARD_NAMES,
    RIVAL_NAMES,
    found_chart,
    gaps_by_draw,
    interval_chart,
    rivals_chart,
)
from tegnas_study.figures.style import CYCLE, METHOD_NAMES


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_interval_chart_draws_every_number_with_its_interval():
    rows = [("κ", "a", 0.5, 0.4, 0.6), ("κ", "b", 0.1, 0.0, 0.2), ("R", "a", -0.3, -0.4, -0.2)]
    found = pd.DataFrame(rows, columns=["row", "colour", "tau", "low", "high"])
    figure = interval_chart(found, row="row", colour="colour", names={"a": "all"}, paper={"κ": 0.59})
    (axes,) = figure.axes
    drawn = sorted(x for line in axes.lines for x in line.get_xdata() if line.get_marker() in "os")
    assert drawn == [-0.3, 0.1, 0.5]
    ends = sorted(tuple(path[:, 0]) for c in axes.collections for path in c.get_segments())
    assert ends == [(-0.4, -0.2), (0.0, 0.2), (0.4, 0.6)]
    figure.canvas.draw()
    words = [text.get_text() for text in figure.findobj(plt.Text)]
    assert {"κ", "R", "all", "b", "paper"} <= {*words}


def test_interval_chart_needs_no_colours():
    found = pd.DataFrame([("κ", 0.5, 0.4, 0.6)], columns=["row", "tau", "low", "high"])
    assert interval_chart(found, row="row").legends == []


def test_a_figure_taller_than_a_screen_has_its_legend_at_both_ends():
    table = pd.DataFrame(
        [(f"row {n}", group, 0.5, 0.4, 0.6) for n in range(20) for group in "ab"],
        columns=["row", "group", "tau", "low", "high"],
    )
    tall, short = (interval_chart(part, row="row", colour="group") for part in (table, table.head(8)))
    words = [[text.get_text() for text in legend.get_texts()] for legend in tall.legends]
    assert words == [["a", "b"], ["a", "b"]] and len(short.legends) == 1


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
    assert [text.get_text() for text in axes.figure.legends[0].get_texts()] == ["all", "top tenth"]
    drawn = {
        line.get_label(): sorted(line.get_xdata())
        for line in axes.lines
        if line.get_label() in ("all", "top tenth")
    }
    assert drawn == {"all": [0.1, 0.5, 0.6], "top tenth": [0.0, 0.3, 0.9]}


def test_flops_are_shown_where_they_stand_alone():
    (axes,) = rivals_chart(rows(("flops", "all", 0.5))).axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["FLOPs"]


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
    legend = [text.get_text() for text in axes.figure.legends[0].get_texts()]
    assert legend == ["TEG", "number of parameters", "paper"]
    low, high = axes.get_xlim()
    assert 85 < low < 90.2 and high < 95


def test_differences_are_shown_beside_zero(table):
    (axes,) = found_chart(table, zero=True).axes
    assert axes.get_xlim()[0] <= 0


def test_gaps_by_draw_have_a_panel_for_each_accuracy_and_a_dot_for_each_draw():
    parts = itertools.product(
        ("test", "valid", "other"), ("one epoch", "parameters"), ("reinforce", "local"), range(4)
    )
    rows = [(*part, 0.5 * k - 1) for k, part in enumerate(parts)]
    gaps = pd.DataFrame(rows, columns=["accuracy", "than", "method", "source", "gap"])
    figure = gaps_by_draw(gaps, names={"one epoch": "than one epoch", "parameters": "than parameters"})
    panels = [axes for axes in figure.axes if axes.get_xlabel()]
    assert [axes.get_xlabel() for axes in panels] == ["test", "valid", "other"]
    dots = [line for line in panels[0].lines if line.get_marker() in "os"]
    assert [len(line.get_xdata()) for line in dots] == [8, 8]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["than one epoch", "than parameters"]
    plt.close(figure)


def test_a_group_keeps_its_colour_where_another_is_missing():
    found = pd.DataFrame({"row": ["a"], "kind": ["theirs"], "tau": [0.5], "low": [0.4], "high": [0.6]})
    plain, kept = (
        interval_chart(found, row="row", colour="kind", palette=palette).axes[0]
        for palette in (None, ["ours", "theirs"])
    )
    colours = [axes.lines[0].get_color() for axes in (plain, kept)]
    assert colours == [CYCLE[0], CYCLE[1]]


def test_colours_that_begin_anew_are_open_and_long_words_stand_below_each_other():
    names = [f"a guide of the search, number {k}" for k in range(7)]
    found = pd.DataFrame({"row": "a", "kind": names, "tau": 0.5, "low": 0.4, "high": 0.6})
    figure = interval_chart(found, row="row", colour="kind")
    first, last = figure.axes[0].lines[0], figure.axes[0].lines[6]
    assert first.get_color() == last.get_color()
    assert first.get_markerfacecolor() != "white" == last.get_markerfacecolor()
    assert figure.legends[0]._ncols == 1
