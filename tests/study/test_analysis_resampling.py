"""The bootstrap over classes: what is drawn, what an estimate says, τ among equals, verdicts."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.resampling import Bootstrap, Estimate, bootstrap, taus, taus_within
from tegnas_study.analysis.verdicts import Verdict, together, verdict
from tegnas_study.tables.bootstrap import bootstrap_interval

nan = math.nan


def test_the_value_is_that_of_the_table_itself():
    x = np.array([1.0, 5.0, 3.0])
    found = bootstrap(lambda counts: {"mean": (counts * x).sum() / counts.sum()}, list("abc"), seed=0, n_draws=5)
    assert found.value.to_dict() == {"mean": 3.0}
    assert len(found.draws) == 5


def test_whole_groups_are_drawn():
    groups = ["a", "b", "a", "c", "b", "a"]
    seen = []
    bootstrap(lambda counts: seen.append(counts) or {"n": counts.sum()}, groups, seed=0, n_draws=50)
    assert seen[0].tolist() == [1] * 6
    for counts in seen[1:]:
        assert counts[0] == counts[2] == counts[5]
        assert counts[1] == counts[4]
        assert counts[0] + counts[1] + counts[3] == 3
    assert len({tuple(counts) for counts in seen}) > 5


def test_groups_of_one_give_the_ordinary_bootstrap():
    x, y = np.random.default_rng(0).normal(size=(2, 200))
    found = bootstrap(taus({"τ": (x, x + y)}), np.arange(200), seed=3, n_draws=200).estimate("τ")
    ordinary = bootstrap_interval(x, x + y, seed=4, n_draws=200)
    assert found.value == pytest.approx(stats.kendalltau(x, x + y).statistic)
    assert (found.low, found.high) == pytest.approx((ordinary.low, ordinary.high), abs=0.03)


def test_copies_widen_the_interval_only_where_they_are_known_to_be_copies():
    x, y = np.repeat(np.random.default_rng(0).normal(size=(2, 100)), 5, axis=1)
    statistic = taus({"τ": (x, x + 2 * y)})
    rows = bootstrap(statistic, np.arange(500), seed=0, n_draws=200).estimate("τ")
    classes = bootstrap(statistic, np.repeat(np.arange(100), 5), seed=0, n_draws=200).estimate("τ")
    assert classes.high - classes.low > 1.7 * (rows.high - rows.low)


def test_a_formula_is_paired():
    x, noise = np.random.default_rng(1).normal(size=(2, 300))
    found = bootstrap(taus({"a": (x, x + noise), "b": (x, x + 1.1 * noise)}), np.arange(300), seed=0, n_draws=200)
    gap = found.estimate(lambda s: s["a"] - s["b"])
    assert gap.value == pytest.approx(found.value["a"] - found.value["b"])
    assert 0 < gap.low < gap.value < gap.high
    alone = found.estimate("a")
    assert gap.high - gap.low < (alone.high - alone.low) / 3


def test_the_interval_holds_the_middle_95_percent():
    found = Bootstrap(pd.Series({"x": 50.0}), pd.DataFrame({"x": np.arange(101.0)}))
    assert [*vars(found.estimate("x")).values()] == pytest.approx([50, 2.5, 97.5])
    assert found.table().loc["x", ["value", "low", "high"]].tolist() == pytest.approx([50, 2.5, 97.5])


def test_draws_without_an_answer_are_left_out():
    draws = pd.DataFrame({"x": [nan, 1.0, 1.0], "y": [nan, nan, nan]})
    found = Bootstrap(pd.Series({"x": 1.0, "y": nan}), draws)
    assert found.estimate("x") == Estimate(1, 1, 1)
    assert math.isnan(found.estimate("y").low)


def test_an_estimate_prints_itself():
    assert str(Estimate(-0.594, -0.6, 0.1)) == "−0.59 [−0.60, 0.10]"
    assert f"{Estimate(12.34, 1, 20):.0f}" == "12 [1, 20]"


@pytest.mark.parametrize(
    "groups, n_draws, told", [([], 3, "the table is empty"), ([1], 0, "at least one draw, got 0")]
)
def test_wrong_input_is_told_in_one_line(groups, n_draws, told):
    with pytest.raises(TegnasError, match=told):
        bootstrap(lambda counts: {}, groups, seed=0, n_draws=n_draws)


values = st.sampled_from([0.0, 1.0, 2.0, 3.0])


@given(st.data())
def test_tau_within_is_the_mean_over_strata_weighted_by_pairs(data):
    n = data.draw(st.integers(2, 14))
    x, y = (np.array(data.draw(st.lists(values, min_size=n, max_size=n))) for _ in range(2))
    strata = np.array(data.draw(st.lists(st.sampled_from("ab"), min_size=n, max_size=n)))
    parts = []
    for label in set(strata):
        inside = strata == label
        if len(set(x[inside])) > 1 and len(set(y[inside])) > 1:
            pairs = math.comb(int(inside.sum()), 2)
            parts.append((pairs, stats.kendalltau(x[inside], y[inside]).statistic))
    assume(parts)
    expected = sum(w * tau for w, tau in parts) / sum(w for w, _ in parts)
    found = taus_within({"τ": (x, y)}, strata)(np.ones(n, np.int64))
    assert found["τ"] == pytest.approx(expected)


def test_tau_within_does_not_see_what_only_strata_tell():
    size = np.repeat([1.0, 2.0, 3.0], 50)
    x, y = size + 0.01 * np.random.default_rng(0).normal(size=(2, 150))
    once = np.ones(150, np.int64)
    assert taus({"τ": (x, y)})(once)["τ"] > 0.6
    assert abs(taus_within({"τ": (x, y)}, size)(once)["τ"]) < 0.15
    assert taus_within({"τ": (x, x)}, size)(once)["τ"] == 1


def test_tau_within_without_any_order_is_unknown():
    assert math.isnan(taus_within({"τ": ([1, 1, 2], [1, 2, 3])}, list("aab"))(np.ones(3, np.int64))["τ"])


@pytest.mark.parametrize(
    "low, high, above, expected",
    [
        (0.1, 0.3, 0, Verdict.HOLDS),
        (-0.3, -0.1, 0, Verdict.FAILS),
        (-0.3, 0.0, 0, Verdict.FAILS),
        (-0.1, 0.1, 0, Verdict.UNKNOWN),
        (0.1, 0.3, 0.2, Verdict.UNKNOWN),
        (0.1, 0.3, 0.5, Verdict.FAILS),
        (nan, nan, 0, Verdict.UNKNOWN),
    ],
)
def test_verdicts_follow_the_interval(low, high, above, expected):
    assert verdict(Estimate(0.0, low, high), above=above) == expected


def test_a_claim_of_several_parts_needs_all_of_them():
    holds, fails, unknown = Verdict.HOLDS, Verdict.FAILS, Verdict.UNKNOWN
    assert together(holds, holds) == holds
    assert together(holds, unknown) == unknown
    assert together(holds, unknown, fails) == fails
    assert f"{fails}" == "does not hold"
