"""Long tables and their averages agree with what the evaluator itself returns."""

import math

import numpy as np
import pandas as pd
import pytest

from tegnas_core.errors import TegnasError
from tegnas_core.evaluated import Repeat, average
from tegnas_core.evaluation import Evaluator
from tegnas_core.settings import make_settings
from tegnas_core.spaces import NASBench201
from tegnas_study.data.benchmark import load_benchmark
from tegnas_study.data.images import load_images
from tegnas_study.sweep.rows import KEY
from tegnas_study.tables.frames import average_repeats, evaluate_many, join_accuracies, repeats_matrix

COLUMNS = (*KEY, "condition_number", "linear_regions", "regression_error", "status", "seconds")

SETTINGS = make_settings("teg", batch_size=4, repeats=2, region_images=20, region_batch=10)
ARCHITECTURES = NASBench201().sample_many(3, seed=0)  # the first is disconnected
FIELDS = ("condition_number", "linear_regions", "regression_error")


@pytest.fixture(scope="module")
def evaluator():
    return Evaluator(SETTINGS, load_images("synthetic"), seed=5)


@pytest.fixture(scope="module")
def rows(evaluator):
    return evaluate_many(evaluator, ARCHITECTURES, progress=False)


def test_rows_have_the_columns_of_a_sweep(rows):
    assert tuple(rows.columns[: len(COLUMNS)]) == COLUMNS
    assert all(name.startswith(("kernel_", "regression_kernel_")) for name in rows.columns[len(COLUMNS) :])
    assert len(rows) == 6
    assert rows.loc[0, [*KEY]].tolist() == [
        str(ARCHITECTURES[0]), "nas-bench-201", SETTINGS.label, "synthetic", 5, 0,
    ]  # fmt: skip


def test_no_architectures_give_an_empty_table_with_the_same_columns(evaluator):
    assert tuple(evaluate_many(evaluator, [], progress=False).columns) == COLUMNS


def test_controls_become_columns():
    evaluator = Evaluator(SETTINGS, load_images("synthetic"), controls=True)
    rows = evaluate_many(evaluator, ARCHITECTURES[1:2], progress=False)
    assert rows["control_permuted"].notna().all()
    assert "control_permuted" in average_repeats(rows, SETTINGS)


def test_a_column_that_some_rows_lack_is_averaged_where_it_is_whole(rows):
    """As in a table whose older rows were taken over: the new column is nan in them."""
    first = rows["architecture"] == str(ARCHITECTURES[0])
    found = average_repeats(rows.assign(kernel_trace=rows["kernel_trace"].where(~first)), SETTINGS)
    whole = average_repeats(rows, SETTINGS)
    assert math.isnan(found["kernel_trace"].iloc[0])
    pd.testing.assert_frame_equal(found.iloc[1:], whole.iloc[1:])
    pd.testing.assert_frame_equal(found.drop(columns="kernel_trace"), whole.drop(columns="kernel_trace"))


@pytest.mark.parametrize("rule", ["geometric", "arithmetic"])
def test_averages_are_those_of_the_evaluator(evaluator, rows, rule):
    settings = SETTINGS.model_copy(update={"average": rule})
    table = average_repeats(rows.assign(settings=settings.label), settings)
    assert table["architecture"].tolist() == [str(a) for a in ARCHITECTURES]
    for architecture, row in zip(ARCHITECTURES, table.to_dict("records"), strict=True):
        expected = average(architecture, [evaluator.evaluate_repeat(architecture, r) for r in (0, 1)], settings)
        assert [row[f] for f in FIELDS] == pytest.approx([getattr(expected, f) for f in FIELDS])
        assert (row["status"], row["repeats"]) == (expected.status, 2)


@pytest.mark.parametrize("rule", ["geometric", "arithmetic"])
def test_one_failed_repeat_fails_the_average(rule):
    settings = SETTINGS.model_copy(update={"average": rule})
    repeats = [
        Repeat(0, 3.0, 10.0, 1.0, "ok", 1.0, {}),
        Repeat(1, math.inf, 20.0, math.inf, "singular", 1.0, {}),
        Repeat(2, math.inf, math.nan, math.inf, "error", 1.0, {}),
    ]
    rows = pd.DataFrame([vars(r) for r in repeats]).drop(columns="controls")
    rows = rows.assign(architecture="a", space="s", settings=settings.label, images="i", seed=0)
    found = average_repeats(rows, settings).iloc[0]
    expected = average(ARCHITECTURES[0], repeats, settings)
    assert found["condition_number"] == found["regression_error"] == math.inf == expected.condition_number
    assert math.isnan(found["linear_regions"])
    assert found["status"] == "singular" == expected.status
    assert found["seconds"] == 3


