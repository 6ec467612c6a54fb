"""The bootstrap: its fast τ against scipy's, its intervals against what they promise."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tegnas_core.errors import TegnasError
from tegnas_study.tables.bootstrap import _Pairs, bootstrap_interval, bootstrap_repeats, paired_difference

inf, nan = math.inf, math.nan


def scipy_tau(x, y):
    return stats.kendalltau(stats.rankdata(x), stats.rankdata(y)).statistic


@given(st.data())
def test_tau_of_counts_is_the_tau_of_the_repeated_values(data):
    n = data.draw(st.integers(2, 15))
    numbers = st.lists(st.sampled_from([0.0, 1.0, 2.0, 3.5, inf]), min_size=n, max_size=n)
    x, y = np.array(data.draw(numbers)), np.array(data.draw(numbers))
    counts = np.array(data.draw(st.lists(st.integers(0, 4), min_size=n, max_size=n)))
    found = _Pairs(x, y).tau(counts)
    if counts.sum() < 2:
        assert math.isnan(found)
    else:
        expected = scipy_tau(np.repeat(x, counts), np.repeat(y, counts))
        assert found == pytest.approx(expected, abs=1e-12, nan_ok=True)


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
    assert (found.level, found.n_draws) == (0.8, 40)


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
    found = paired_difference(x, test, x, train, seed=0, n_draws=200)
    alone = bootstrap_interval(x, test, seed=0, n_draws=200)
    assert found.difference == pytest.approx(scipy_tau(x, test) - scipy_tau(x, train))
    assert found.interval.high - found.interval.low < (alone.high - alone.low) / 4
    assert found.n == 300


def test_paired_difference_of_a_pair_with_itself_is_zero():
    x, y = np.random.default_rng(0).normal(size=(2, 30))
    found = paired_difference(x, y, x, y, seed=0, n_draws=20)
    assert (found.difference, found.interval.low, found.interval.high) == (0, 0, 0)


def test_paired_difference_sees_a_difference():
    rng = np.random.default_rng(6)
    y = rng.normal(size=300)
    found = paired_difference(y + 0.1 * rng.normal(size=300), y, y + 3 * rng.normal(size=300), y, seed=0)
    assert found.interval.low > 0.3


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
        (lambda: paired_difference([1, 2], [1, 2], [1, 2, 3], [1, 2, 3], seed=0), "got 2 and 3"),
        (lambda: bootstrap_repeats([[1], [2]], [1, 2], average="arithmetic", seed=0), "at least two for each"),
    ],
)
def test_wrong_input_is_told_in_one_line(call, told):
    with pytest.raises(TegnasError, match=told) as caught:
        call()
    assert "\n" not in str(caught.value)
