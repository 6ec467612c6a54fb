"""Curves show what they were given."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from tegnas_study.experiments.choices import METHODS
from tegnas_study.figures.curves import over_repeats, search_curves, signal_curves
from tegnas_study.figures.style import METHOD_NAMES


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def bands(*methods):
    rows = [(method, n, n + i, n + i - 0.5, n + i + 1.0) for i, method in enumerate(methods) for n in (1, 2)]
    return pd.DataFrame(rows, columns=["method", "evaluations", "median", "low", "high"])


def test_every_method_of_the_command_line_has_a_name():
    assert {*METHODS} == {*METHOD_NAMES}


def test_a_line_and_a_band_for_each_method():
    (axes,) = search_curves(bands("reinforce", "other"), xlabel="evaluations", ylabel="ones", line=20).axes
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["REINFORCE", "other"]
    assert [list(line.get_ydata()) for line in axes.lines] == [[1, 2], [2, 3], [20, 20]]
    assert [len(axes.collections), axes.get_xlabel(), axes.get_ylabel()] == [2, "evaluations", "ones"]
    extents = axes.collections[0].get_datalim(axes.transData)
    assert [extents.y0, extents.y1] == [0.5, 3.0]


def test_methods_look_the_same_wherever_they_stand_and_may_borrow():
    options = {"xlabel": "", "ylabel": ""}
    first = search_curves(bands("random", "evolution"), **options).axes[0].lines
    second = search_curves(bands("evolution", "random"), **options).axes[0].lines
    assert [line.get_color() for line in first] == [line.get_color() for line in second][::-1]
    assert first[0].get_color() != first[1].get_color()
    unknown = search_curves(bands("x", "evolution", "y"), **options).axes[0].lines
    assert len({line.get_color() for line in unknown}) == 3
    borrowed = search_curves(bands("ours"), looks={"ours": "evolution"}, **options).axes[0].lines[0]
    assert borrowed.get_color() == first[1].get_color()


def test_signal_over_samples_with_a_tick_for_each_number_of_samples():
    table = pd.DataFrame(
        [("reinforce", 1, 0.2), ("reinforce", 4, 0.4), ("fp-nas", 1, 0.0), ("fp-nas", 4, 0.1)],
        columns=["method", "n_samples", "signal_to_noise"],
    )
    (axes,) = signal_curves(table).axes
    assert [label.get_text() for label in axes.get_xticklabels()] == ["1", "4"]
    assert [list(line.get_ydata()) for line in axes.lines[:2]] == [[0.2, 0.4], [0.0, 0.1]]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["REINFORCE", "FP-NAS"]


def test_a_curve_for_each_indicator_over_repeats():
    table = pd.DataFrame(
        [("linear_regions", 1, 0.5, 0.4, 0.6), ("linear_regions", 2, 0.7, 0.6, 0.8), ("other", 1, 0.2, 0.1, 0.3)],
        columns=["predictor", "k", "tau", "low", "high"],
    )
    (axes,) = over_repeats(table, xlabel="repeats", ylabel="τ", line=0.9).axes
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["R", "other"]
    assert [list(line.get_ydata()) for line in axes.lines] == [[0.5, 0.7], [0.2], [0.9, 0.9]]
    assert [len(axes.collections), axes.get_xlabel()] == [2, "repeats"]
