"""Parts of a scored table, and tables that cannot be judged."""

import numpy as np
import pandas as pd
import pytest

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.cards.scored import Scored, scored
from tegnas_study.tables.ranking import rank_sum

NAMES = [f"a{k}" for k in range(40)]
SPACE = pd.DataFrame(
    {
        "architecture": NAMES,
        "representative": [f"a{k - k % 2}" for k in range(40)],  # pairs
        "connected": [k >= 4 for k in range(40)],
        "parameters": [float(k // 10) for k in range(40)],
    }
)
ACCURACY = pd.Series(np.arange(40.0) + 50, index=NAMES)
VALUES = pd.DataFrame({"x": np.arange(40.0)[::-1], "y": [*range(39), np.inf]}, index=NAMES)


def make(columns, values=VALUES, accuracy=ACCURACY):
    return scored(values, SPACE, accuracy, columns, what="the table")


def test_parts_are_the_rows_they_are_named_after():
    found = make({"x": False})
    assert found.part("all")["architecture"].tolist() == NAMES
    assert found.part("classes")["architecture"].tolist() == NAMES[::2]
    assert found.part("top tenth")["architecture"].tolist() == NAMES[-4:]
    assert found.part("equal size")["architecture"].tolist() == NAMES[4:]
    assert np.argsort(found.part("all")["score"]).tolist() == [*range(40)]  # small is good, and x falls


def test_a_class_without_its_representative_is_there_by_another_member():
    rows = make({"x": False}, VALUES.drop("a0")).part("classes")
    assert rows["architecture"].tolist()[:2] == ["a1", "a2"] and len(rows) == 20


def test_several_columns_are_the_sum_of_their_ranks_within_the_part():
    directions = {"x": False, "y": True}
    rows = make(directions).part("top tenth")
    expected = rank_sum(rows, ["x", "y"], higher_is_better=directions)
    assert rows["score"].tolist() == (-expected).tolist()


def test_what_is_not_finite_ranks_last_and_is_counted():
    found = make({"y": True})
    assert found.failed == 1
    assert found.part("all")["score"].idxmin() == 39


def test_architectures_without_accuracy_are_left_out():
    assert len(make({"x": False}, accuracy=ACCURACY.drop(["a3", "a7"])).rows) == 38


@pytest.mark.parametrize(
    ("values", "accuracy", "told"),
    [
        (VALUES.head(29), ACCURACY, "scores 29 architectures whose accuracy is known; a card needs at least 30"),
        (VALUES, ACCURACY.head(5), "scores 5 architectures"),
        (VALUES.assign(x=1.0), ACCURACY, "gives all 40 architectures the same score"),
        (VALUES.assign(x=np.nan), ACCURACY, "gives all 40 architectures the same score"),
        (VALUES, ACCURACY * 0, "gives all 40 architectures the same accuracy"),
    ],
)
def test_what_orders_nothing_is_refused(values, accuracy, told):
    with pytest.raises(TegnasError, match=told):
        make({"x": False}, values, accuracy)


def test_scored_is_frozen():
    with pytest.raises(AttributeError):
        Scored(SPACE, {}).rows = SPACE
