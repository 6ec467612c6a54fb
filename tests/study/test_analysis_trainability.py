"""Whether κ is trainability, on a space in which it is: κ knows the first epoch, and nothing of the gap."""

import numpy as np
import pytest
from made_up_atlas import sample_table

from tegnas_study.analysis.subsets import with_predictors
from tegnas_study.analysis.trainability import EPOCHS, FITTED, TEST, TRAIN, by_epoch, ceilings, gap_of_fitted


@pytest.fixture(scope="module")
def tables():
    table = with_predictors(sample_table(500))
    table = table[table["connected"]]
    rng, n = np.random.default_rng(0), len(table)
    fast, gap = rng.normal(size=(2, n))
    table = table.assign(condition_number=np.exp(-fast), regression_error=np.exp(gap), linear_regions=500.0)
    table[EPOCHS[1]], table[EPOCHS[200]] = 50 + 10 * fast, 90 + rng.normal(size=n)
    table[TRAIN] = np.where(np.arange(n) < n // 2, 99.5, 98.0)
    table[TEST] = table[TRAIN] - 8 - gap
    table["cifar10_test_retrained"] = table[EPOCHS[200]] + 0.5 * rng.normal(size=n)
    again = table.assign(linear_regions=500 + rng.normal(size=n))
    return {"one": table, "two": again}


def test_epochs_are_told_apart(tables):
    found = by_epoch(tables, seed=0, n_draws=3).set_index(["epoch", "statistic"])["mean"]
    assert found[1, "condition_number"] == pytest.approx(1.0)
    assert abs(found[200, "condition_number"]) < 0.1
    assert found[1, "R above κ"] == pytest.approx(found[1, "linear_regions"] - 1, nan_ok=True)
    assert 12 not in found.index.get_level_values("epoch")


def test_only_cells_that_fit_count_for_the_gap(tables):
    found = gap_of_fitted(tables, seed=0, n_draws=3).set_index("statistic")
    assert found.loc["regression_error", "mean"] == pytest.approx(1.0)
    assert abs(found.loc["condition_number", "mean"]) < 0.15
    assert set(found["n"]) == {int((tables["one"][TRAIN] > FITTED).sum())}


def test_a_ceiling_is_the_agreement_of_two_trainings(tables):
    found = ceilings(tables["one"], seed=0, n_draws=3).set_index(["other", "subset"])["tau"]
    again = found["trained anew by others"]
    assert 0.2 < again["top tenth"] < again["all"] < 0.9
    assert set(ceilings(tables["one"].drop(columns="cifar10_test_retrained"), seed=0, n_draws=1)["other"]) == {
        "half of the images"
    }


def test_without_fitted_cells_there_is_nothing_to_say(tables):
    none = {draw: table.assign(**{TRAIN: 90.0}) for draw, table in tables.items()}
    assert gap_of_fitted(none, seed=0, n_draws=1).empty
