"""Which rows a subset holds, and what direction a predictor has."""

import subprocess
import sys

import numpy as np
import pytest
from made_up_atlas import sample_table

from tegnas_core import indicators
from tegnas_core.errors import TegnasError
from tegnas_core.indicators import INDICATORS
from tegnas_core.spaces.architecture import Architecture
from tegnas_study.analysis.subsets import (
    DIRECTIONS,
    RIVALS,
    SUBSETS,
    evaluated,
    oriented,
    subset,
    with_predictors,
)
from tegnas_study.tables.ranking import rank_sum
from tegnas_study.tables.sizes import complexity_of


@pytest.mark.slow
def test_analyses_need_no_torch():
    code = (
        "import sys, tegnas_study.analysis.report; sys.exit('torch' in sys.modules or 'matplotlib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


@pytest.fixture(scope="module")
def table():
    made_up = sample_table(600)
    made_up.loc[5:14, "status"] = "missing"
    made_up.loc[20:29, "test_accuracy"] = np.nan
    return with_predictors(made_up)


def test_sizes_are_those_of_the_benchmarks_network(table):
    row = table.iloc[3]
    expected = complexity_of(Architecture.parse(row["architecture"]))
    assert (row["parameters"], row["flops"]) == (expected.parameters, expected.flops)


def test_missing_rows_are_left_out(table):
    assert len(table) == 590
    assert "missing" not in set(evaluated(table)["status"])


def test_subsets_are_what_they_say(table):
    everything = subset(table, "all")
    assert len(everything) == 580
    assert everything["rank_sum"].equals(rank_sum(everything))
    assert len(subset(table, "connected")) == everything["connected"].sum() < 580
    classes = subset(table, "classes")
    assert classes["representative"].is_unique
    assert set(classes["architecture"]) <= set(classes["representative"])
    top = subset(table, "top tenth")
    assert len(top) == 58
    assert top["test_accuracy"].min() >= everything["test_accuracy"].drop(top.index).max()
    assert top["rank_sum"].min() <= 58  # ranks are those among themselves
    assert subset(table.assign(test_accuracy=90 + table.index / 100.0), "above 90")["test_accuracy"].min() > 90


@pytest.mark.parametrize(
    "name, accuracy, told",
    [
        ("best", "test_accuracy", f"known are {', '.join(SUBSETS)}"),
        ("all", "train_accuracy", "no accuracy 'train_accuracy'; join a benchmark first"),
    ],
)
def test_wrong_input_is_told_in_one_line(table, name, accuracy, told):
    with pytest.raises(TegnasError, match=told):
        subset(table, name, accuracy)


def test_an_empty_subset_says_so(table):
    with pytest.raises(TegnasError, match="no architecture with indicators and test_accuracy"):
        subset(table.assign(test_accuracy=50.0), "above 90")


@pytest.mark.parametrize("column, best", [("condition_number", 1.0), ("linear_regions", 9.0), ("parameters", 9.0)])
def test_a_turned_predictor_is_largest_where_it_is_best(table, column, best):
    few = table.head(3).assign(**{column: [1.0, np.inf if column == "condition_number" else 0.5, 9.0]})
    turned = oriented(few, column)
    assert few.loc[turned.idxmax(), column] == best
    assert turned.idxmin() == few.index[1]  # the failure, or the smallest


def test_a_predictor_needs_a_direction(table):
    with pytest.raises(TegnasError, match="no direction is known for 'n_none'"):
        oriented(table, "n_none")


def test_directions_are_those_of_the_indicators():
    known = {name: indicator.higher_is_better for name, indicator in INDICATORS.items()}
    assert known | {"rank_sum": False} == DIRECTIONS
    assert tuple(indicators.RIVALS) == RIVALS


def test_a_cell_without_a_path_has_the_worst_depth(table):
    turned = oriented(table, "depth")
    assert (turned[~table["connected"]] == turned.min()).all()
    assert turned[table["connected"]].min() > turned.min()
