"""Replacing `none`: every pair found, each compared as it should be."""

import math

import numpy as np
import pandas as pd
import pytest
from made_up_atlas import sample_table

from tegnas_core.errors import TegnasError
from tegnas_core.spaces.architecture import EDGES, OPERATIONS, Architecture
from tegnas_study.analysis import none_study
from tegnas_study.analysis.none_study import (
    accuracy_noise,
    extreme_cases,
    none_pairs,
    points_wrong,
    shares,
    summary,
)
from tegnas_study.tables.ranking import TEG


@pytest.fixture(scope="module")
def table():
    return sample_table(15_625)


@pytest.fixture(scope="module")
def pairs(table):
    return none_pairs(table)


def test_there_are_18_750_pairs_of_architecture_and_edge(pairs):
    assert len(pairs) == 4 * 18_750
    assert len(pairs.drop_duplicates(["before", "edge"])) == 18_750
    assert pairs.groupby("replacement").size().tolist() == [18_750] * 4


def test_each_replacement_changes_one_none(table, pairs):
    for _, pair in pairs.sample(50, random_state=0).iterrows():
        before, after = (
            Architecture.parse(table.loc[pair[side], "architecture"]).operations for side in ("before", "after")
        )
        (edge,) = (e for e in range(6) if before[e] != after[e])
        assert before[edge] == "none"
        assert after[edge] == pair["replacement"]
        assert pair["edge"] == "{}→{}".format(*EDGES[edge])


def test_changes_are_differences_of_the_table(table, pairs):
    pair = pairs[pairs["kind"] == "changed"].iloc[123]
    before, after = table.loc[pair["before"]], table.loc[pair["after"]]
    assert pair["change_accuracy"] == pytest.approx(after["test_accuracy"] - before["test_accuracy"])
    assert pair["change_linear_regions"] == after["linear_regions"] - before["linear_regions"]
    ratio = after["condition_number"] / before["condition_number"]
    assert pair["change_condition_number"] == pytest.approx(math.log10(ratio))
    assert pair["better_condition_number"] == (1 if ratio < 1 else -1)
    assert pair["better_linear_regions"] == np.sign(pair["change_linear_regions"])


def test_kinds_follow_from_what_the_cells_compute(table, pairs):
    kinds = {kind: part.head(40) for kind, part in pairs.groupby("kind")}
    assert set(kinds) == {"changed", "connected", "same function", "still disconnected"}
    for kind, part in kinds.items():
        before, after = table.loc[part["before"]], table.loc[part["after"]]
        same = before["representative"].to_numpy() == after["representative"].to_numpy()
        assert set(same) == {kind in ("same function", "still disconnected")}
        assert set(before["connected"]) == {kind in ("changed", "same function")}
        assert set(after["connected"]) == {kind != "still disconnected"}


def test_a_cell_that_is_connected_gets_better_by_all_three(pairs):
    connected = pairs[pairs["kind"] == "connected"]
    assert (connected[[f"better_{name}" for name in TEG]] == 1).all(axis=None)
    assert connected["change_condition_number"].isna().all()
    disconnected = pairs[pairs["kind"] == "still disconnected"]
    assert (disconnected[[f"better_{name}" for name in TEG]] == 0).all(axis=None)


def test_the_same_function_changes_nothing_but_the_noise_of_training(pairs):
    same = pairs[pairs["kind"] == "same function"]
    assert (same["change_condition_number"] == 0).all()
    assert accuracy_noise(pairs) == pytest.approx(same["change_accuracy"].abs().quantile(0.95))


def test_missing_architectures_take_no_part(table):
    some = table.assign(status=table["status"].where(table.index >= 8_000, "missing"))
    pairs = none_pairs(some)
    assert 0 < len(pairs) < 25_000
    assert min(pairs["before"].min(), pairs["after"].min()) >= 8_000
    with pytest.raises(TegnasError, match="both indicators and test_accuracy"):
        none_pairs(table.assign(status="missing"))


def by_hand(pairs):
    """Four replacements whose shares can be counted."""
    few = pairs[pairs["kind"] == "changed"].head(4).copy()
    few["change_accuracy"] = [2.0, -3.0, 0.1, -1.0]
    few["better_condition_number"] = [1, 1, 1, -1]
    few["better_linear_regions"] = [1, -1, 0, 0]
    few["better_regression_error"] = [-1, 1, 1, 1]
    return few


def test_shares_by_hand(pairs):
    found = shares(by_hand(pairs), margin=0.5)
    assert found["n"] == 4
    assert found["improves_accuracy"] == 0.25
    assert found["improves_condition_number"] == 0.75
    assert found["wrong_condition_number"] == pytest.approx(1 / 3)  # the third accuracy counts as equal
    assert found["wrong_linear_regions"] == 0
    assert found["wrong_regression_error"] == 1
    assert found["wrong_always"] == pytest.approx(2 / 3)
    assert found["improves_either"] == 0.75
    assert found["improves_either_and_accuracy"] == 0.25
    assert shares(by_hand(pairs))["improves_accuracy"] == 0.5


