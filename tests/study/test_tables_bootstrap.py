"""The bootstrap: what is drawn, what an estimate says, τ among equals, and intervals against what they promise."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from tegnas_core.errors import TegnasError
from tegnas_study.tables.bootstrap import (
    Bootstrap,
    Estimate,
    bootstrap,
    bootstrap_interval,
    bootstrap_repeats,
    paired_difference,
    taus,
    taus_within,
)

inf, nan = math.inf, math.nan


def scipy_tau(x, y):
    return stats.kendalltau(stats.rankdata(x), stats.rankdata(y)).statistic


@pytest.mark.parametrize("n", [200, 3000])
def test_interval_is_the_quantiles_of_scipy_over_the_same_resamples(n):
    rng = np.random.default_rng(1)
    x = np.round(rng.normal(size=n), 1)  # with ties
    y = x + rng.normal(size=n)
    found = bootstrap_interval(x, y, seed=7, n_draws=40, level=0.8)
    again = np.random.default_rng(7)
    draws = [again.integers(n, size=n) for _ in range(40)]
    taus = [scipy_tau(x[draw], y[draw]) for draw in draws]
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(taus, [0.1, 0.9])))
    assert found.value == pytest.approx(scipy_tau(x, y))


def test_interval_covers_the_truth_about_as_often_as_it_says():
    """Of two normals with correlation ρ, τ is 2/π · arcsin ρ."""
    rng, rho, n, trials = np.random.default_rng(2), 0.6, 80, 200
    truth, hits = 2 / math.pi * math.asin(rho), 0
    for trial in range(trials):
        x, noise = rng.normal(size=(2, n))
        interval = bootstrap_interval(x, rho * x + math.sqrt(1 - rho**2) * noise, seed=trial, n_draws=200)
        hits += interval.low <= truth <= interval.high
    assert 0.89 < hits / trials < 0.99


def test_intervals_depend_on_the_seed_alone():
    x, y = np.random.default_rng(0).normal(size=(2, 50))
    assert bootstrap_interval(x, y, seed=3, n_draws=50) == bootstrap_interval(x, y, seed=3, n_draws=50)
    assert bootstrap_interval(x, y, seed=3, n_draws=50) != bootstrap_interval(x, y, seed=4, n_draws=50)


def test_interval_without_order_is_unknown():
    found = bootstrap_interval([1, 1, 1], [1, 2, 3], seed=0, n_draws=10)
    assert math.isnan(found.low)
    assert math.isnan(found.high)


def test_paired_difference_cancels_what_both_sides_share():
    rng = np.random.default_rng(5)
    test = rng.normal(size=300)
    train = test + 0.01 * rng.normal(size=300)
    x = test + rng.normal(size=300)
    found = paired_difference((x, test), (x, train), seed=0, n_draws=200)
    alone = bootstrap_interval(x, test, seed=0, n_draws=200)
    assert found.value == pytest.approx(scipy_tau(x, test) - scipy_tau(x, train))
    assert found.high - found.low < (alone.high - alone.low) / 4


def test_paired_difference_of_a_pair_with_itself_is_zero():
    x, y = np.random.default_rng(0).normal(size=(2, 30))
    found = paired_difference((x, y), (x, y), seed=0, n_draws=20)
    assert (found.value, found.low, found.high) == (0, 0, 0)


def test_paired_difference_sees_a_difference():
    rng = np.random.default_rng(6)
    y = rng.normal(size=300)
    found = paired_difference((y + 0.1 * rng.normal(size=300), y), (y + 3 * rng.normal(size=300), y), seed=0)
    assert found.low > 0.3


def test_repeats_that_agree_leave_no_doubt():
    values = np.arange(1.0, 21.0)
    found = bootstrap_repeats(np.stack([values] * 3, 1), values, average="geometric", seed=0, n_draws=20)
    assert (found.low, found.high) == (1, 1)


def test_repeats_interval_is_that_of_scipy_over_the_same_resamples():
    rng = np.random.default_rng(3)
    y = rng.normal(size=60)
    repeats = np.exp(y[:, None] + rng.normal(size=(60, 4)))
    repeats[5, 2] = inf  # one failure: in some resamples the average is infinite
    found = bootstrap_repeats(repeats, y, average="geometric", seed=9, n_draws=30)
    again = np.random.default_rng(9)
    taus = []
    for _ in range(30):
        chosen = again.integers(4, size=(60, 4))
        averages = [np.prod(row[index]) ** (1 / 4) for row, index in zip(repeats, chosen, strict=True)]
        taus.append(scipy_tau(averages, y))
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(taus, [0.025, 0.975])))


def test_arithmetic_and_geometric_averages_differ():
    rng = np.random.default_rng(4)
    y = rng.normal(size=80)
    repeats = np.exp(y[:, None] + 2 * rng.normal(size=(80, 3)))
    options = dict(seed=0, n_draws=50)
    assert bootstrap_repeats(repeats, y, average="geometric", **options) != bootstrap_repeats(
        repeats, y, average="arithmetic", **options
    )


@pytest.mark.parametrize(
    "call, told",
    [
        (lambda: bootstrap_interval([1, 2], [1, nan], seed=0), "1 of the values are nan"),
        (lambda: bootstrap_interval([1, 2], [1, 2], seed=0, n_draws=0), "at least one draw"),
        (lambda: bootstrap_interval([1, 2], [1, 2], seed=0, level=95), "between 0 and 1, got 95"),
        (lambda: paired_difference(([1, 2], [1, 2]), ([1, 2, 3], [1, 2, 3]), seed=0), "got 2 and 3"),
        (lambda: bootstrap_repeats([[1], [2]], [1, 2], average="arithmetic", seed=0), "at least two for each"),
    ],
)
def test_wrong_input_is_told_in_one_line(call, told):
    with pytest.raises(TegnasError, match=told) as caught:
        call()
    assert "\n" not in str(caught.value)


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
    assert found.estimate("x").numbers == pytest.approx((50, 2.5, 97.5))
    assert found.estimate("x").resamples == 101
    assert found.table().loc["x", ["value", "low", "high"]].tolist() == pytest.approx([50, 2.5, 97.5])


def test_draws_without_an_answer_are_left_out():
    draws = pd.DataFrame({"x": [nan, 1.0, 1.0], "y": [nan, nan, nan]})
    found = Bootstrap(pd.Series({"x": 1.0, "y": nan}), draws)
    assert found.estimate("x") == Estimate(1, 1, 1)
    assert math.isnan(found.estimate("y").low)


def test_an_estimate_prints_itself():
    assert str(Estimate(-0.594, -0.6, 0.1)) == "−0.59 [−0.60, 0.10]"
    assert f"{Estimate(-0.004, -0.1, 0.004):+.2f}" == "0.00 [−0.10, 0.00]"
    assert f"{Estimate(12.34, 1, 20):.0f}" == "12 [1, 20]"


@pytest.mark.parametrize(
    "groups, n_draws, told", [([], 3, "the table is empty"), ([1], 0, "at least one draw, got 0")]
)
def test_nothing_to_draw_is_told(groups, n_draws, told):
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
