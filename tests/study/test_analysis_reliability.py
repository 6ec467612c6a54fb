"""Averages over repeats: halves against each other, against accuracy, and the intra-class correlation by hand."""

import numpy as np
import pandas as pd
import pytest

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.reliability import (
    INDICATORS,
    agreement_by_repeats,
    foreseen_tau,
    intraclass,
    intraclass_correlations,
    repeated,
    repeats_foreseen,
    split_halves,
)
from tegnas_study.tables.ranking import TEG, kendall_tau

N, R = 60, 6


def rows_of(noise, *, n=N, r=R, seed=0):
    """Rows as the atlas has them: a value of its own for each architecture, times noise for each repeat."""
    rng = np.random.default_rng(seed)
    found = []
    for i in range(n):
        level = rng.normal(size=3)
        for repeat in range(r):
            values = np.exp(level + noise * rng.normal(size=3))
            found.append((f"cell-{i:02d}", repeat, *values, "ok"))
    return pd.DataFrame(found, columns=["architecture", "repeat", *TEG, "status"])


@pytest.fixture(scope="module")
def matrices():
    return repeated(rows_of(0.7), average="geometric")


def test_what_failed_or_lacks_a_repeat_is_left_out():
    rows = rows_of(0.5)
    rows.loc[(rows["architecture"] == "cell-03") & (rows["repeat"] == 2), "status"] = "singular"
    rows = rows[~((rows["architecture"] == "cell-07") & (rows["repeat"] == 5))]
    found = repeated(rows, average="arithmetic")["linear_regions"]
    assert found.shape == (N - 2, R)
    assert {"cell-03", "cell-07"}.isdisjoint(found.index)
    with pytest.raises(TegnasError, match="no architecture has all 6 repeats"):
        repeated(rows.assign(status="error"), average="arithmetic")


def test_a_geometric_average_is_that_of_logarithms():
    rows = rows_of(0.5)
    plain, logarithmic = (repeated(rows, average=rule) for rule in ("arithmetic", "geometric"))
    assert np.allclose(np.log(plain["condition_number"]), logarithmic["condition_number"])
    assert plain["regression_error"].equals(logarithmic["regression_error"])


def test_halves_without_noise_agree_completely():
    halves = split_halves(repeated(rows_of(0.0), average="geometric"), seed=0, n_splits=3)
    assert halves["tau"].tolist() == pytest.approx([1] * 4 * 3)
    assert (halves["tau"] > 0.9).all()


def test_one_split_is_the_tau_of_two_averages(matrices):
    found = split_halves(matrices, [2], seed=5, n_splits=1).set_index("predictor")["tau"]
    order = np.random.default_rng(5).permutation(R)
    matrix = matrices["linear_regions"]
    first, second = (matrix.iloc[:, order[part]].mean(axis=1) for part in (slice(0, 2), slice(2, 4)))
    assert found["linear_regions"] == pytest.approx(kendall_tau(first, second).tau)
    assert {*found.index} == {*INDICATORS}


def test_more_repeats_agree_better(matrices):
    halves = split_halves(matrices, seed=0, n_splits=10).set_index(["predictor", "k"])["tau"]
    for name in INDICATORS:
        assert halves[name].index.tolist() == [1, 2, 3]
        assert halves[name].is_monotonic_increasing
    assert halves["condition_number", 1] < 0.7


@pytest.mark.parametrize("k", [0, 4])
def test_two_averages_need_different_repeats(matrices, k):
    with pytest.raises(TegnasError, match=f"two averages of {k} repeats need {2 * k} of them, there are 6"):
        split_halves(matrices, [k], seed=0, n_splits=1)


def test_what_more_repeats_will_bring_by_hand():
    """τ = 1/3 means ρ = 1/2 and odds of 1; three times as many repeats make odds of 3, so ρ = 3/4."""
    assert foreseen_tau(1 / 3, 3) == pytest.approx(2 / np.pi * np.arcsin(3 / 4))
    assert foreseen_tau(0.7, 1) == pytest.approx(0.7)
    with pytest.raises(TegnasError, match="from 0 to below 1, got 1"):
        foreseen_tau(1.0, 2)


def test_what_is_foreseen_comes_true_with_normal_noise():
    rng = np.random.default_rng(1)
    level = rng.normal(size=(1500, 1))
    found = {name: pd.DataFrame(level + rng.normal(size=(1500, 8))) for name in TEG}
    taus = split_halves(found, [1, 4], seed=0, n_splits=4).set_index(["predictor", "k"])["tau"]
    for name in TEG:
        assert foreseen_tau(taus[name, 1], 4) == pytest.approx(taus[name, 4], abs=0.03)


def test_repeats_are_foreseen_from_the_largest_number_of_them():
    rows = [(1, "κ", 0.9), (2, "κ", 1 / 3), (1, "R", 0.5), (2, "R", 0.8), (1, "MSE", 0.1), (2, "MSE", -0.1)]
    found = repeats_foreseen(pd.DataFrame(rows, columns=["k", "predictor", "tau"]), above=0.8)
    assert found["R"] == pytest.approx(2)
    assert foreseen_tau(1 / 3, found["κ"] / 2) == pytest.approx(0.8)
    assert found["MSE"] == np.inf


def test_averages_of_more_repeats_agree_better_with_accuracy(matrices):
    truth = matrices["linear_regions"].mean(axis=1)
    found = agreement_by_repeats(matrices, truth.iloc[:50], [1, R], seed=0, n_splits=10)
    taus = found.set_index(["predictor", "k"])["tau"]
    assert taus["linear_regions", R] == pytest.approx(1)
    assert taus["linear_regions", 1] < 0.8
    all_of_them = found[found["k"] == R]
    assert (all_of_them["low"] == all_of_them["high"]).all()  # there is one way to take all


def test_intraclass_by_hand():
    """Mean squares 25 between and 1 within: (25 − 1) / (25 + 1)."""
    matrix = np.array([[1.0, 2.0], [3.0, 4.0], [6.0, 9.0]])
    grand, rows, columns = matrix.mean(), matrix.mean(1), matrix.mean(0)
    between = 2 * ((rows - grand) ** 2).sum() / 2
    within = ((matrix - rows[:, None] - columns + grand) ** 2).sum() / 2
    assert intraclass(matrix) == pytest.approx((between - within) / (between + within))


def test_a_repeat_that_moves_all_alike_does_no_harm():
    values = np.random.default_rng(0).normal(size=(20, 1)) + np.array([0.0, 5.0, -3.0])
    assert intraclass(values) == pytest.approx(1)
    assert abs(intraclass(np.random.default_rng(1).normal(size=(500, 4)))) < 0.1


def test_intraclass_knows_the_share_of_variance():
    rng = np.random.default_rng(0)
    values = 2 * rng.normal(size=(4000, 1)) + rng.normal(size=(4000, 5))
    assert intraclass(values) == pytest.approx(4 / 5, abs=0.02)


def test_intraclass_needs_two_of_each():
    with pytest.raises(TegnasError, match="got 1 and 3"):
        intraclass(np.ones((1, 3)))


def test_intervals_are_over_architectures(matrices):
    found = intraclass_correlations(matrices, seed=0, n_draws=40)
    assert {*found} == {*TEG}
    for name in TEG:
        assert found[name].low < found[name].value < found[name].high
        assert found[name].value == pytest.approx(intraclass(matrices[name].to_numpy()))
