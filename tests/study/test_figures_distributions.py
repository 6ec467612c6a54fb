"""Boxes hold the middle half of the numbers that they were given."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from made_up_atlas import sample_table

from tegnas_study.analysis.none_study import REPLACEMENTS, none_pairs
from tegnas_study.figures.distributions import accuracy_by_group, change_distributions, errors_of_variants
from tegnas_study.tables.ranking import TEG


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def table():
    return sample_table(600)


def test_a_box_is_the_middle_half_and_whiskers_hold_90_percent():
    table = pd.DataFrame({"depth": [1.0] * 101 + [2.0, None], "test_accuracy": [*np.arange(101) / 2, 90.0, 3.0]})
    (axes,) = accuracy_by_group(table, "depth").axes
    first, second = axes.patches
    assert sorted({*first.get_path().vertices[:, 1]} - {0.0}) == [12.5, 37.5]
    assert {*second.get_path().vertices[:, 1]} - {0.0} == {90.0}
    ends = {float(y) for line in axes.lines for y in line.get_ydata()}
    assert {2.5, 25.0, 47.5} <= ends and 50.0 not in ends
    assert [label.get_text() for label in axes.get_xticklabels()] == ["1\n101", "2\n1"]


def test_changes_have_a_box_a_replacement(table):
    changes = {f"change_{name}": name for name in (*TEG, "accuracy")}
    figure = change_distributions(none_pairs(table), changes, REPLACEMENTS)
    assert [axes.get_title(loc="left") for axes in figure.axes] == list(changes.values())
    assert [len(axes.patches) for axes in figure.axes] == [4] * 4


def test_errors_stand_beside_the_trivial_one(table):
    connected = table[table["connected"]]
    variants = {"regression_error": "MSE", "control_permuted": "permuted"}
    (axes,) = errors_of_variants(connected, variants, trivial=0.9).axes
    assert len(axes.patches) == 2
    assert axes.patches[0].get_facecolor() != axes.patches[1].get_facecolor()
    assert [0.9, 0.9] in [list(line.get_xdata()) for line in axes.lines]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["MSE", "permuted"]
