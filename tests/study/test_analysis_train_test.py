"""Paired claims about training and test accuracy, where the answer is known."""

import numpy as np
import pytest
from made_up_atlas import sample_table

from tegnas_study.analysis.subsets import subset, with_predictors
from tegnas_study.analysis.train_test import (
    CLAIMS,
    PROTOCOLS,
    claim_table,
    claims_across_draws,
    level_table,
    train_and_test,
)
from tegnas_study.tables.ranking import kendall_tau

R_TRAINS, MSE_TESTS = "R agrees more with training", "MSE agrees more with test"


@pytest.fixture(scope="module")
def table():
    """R is training accuracy with noise, MSE is test accuracy with noise."""
    made_up = with_predictors(sample_table(900))
    made_up = made_up[made_up["connected"]]
    rng, n = np.random.default_rng(0), len(made_up)
    shared, *own = rng.normal(size=(5, n))
    train, test = shared + 0.3 * own[0], shared + 0.3 * own[1]
    made_up["linear_regions"] = 500 + 100 * (train + 0.3 * own[2])
    made_up["regression_error"] = np.exp(-test - 0.3 * own[3])
    for protocol_train, higher, protocol_test in PROTOCOLS.values():
        made_up[protocol_train] = 80 + 5 * train if higher else 1 - 0.1 * train
        made_up[protocol_test] = 80 + 5 * test
    return made_up


def test_agreements_with_both_are_kendalls(table):
    train, _, test = PROTOCOLS["50,000 images, accuracy"]
    found = train_and_test(table, train, test, seed=0, n_draws=2).value
    assert found["linear_regions", "train"] == pytest.approx(
        kendall_tau(table["linear_regions"], table[train]).tau
    )
    assert found["regression_error", "test"] == pytest.approx(
        kendall_tau(-table["regression_error"], table[test]).tau
    )
    assert found["rank_sum", "test"] == pytest.approx(
        -kendall_tau(subset(table, "all", test)["rank_sum"], table[test]).tau
    )


def test_a_loss_is_turned_round(table):
    train, higher, test = PROTOCOLS["25,000 images, loss"]
    assert not higher
    turned = train_and_test(table, train, test, higher_is_better=False, seed=0, n_draws=1).value
    plain = train_and_test(table, train, test, seed=0, n_draws=1).value
    assert turned["linear_regions", "train"] == pytest.approx(-plain["linear_regions", "train"])
    assert turned["linear_regions", "train"] > 0


def test_true_claims_are_positive_and_sure(table):
    found = claim_table(table, seed=0, n_draws=60).set_index(["protocol", "subset", "claim"])
    for protocol in PROTOCOLS:
        for claim in (R_TRAINS, MSE_TESTS, "R prefers training more than MSE does"):
            row = found.loc[(protocol, "all", claim)]
            assert 0 < row["low"] <= row["difference"] <= row["high"]
    assert set(found.index.get_level_values("claim")) == set(CLAIMS)


def test_claims_are_differences_of_levels(table):
    levels = level_table(table, seed=0, n_draws=3).set_index(["protocol", "predictor", "split"])["tau"]
    claims = claim_table(table, seed=0, n_draws=3).set_index(["protocol", "subset", "claim"])["difference"]
    protocol = "50,000 images, accuracy"
    r, mse = (
        levels[protocol, name, "train"] - levels[protocol, name, "test"]
        for name in ("linear_regions", "regression_error")
    )
    assert claims[protocol, "all", R_TRAINS] == pytest.approx(r)
    assert claims[protocol, "all", MSE_TESTS] == pytest.approx(-mse)
    assert claims[protocol, "all", "R prefers training more than MSE does"] == pytest.approx(r - mse)


def test_swapped_measures_swap_the_answer(table):
    swapped = table.copy()
    for train, higher, test in PROTOCOLS.values():
        if higher:
            swapped[[train, test]] = table[[test, train]].to_numpy()
    found = claim_table(swapped, seed=0, n_draws=30).set_index(["protocol", "subset", "claim"])
    assert found.loc[("50,000 images, accuracy", "all", R_TRAINS), "high"] < 0


def test_the_best_are_looked_at_both_ways(table):
    found = claim_table(table, seed=0, n_draws=2)
    counts = found.groupby("protocol")["subset"].nunique()
    assert counts["50,000 images, accuracy"] == 5
    assert counts["25,000 images, loss"] == 4
    n = found.set_index(["protocol", "subset"])["n"]
    assert n["50,000 images, accuracy", "top tenth by test"].iloc[0] == pytest.approx(len(table) / 10, abs=1)


def test_claims_across_draws_are_the_means_of_the_draws(table):
    """A draw in which R knows nothing pulls the mean down and counts as a draw without the claim."""
    blind = table.assign(linear_regions=np.random.default_rng(5).permutation(table["linear_regions"]))
    tables = {"one": table, "two": blind}
    found = claims_across_draws(tables, seed=0, n_draws=20)
    keys = ["protocol", "subset", "claim"]
    each = [claim_table(part, seed=0, n_draws=1).set_index(keys)["difference"] for part in tables.values()]
    mean = found.set_index(keys)["mean"]
    assert set(mean.index) == set(each[0].index)
    for key, value in mean.items():
        assert value == pytest.approx((each[0][key] + each[1][key]) / 2), key
    row = found.set_index(keys).loc[("50,000 images, accuracy", "all", R_TRAINS)]
    assert (row["above"], row["draws"]) == (sum(part[row.name] > 0 for part in each), 2)
    assert row["low"] < 0 < row["high"]
