"""Numbers as the ledger shows them, and the range of four searches."""

import numpy as np
import pandas as pd
import pytest

from tegnas_study.ledger.finding import exact, of_four_searches, over_draws_and_seeds

OPTIONS = {"seed": 0, "n_draws": 1000}


def test_a_counted_number_has_no_interval():
    assert str(exact(3.5581, "a cell", suffix=" million")) == "3.56 million"


def test_signs_stand_before_numbers_and_not_before_deviations():
    table = pd.DataFrame([[-0.1, -0.2], [-0.3, -0.2]])
    found = over_draws_and_seeds(table, "two draws", spec="+.2f", suffix=" %", **OPTIONS)
    assert str(found).startswith("−0.20 ± 0.07 [")
    assert "+" not in str(found) and found.n == 2


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
