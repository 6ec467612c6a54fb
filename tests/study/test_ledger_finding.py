"""Numbers as the ledger shows them, and the range of four searches."""

import numpy as np
import pandas as pd
import pytest

from tegnas_study.ledger.finding import (
    Finding,
    difference_over_draws,
    exact,
    of_four_searches,
    over_draws_and_seeds,
)
from tegnas_study.tables.bootstrap import Estimate

OPTIONS = {"seed": 0, "n_draws": 1000}


def test_a_counted_number_has_no_interval():
    assert str(exact(3.5581, "a cell", suffix=" million")) == "3.56 million"


def test_an_open_interval_is_not_written():
    found = Finding(pd.Series([2.0]), Estimate(2.0, -np.inf, np.inf), "cells", "two of them", suffix=" ×")
    assert (str(found), found.short) == ("2.00 ×", "2.00 ×")


def test_signs_stand_before_numbers_and_not_before_deviations():
    table = pd.DataFrame([[-0.1, -0.2], [-0.3, -0.2]])
    found = over_draws_and_seeds(table, "two draws", spec="+.2f", suffix=" %", **OPTIONS)
    assert str(found).startswith("−0.20 ± 0.07 [")
    assert "+" not in str(found) and found.n == 2


def test_a_zero_has_no_sign():
    found = Finding(pd.Series([-0.004]), Estimate(-0.004, -0.2, 0.001), "cells", "one of them", spec="+.2f")
    assert str(found) == found.short == "0.00 [−0.20, 0.00]"


def test_the_range_of_four_searches_is_that_of_their_mean():
    values = {"a": pd.Series(np.random.default_rng(1).normal(0, 2, 4000))}
    found = of_four_searches(values, "searches", unit="tables", **OPTIONS)
    assert found.estimate.high - found.estimate.low == pytest.approx(2 * 1.96 * 2 / np.sqrt(4), rel=0.1)


def test_tables_that_differ_widen_the_range():
    values = {"a": pd.Series([0.0, 0.0]), "b": pd.Series([1.0, 1.0])}
    found = of_four_searches(values, "searches", unit="tables", **OPTIONS)
    assert (found.estimate.value, found.estimate.low, found.estimate.high) == (0.5, 0.0, 1.0)


def test_unknown_accuracies_are_left_out():
    values = {"a": pd.Series([1.0, np.nan])}
    assert of_four_searches(values, "searches", unit="tables", **OPTIONS).estimate.high == 1.0


def test_a_difference_holds_the_luck_of_draws_and_of_searches():
    rng = np.random.default_rng(1)
    own = {str(k): pd.Series(rng.normal(shift, 1, 50)) for k, shift in enumerate((0.0, 2.0, 4.0, 6.0))}
    found = difference_over_draws(own, pd.Series(rng.normal(0, 1, 400)), "searches", **OPTIONS)
    assert found.n == 4
    assert found.estimate.value == pytest.approx(3, abs=0.3)
    of_draws = np.std([0, 2, 4, 6]) / np.sqrt(4)  # the bootstrap's standard error, by far the larger part
    assert found.estimate.high - found.estimate.low == pytest.approx(2 * 1.96 * of_draws, rel=0.15)


def test_a_draw_is_compared_with_itself():
    own = {"a": pd.Series([1.0, 1.0]), "b": pd.Series([5.0]), "c": pd.Series([9.0])}
    other = {"a": pd.Series([0.0]), "b": pd.Series([4.0, 4.0])}
    found = difference_over_draws(own, other, "searches", **OPTIONS)
    assert found.each.to_dict() == {"a": 1.0, "b": 1.0}
    assert (found.estimate.low, found.estimate.high) == (1.0, 1.0)


def test_a_baseline_that_knows_no_draw_is_resampled_once_for_all():
    own = {name: pd.Series([1.0]) for name in "abcd"}
    found = difference_over_draws(own, pd.Series([0.0, 2.0]), "searches", **OPTIONS)
    assert (found.estimate.value, found.estimate.low, found.estimate.high) == (0.0, -1.0, 1.0)
