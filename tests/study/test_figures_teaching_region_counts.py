"""Counts are drawn as they were given, beside what they are compared with."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from tegnas_study.figures.teaching import region_counts as draw

TABLE = pd.DataFrame({"one": [2, 4], "two": [2, 3]}, index=[8, 16])
FORMULA = pd.Series({8: 2, 16: 5}, name="formula")


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def words(axes):
    return [text.get_text() for text in axes.get_legend().get_texts()]


def test_counts_stand_beside_the_formula():
    (axes,) = draw.regions_against_formula(TABLE, FORMULA).axes
    assert words(axes) == ["formula", "one", "two"]
    assert [line.get_ydata().tolist() for line in axes.lines] == [[2, 5], [2, 4], [2, 3]]


def test_growth_has_a_line_for_each_depth_and_for_what_is_possible():
    possible = {"can have": pd.Series({16: 100})}
    (axes,) = draw.growth_of_regions(TABLE, FORMULA, possible).axes
    assert words(axes) == ["can have", "formula", "one", "two"]
    assert [axes.get_xscale(), axes.get_yscale()] == ["log", "log"]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["8", "16"]


def test_samples_are_compared_with_expectation_ceiling_and_diagonal():
    figure = draw.regions_by_samples(TABLE, expected={"one": lambda m: np.sqrt(m)}, ceilings={"two": 7})
    (axes,) = figure.axes
    diagonal, one, curve, two, ceiling = axes.lines
    assert np.array_equal(diagonal.get_xdata(), diagonal.get_ydata())
    assert np.allclose(curve.get_ydata(), np.sqrt(curve.get_xdata()))
    assert [one.get_linestyle(), two.get_linestyle()] == ["None", "-"]
    assert [*ceiling.get_ydata()] == [7, 7] and ceiling.get_color() == two.get_color()


def test_spread_has_a_dot_for_each_cell_and_the_ceiling():
    table = pd.DataFrame({3: [5, 50, 80], 6: [100, 99, 98]})
    (axes,) = draw.regions_spread(table, n_inputs=100).axes
    assert [sorted(line.get_ydata().tolist()) for line in axes.lines[1:]] == [[5, 50, 80], [98, 99, 100]]
    assert "100 crops" in [text.get_text() for text in axes.texts]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["3×3", "6×6"]