def test_weights_count_rows_as_often_as_they_say(pairs):
    few, weights = by_hand(pairs), np.array([2, 0, 1, 1])
    repeated = few.iloc[np.repeat(np.arange(4), weights)]
    assert shares(few, weights, margin=0.5) == pytest.approx(shares(repeated, margin=0.5), nan_ok=True)


@pytest.mark.parametrize("by, n_groups", [("replacement", 4), ("edge", 6), ("kind", 4)])
def test_summary_has_a_row_a_group(pairs, by, n_groups):
    found = summary(pairs, by)
    assert len(found) == n_groups
    assert found["n"].sum() == len(pairs)
    group = found.index[0]
    part = pairs[pairs[by] == group]
    assert found.loc[group, "median_linear_regions"] == part["change_linear_regions"].median()
    assert found.loc[group, "improves_accuracy"] == pytest.approx((part["change_accuracy"] > 0).mean())


def test_shares_have_intervals(pairs):
    changed = pairs[pairs["kind"] == "changed"].head(3000)
    found = points_wrong(changed, seed=0, n_draws=20)
    estimate = found.estimate("wrong_linear_regions")
    assert estimate.value == pytest.approx(shares(changed)["wrong_linear_regions"])
    assert estimate.low < estimate.value < estimate.high


def test_extreme_cases_are_called_better_by_all_three(pairs):
    cases = extreme_cases(pairs)
    better = pairs[(pairs["kind"] == "changed") & (pairs[[f"better_{name}" for name in TEG]] > 0).all(axis=1)]
    assert cases["nicest"]["change_accuracy"] == better["change_accuracy"].max() > 0
    assert cases["worst"]["change_accuracy"] == better["change_accuracy"].min() < 0
    assert cases["worst"]["replacement"] in OPERATIONS
    with pytest.raises(TegnasError, match="no replacement improves all three"):
        extreme_cases(pairs[pairs["kind"] == "same function"])


def coin_pairs(n, *, knows, seed=0):
    """κ and R toss coins, or know the sign of the change; 60 % of the real changes are gains, a third is noise."""
    rng = np.random.default_rng(seed)
    gains = np.where(rng.random(n) < 0.6, 1.0, -1.0) * np.where(rng.random(n) < 1 / 3, 0.01, 1.0)
    coins = lambda: np.where(rng.random(n) < 0.5, 1, -1)  # noqa: E731
    better = lambda: np.sign(gains).astype(int) if knows else coins()  # noqa: E731
    numbers = {f"better_{name}": better() for name in TEG} | {f"change_{name}": gains for name in TEG}
    rows = pd.DataFrame({**numbers, "change_accuracy": gains, "representative": np.arange(n)})
    return rows.assign(before=np.arange(n), after=np.arange(n) + 1)


def test_coins_improve_either_in_three_of_four_and_know_nothing():
    """The unconditional share of "both" would call coins a failure, or a success, by the share of gains alone."""
    found = none_study.shares(coin_pairs(20_000, knows=False), margin=0.1)
    assert found["improves_either"] == pytest.approx(none_study.TWO_COINS, abs=0.01)
    assert found["rises"] == pytest.approx(0.6, abs=0.01)
    assert found["rises_if_either"] - found["rises_if_neither"] == pytest.approx(0, abs=0.03)
    assert found["improves_either_and_accuracy"] == pytest.approx(0.75 * 0.6 * 2 / 3, abs=0.01)


def test_changes_inside_the_noise_are_neither_success_nor_failure():
    rows = coin_pairs(5_000, knows=True)
    found = none_study.shares(rows, margin=0.1)
    assert (found["rises_if_either"], found["rises_if_neither"]) == (1.0, 0.0)
    loud = rows[rows["change_accuracy"].abs() > 0.1]
    again = none_study.shares(loud, margin=0.1)
    for name in ("rises", "rises_if_either", "rises_if_neither", "wrong_condition_number"):
        assert found[name] == pytest.approx(again[name]), name


def test_shares_of_many_resamples_are_those_of_each():
    rows = coin_pairs(50, knows=False)
    counts = np.random.default_rng(1).integers(0, 3, (50, 4))
    many = none_study.Shares(rows, margin=0.1).many(counts)
    for i in range(4):
        each = none_study.shares(rows.loc[rows.index.repeat(counts[:, i])], margin=0.1)
        for name, values in many.items():
            assert values[i] == pytest.approx(each[name], nan_ok=True), name


def test_shares_across_draws_are_those_of_each_draw():
    pairs = {"one": coin_pairs(300, knows=False), "two": coin_pairs(300, knows=True)}
    found = none_study.shares_across_draws(pairs, margin=0.1, seed=0, n_draws=10)
    knows = found.across(lambda s: s["rises_if_either"] - s["rises_if_neither"])
    assert knows.each["two"] == 1.0
    assert knows.n_draws == 2
