"""Agreements, short lists and bins of a made-up space, against counting by hand."""

import math

import numpy as np
import pandas as pd
import pytest
from made_up_atlas import sample_table
from scipy import stats

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.subsets import with_predictors
from tegnas_study.analysis.whole_space import (
    agreement_table,
    agreements,
    agreements_by_subset,
    best_alone,
    binned,
    equal_size_agreements,
    gain_of_sum,
    panel_words,
    precision_table,
)
from tegnas_study.tables.ranking import rank_sum


@pytest.fixture(scope="module")
def table():
    return with_predictors(sample_table(800))


def test_agreements_are_kendalls_tau_turned(table):
    found = agreements(table, seed=0, n_draws=2).value
    known = stats.kendalltau
    assert found["condition_number"] == pytest.approx(
        -known(table["condition_number"].rank(), table["test_accuracy"]).statistic
    )
    assert found["linear_regions"] == pytest.approx(
        known(table["linear_regions"], table["test_accuracy"]).statistic
    )
    assert found["rank_sum"] == pytest.approx(-known(rank_sum(table), table["test_accuracy"]).statistic)
    assert found["parameters"] == pytest.approx(known(table["parameters"], table["test_accuracy"]).statistic)
    assert found["parameters"] == pytest.approx(found["flops"])


def test_the_best_alone_is_asked_for_in_each_subset(table):
    """Over all R is best, in the top tenth κ; a gain over R there would flatter the sum."""
    top = table["test_accuracy"] >= table["test_accuracy"].quantile(0.9)
    told = table.assign(
        linear_regions=np.where(top, 999.0, table["test_accuracy"]),
        condition_number=np.where(top, 100 - table["test_accuracy"], 500.0),
    )
    whole, best = (agreements(told, name=name, seed=0, n_draws=2) for name in ("all", "top tenth"))
    assert (best_alone(whole.value), best_alone(best.value)) == ("linear_regions", "condition_number")
    alone, gain = gain_of_sum(best)
    assert alone == "condition_number"
    assert gain.value == pytest.approx(best.value["rank_sum"] - best.value["condition_number"])


def test_equal_size_takes_away_what_size_explains(table):
    counted = table.assign(
        test_accuracy=table["parameters"] / 1e5 + np.random.default_rng(0).normal(size=len(table)) / 100,
    )
    assert agreements(counted, name="connected", seed=0, n_draws=1).value["linear_regions"] > 0.4
    assert abs(equal_size_agreements(counted, seed=0, n_draws=1).value["linear_regions"]) < 0.1


def test_the_table_has_every_combination_once(table):
    found = agreements_by_subset(table, subsets=["all", "classes"], seed=0, n_draws=3)
    assert [*found] == ["all", "classes", "equal size"]
    rows = agreement_table(found, table)
    assert not rows.duplicated(["subset", "predictor"]).any()
    assert rows.groupby("subset", sort=False).size().tolist() == [6, 6, 4]
    taus = rows.set_index(["subset", "predictor"])["tau"]
    assert taus["classes", "flops"] == found["classes"].value["flops"]
    assert (rows["low"] <= rows["high"]).all()
    counts = rows.groupby("subset")[["n", "n_classes"]].first()
    assert counts.loc["all"].tolist() == [800, table["representative"].nunique()]
    assert counts.loc["classes", "n"] == counts.loc["classes", "n_classes"]
    assert counts.loc["equal size", "n"] == table["connected"].sum()


def test_words_above_a_panel_have_the_sign_that_the_dots_show():
    rows = [("condition_number", 0.5, 0.4, 0.61), ("linear_regions", 0.5, 0.4, 0.6)]
    words = panel_words(pd.DataFrame(rows, columns=["predictor", "tau", "low", "high"]))
    assert words == {
        "condition_number": "τ = −0.50\n[−0.61, −0.40]",
        "linear_regions": "τ = 0.50\n[0.40, 0.60]",
    }


def test_short_lists_by_hand():
    table = sample_table(40).head(5)
    table["condition_number"] = [1.0, 2.0, 3.0, 4.0, math.inf]
    table["linear_regions"] = [9.0, 9.0, 1.0, 2.0, 3.0]
    table["test_accuracy"] = [92.0, 94.0, 93.0, 91.0, 10.0]
    found = precision_table(table, [1, 2, 3, 100], predictors=["condition_number", "linear_regions"])
    rows = found.set_index(["predictor", "k"])
    assert rows.loc["condition_number", "precision"].tolist() == pytest.approx([0, 0.5, 1])
    assert rows.loc[("linear_regions", 1), "precision"] == 0.5  # two are tied for the first place
    assert rows.loc[("linear_regions", 1), "first"] == 93.0
    assert rows.loc[("condition_number", 3), ["chance", "first", "best"]].tolist() == [0.6, 92, 94]


@pytest.mark.parametrize("predictor", ["condition_number", "linear_regions", "rank_sum"])
def test_bins_hold_every_finite_architecture_once(table, predictor):
    bins = binned(table, predictor, n_bins=12)
    values = table.assign(rank_sum=rank_sum(table))
    values = values[np.isfinite(values[predictor])]
    assert bins["count"].sum() == len(values)
    assert (bins["count"] > 0).all()
    assert (bins["x_low"] < bins["x_high"]).all()
    assert (bins["y_low"] < bins["y_high"]).all()
    largest = bins.loc[bins["count"].idxmax()]
    inside = values[predictor].between(largest["x_low"], largest["x_high"])
    inside &= values["test_accuracy"].between(largest["y_low"], largest["y_high"])
    assert inside.sum() >= largest["count"]


def test_bins_of_one_value_still_hold_it(table):
    same = table.assign(linear_regions=7.0)
    assert binned(same, "linear_regions")["count"].sum() == len(table)


def test_bins_need_something_finite(table):
    with pytest.raises(TegnasError, match="no architecture has a finite condition_number"):
        binned(table.assign(condition_number=math.inf), "condition_number")


def test_tables_are_left_alone(table):
    before = table.copy()
    agreement_table(agreements_by_subset(table, seed=0, n_draws=1), table)
    pd.testing.assert_frame_equal(table, before)
