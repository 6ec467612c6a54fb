"""Figures of landscapes: what is drawn is what was given."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from tegnas_study.figures import landscapes as figures

INDICATORS = ("condition_number", "linear_regions", "regression_error")


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def pair():
    rng = np.random.default_rng(0)
    rows = pd.DataFrame({"part": ["parent"] + ["child"] * 40 + ["end"] * 2})
    rows["number"] = [0, *[0] * 20, *[1] * 20, 0, 1]
    rows[["x", "y", "mean_x", "mean_y"]] = rng.random((43, 4))
    rows[[*INDICATORS]] = 10 ** rng.random((43, 3))
    rows.loc[5, "condition_number"] = np.inf
    return rows


def test_a_pair_is_a_row_and_an_indicator_a_column():
    rows = {"early": pair(), "late": pair()}
    grid = (np.linspace(0, 1, 5), np.linspace(0, 1, 5), np.ones((5, 5)))
    surfaces = {name: dict.fromkeys(INDICATORS, grid) for name in rows}
    figure = figures.landscapes(rows, surfaces, dict.fromkeys(rows, (0.13, 0.07)))
    assert len(figure.axes) == 6
    assert "13.0 %" in figure.axes[1].get_xlabel() and "7.0 %" in figure.axes[0].get_ylabel()
    assert [axes.get_title() for axes in figure.axes[:3]] == ["κ", "R", "MSE"]
    visits = figure.axes[0].collections[1].get_offsets()
    assert len(visits) == 39  # the failed one has no colour
    dashed = figure.axes[0].lines[0].get_xydata()
    assert dashed == pytest.approx(rows["early"].loc[rows["early"]["part"] == "end", ["x", "y"]].to_numpy())


def test_kappa_and_mse_are_coloured_by_their_logarithms():
    values = pd.Series([1.0, 10.0, 100.0])
    assert figures.shown(values, "condition_number").tolist() == [0, 1, 2]
    assert figures.shown(values, "linear_regions").tolist() == [1, 10, 100]


def test_distances_have_a_column_a_kind_and_their_means():
    table = pd.DataFrame({"kind": ["early"] * 3 + ["late"] * 2, "apart": [0.2, 0.4, 0.6, 0.0, 0.1]})
    figure = figures.distances({"one": table, "two": table}, {"one": 0.8, "two": 0.9})
    axes = figure.axes[0]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["early", "late"]
    heights = sorted({round(float(line.get_ydata()[0]), 3) for line in axes.lines})
    assert heights == [0.05, 0.4, 0.8]


def test_profiles_have_a_line_a_step():
    rows = pd.DataFrame({"at": [50] * 3 + [350] * 3, "fraction": [0, 0.5, 1] * 2, "mean": 0.1, "spread": 0.2})
    figure = figures.profiles({"one": rows, "two": rows}, {50: "early", 350: "late"})
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == ["early", "late"]


def test_ruggedness_draws_means_over_sets():
    counts = pd.DataFrame({"fitness": "rank_sum", "draws": [1, 1, 2], "optima": [40, 60, 30]})
    figure = figures.ruggedness(counts, accuracy=17, names={"rank_sum": "sum of ranks"})
    assert figure.axes[0].lines[0].get_ydata().tolist() == [50, 30]
    assert figure.axes[0].lines[1].get_ydata()[0] == 17