def test_other_indicators_are_averaged_arithmetically_under_any_rule():
    shared = {"space": "s", "settings": SETTINGS.label, "images": "i", "seed": 0, "seconds": 1.0}
    values = {"a": (1.0, 4.0, "ok"), "b": (-math.inf, 4.0, "singular")}
    rows = [
        {"architecture": name, **shared, "repeat": r, "naswot": pair[r], "status": pair[2] if r == 0 else "ok"}
        for name, pair in values.items()
        for r in (0, 1)
    ]
    found = average_repeats(pd.DataFrame(rows), SETTINGS).set_index("architecture")
    assert SETTINGS.average == "geometric"
    assert found["naswot"].tolist() == [2.5, -math.inf]
    assert found["status"].tolist() == ["ok", "singular"]


@pytest.mark.parametrize("rule, expected", [("geometric", 10.0), ("arithmetic", 50.5)])
def test_both_condition_numbers_are_averaged_by_the_same_rule(rule, expected):
    """κ of the regression's kernel has the same heavy tail; another average would handicap it beside κ and MSE."""
    settings = SETTINGS.model_copy(update={"average": rule})
    shared = {"space": "s", "settings": settings.label, "images": "i", "seed": 0, "seconds": 1.0, "status": "ok"}
    rows = [
        {"architecture": "a", **shared, "repeat": r, "condition_number": k, "control_kappa_cells": k}
        for r, k in enumerate((1.0, 100.0))
    ]
    found = average_repeats(pd.DataFrame(rows), settings).iloc[0]
    assert found["condition_number"] == pytest.approx(expected)
    assert found["control_kappa_cells"] == pytest.approx(expected)


@pytest.mark.parametrize(
    "change, told",
    [
        (lambda rows: rows.assign(seed=[0, 1] * 3), "the rows mix seed 0, 1"),
        (lambda rows: rows.assign(settings="teg:other"), "computed with settings teg:other, not with"),
        (lambda rows: pd.concat([rows, rows]), "same repeat of an architecture twice"),
        (lambda rows: rows.iloc[:0], "no rows to average"),
    ],
)
def test_rows_of_different_sweeps_are_not_averaged(rows, change, told):
    with pytest.raises(TegnasError, match=told):
        average_repeats(change(rows), SETTINGS)


def test_matrix_of_repeats_keeps_order_and_needs_all_of_them(rows):
    matrix = repeats_matrix(rows, "linear_regions")
    assert matrix.index.tolist() == [str(a) for a in ARCHITECTURES]
    assert matrix.to_numpy().ravel().tolist() == rows["linear_regions"].tolist()
    with pytest.raises(TegnasError, match="not every architecture has all 2 repeats"):
        repeats_matrix(rows.iloc[:-1], "linear_regions")


def test_accuracies_are_joined_by_name_and_say_where_they_come_from(rows):
    benchmark = load_benchmark("analog")
    joined = join_accuracies(average_repeats(rows, SETTINGS), benchmark)
    known = benchmark.table.set_index("architecture")["cifar10_test_retrained"]
    assert joined["test_accuracy"].tolist() == [known[str(a)] for a in ARCHITECTURES]
    assert joined.attrs == {"test_accuracy": "cifar10_test_retrained"}
    assert "train_accuracy" not in joined
    unknown = join_accuracies(pd.DataFrame({"architecture": ["?"]}), benchmark)
    assert np.isnan(unknown["test_accuracy"]).all()
    by_index = join_accuracies(pd.DataFrame(index=[str(ARCHITECTURES[1])]), benchmark)
    assert by_index["test_accuracy"].tolist() == [known[str(ARCHITECTURES[1])]]


def test_accuracies_that_nobody_knows_are_an_error():
    with pytest.raises(TegnasError, match="has no cifar100 test accuracy"):
        join_accuracies(pd.DataFrame({"architecture": []}), load_benchmark("analog"), "cifar100")
