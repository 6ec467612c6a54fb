"""Histories below each other, and what is typical of several seeds."""

import numpy as np
import pandas as pd
import pytest

from tegnas_core.errors import TegnasError
from tegnas_core.search import Objective, RandomSearch, search
from tegnas_core.spaces import Toy
from tegnas_study.analysis.searches.trajectories import (
    best_so_far,
    first_at_least,
    histories_table,
    mean_over_seeds,
    over_seeds,
    running_mean,
    share_of_start,
)

ROWS = [("a", 0, 2.0), ("a", 1, 4.0), ("a", 0, 1.0), ("a", 1, 1.0), ("a", 0, 6.0), ("b", 0, 8.0)]


@pytest.fixture
def table():
    found = pd.DataFrame(ROWS, columns=["method", "seed", "value"], index=[9, 7, 5, 3, 1, 0])
    return found.assign(evaluations=found.groupby(["method", "seed"]).cumcount() + 1)


def test_histories_stand_below_each_other_with_their_names():
    def run(seed):
        method = RandomSearch(Toy(4), rng=np.random.default_rng(seed), n_steps=3 + seed)
        return search(method, lambda bits: {"ones": bits.ones}, [Objective("ones", True)])

    found = histories_table(("random", seed, run(seed)) for seed in (0, 1))
    assert found.groupby("seed").size().tolist() == [3, 4]
    assert found["evaluations"].tolist() == [1, 2, 3, 1, 2, 3, 4]
    assert set(found["method"]) == {"random"} and found.index.is_unique


def test_no_history_is_told():
    with pytest.raises(TegnasError, match="at least one search"):
        histories_table([])


def test_every_search_has_its_own_best_and_its_own_start(table):
    assert best_so_far(table, "value").tolist() == [2, 4, 2, 4, 6, 8]
    assert share_of_start(table, "value").tolist() == [1, 1, 0.5, 0.25, 3, 1]


def test_a_running_mean_stays_in_its_search_and_keeps_the_rows(table):
    found = running_mean(table, "value", 2)
    assert found.tolist() == [2, 4, 1.5, 2.5, 3.5, 8]
    assert found.index.equals(table.index)
    with pytest.raises(TegnasError, match="at least 1 evaluation, got window=0"):
        running_mean(table, "value", 0)


def test_when_a_value_is_first_reached_and_when_it_never_is(table):
    found = first_at_least(table, "value", 5.0)
    assert found["a"][0] == 3 and np.isnan(found["a"][1]) and found["b"][0] == 1


def test_a_search_that_has_ended_keeps_its_last_value(table):
    found = over_seeds(table, "value")
    assert found.columns.tolist() == ["method", "evaluations", "median", "low", "high"]
    assert found.to_numpy().tolist() == [
        ["a", 1, 3, 2, 4],
        ["a", 2, 1, 1, 1],
        ["a", 3, 3.5, 1, 6],
        ["b", 1, 8, 8, 8],
    ]


def test_a_band_may_be_narrower_than_the_range(table):
    found = over_seeds(table, "value", band=(0.25, 0.75))
    assert found[["low", "high"]].iloc[0].tolist() == [2.5, 3.5]


def test_the_last_row_of_a_step_stands_for_it_and_missing_ones_are_left_out(table):
    found = over_seeds(
        table.assign(step=[0, 0, 0, 0, 1, 0], value=[2, 4, 1, np.nan, 6, np.nan]), "value", x="step"
    )
    assert found.to_numpy().tolist() == [["a", 0, 2.5, 1, 4], ["a", 1, 5, 4, 6]]


def test_a_mean_over_seeds_has_an_interval_that_knows_how_many_there_are():
    values = np.random.default_rng(0).normal(3.0, size=400)
    few, many = (mean_over_seeds(values[:n], seed=0) for n in (25, 400))
    assert many.value == pytest.approx(values.mean())
    half = 1.96 * values.std() / 20
    assert many.high - many.value == pytest.approx(half, rel=0.15)
    assert few.high - few.low > 2.5 * (many.high - many.low)
    assert mean_over_seeds(values[:25], seed=0) == few
    with pytest.raises(TegnasError, match="at least 2 searches, got 1"):
        mean_over_seeds([1.0], seed=0)
