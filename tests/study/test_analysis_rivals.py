"""Rivals and the three on the same rows: against τ and ρ computed plainly, and by hand."""

import math

import numpy as np
import pandas as pd
import pytest
from made_up_atlas import made_up_rivals, sample_table
from scipy import stats

from tegnas_core.errors import TegnasError
from tegnas_core.indicators.names import ZERO_COST
from tegnas_core.settings import make_settings
from tegnas_core.spaces.architecture import Architecture
from tegnas_study.analysis import rivals
from tegnas_study.analysis.subsets import SIZES, subset, with_predictors
from tegnas_study.tables.bootstrap import Bootstrap
from tegnas_study.tables.ranking import TEG, ranks


@pytest.fixture(scope="module")
def table():
    made_up = sample_table(600)
    parsed = [Architecture.parse(text) for text in made_up["representative"]]
    rows = pd.DataFrame([made_up_rivals(a, 0, make_settings("teg")) for a in parsed], index=made_up.index)
    names = [name for name in rivals.RIVALS if name in rows.columns]
    return with_predictors(pd.concat([made_up, rows[names]], axis=1))


@pytest.fixture(scope="module")
def found(table):
    return rivals.rival_agreements(rivals.compared(table), seed=0, n_draws=4)


def test_rows_without_rivals_are_left_out_and_failures_are_not(table):
    growing = table.copy()
    growing.loc[growing.index[:5], "snip"] = np.nan
    assert rivals.compared(growing).index.tolist() == table.index[5:].tolist()
    assert (~rivals.compared(table)["connected"]).sum() == (~table["connected"]).sum() > 0
    with pytest.raises(TegnasError, match="no architecture has all rivals"):
        rivals.compared(table.assign(naswot=np.nan))


def test_depth_is_a_number_that_a_broken_cell_lacks(table):
    depth = rivals.compared(table)["depth"]
    assert depth.dtype == float
    assert depth[~table["connected"]].isna().all()
    assert depth[table["connected"]].between(1, 3).all()


def test_only_what_the_table_has_is_asked_for(table):
    assert rivals.present(table) == (*TEG, "rank_sum", *SIZES, "depth", "n_convolutions", *ZERO_COST)
    few = table.drop(columns=["naswot", "snip"])
    assert {"naswot", "snip"}.isdisjoint(rivals.present(few))
    assert "rank_sum" in rivals.present(few)


def test_agreements_are_kendalls_tau_of_what_is_better(table, found):
    accuracy = table["test_accuracy"]
    naswot = table["naswot"].replace(-math.inf, -1e9)
    assert found["all"].value["naswot"] == pytest.approx(stats.kendalltau(naswot, accuracy).statistic)
    kappa = table["condition_number"].replace(math.inf, 1e9)
    assert found["all"].value["condition_number"] == pytest.approx(-stats.kendalltau(kappa, accuracy).statistic)
    assert [*found] == ["all", "classes", "top tenth", "equal size"]


def test_what_counts_says_nothing_among_equals(found):
    assert {"parameters", "flops", "n_convolutions"}.isdisjoint(found["equal size"].value.index)
    assert {"depth", "naswot", "rank_sum"} <= {*found["equal size"].value.index}
    assert found["equal size"].value.notna().all()


def test_gaps_are_differences_in_pairs():
    draws = pd.DataFrame({"rank_sum": [0.5, 0.7, 0.6], "naswot": [0.6, 0.8, 0.7], "snip": [0.9, 0.1, 0.2]})
    draws = pd.concat([draws] * 400)
    drawn = Bootstrap(pd.Series({"rank_sum": 0.6, "naswot": 0.7, "snip": 0.4}), draws)
    rows = rivals.gaps({"all": drawn}).set_index("predictor")
    assert rows.loc["naswot", ["difference", "low", "high"]].tolist() == pytest.approx([0.1, 0.1, 0.1])
    assert rows["better"].to_dict() == {"naswot": "holds", "snip": "cannot tell"}
    assert rivals.gaps({"all": drawn}, "snip").set_index("predictor").loc["naswot", "difference"] == pytest.approx(
        0.3
    )
    assert rivals.gaps({"equal size": drawn}, "parameters").empty


def test_a_sum_of_four_ranks_is_the_three_and_one_more(table):
    rows = subset(rivals.compared(table), "classes")
    found = rivals.enlarged_sums(table, ["naswot", "parameters"], seed=0, n_draws=2)
    total = rows["rank_sum"] + ranks(rows["naswot"], higher_is_better=True)
    assert found.value["naswot"] == pytest.approx(-stats.kendalltau(total, rows["test_accuracy"]).statistic)
    assert found.value["rank_sum"] == pytest.approx(
        -stats.kendalltau(rows["rank_sum"], rows["test_accuracy"]).statistic
    )
    assert rivals.gaps({"classes": found})["predictor"].tolist() == ["naswot", "parameters"]


def test_likeness_compares_indicators_with_each_other(table):
    rows = rivals.compared(table)
    found = rivals.likeness(rows, "parameters", "all")
    assert found["flops"] == pytest.approx(1)
    assert found["parameters"] == pytest.approx(1)
    expected = stats.kendalltau(rows["log_synflow"].replace(-math.inf, -1e9), rows["parameters"]).statistic
    assert found["log_synflow"] == pytest.approx(expected)


def test_rho_is_spearmans(table):
    rows = rivals.compared(table)
    expected = stats.spearmanr(rows["snip"].replace(-math.inf, -1e9), rows["test_accuracy"]).statistic
    assert rivals.spearman(rows)["snip"] == pytest.approx(expected)


def test_what_is_recorded_has_every_accuracy(table):
    both = table.assign(other=table["test_accuracy"][::-1].to_numpy())
    tables = rivals.rival_tables(both, ["test_accuracy", "other"], seed=0, n_draws=2)
    agreements = tables["agreements"].set_index(["accuracy", "subset", "predictor"])["tau"].sort_index()
    assert set(tables["gaps"]["accuracy"]) == {"test_accuracy", "other"}
    gap = tables["gaps"].set_index(["accuracy", "subset", "predictor"]).loc["other", "classes", "naswot"]
    taus = agreements["other", "classes"]
    assert gap["difference"] == pytest.approx(taus["naswot"] - taus["rank_sum"])
