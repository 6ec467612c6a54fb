"""Ranks, their sum, Kendall's τ and what is chosen at the top, against counting by hand."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tegnas_core.errors import TegnasError
from tegnas_core.indicators import INDICATORS
from tegnas_study.tables import ranking
from tegnas_study.tables.ranking import (
    correlations,
    failures_last,
    kendall_tau,
    precision_at_k,
    rank_sum,
    ranks,
    top_fraction,
    turned_correlations,
)

inf, nan = math.inf, math.nan
few_values = st.lists(st.sampled_from([0.0, 1.0, 2.5, 3.0, -4.0, inf]), min_size=2, max_size=12)


def tau_by_pairs(x, y):
    """τ-b by its definition: every pair looked at once."""
    concordant = discordant = tied_x = tied_y = 0
    for (x1, y1), (x2, y2) in itertools.combinations(zip(x, y, strict=True), 2):
        tied_x += x1 == x2
        tied_y += y1 == y2
        concordant += (x1 < x2 and y1 < y2) or (x1 > x2 and y1 > y2)
        discordant += (x1 < x2 and y1 > y2) or (x1 > x2 and y1 < y2)
    pairs = math.comb(len(x), 2)
    return (concordant - discordant) / math.sqrt((pairs - tied_x) * (pairs - tied_y))


def test_directions_are_those_of_the_indicators():
    ours = {name: ranking.HIGHER_IS_BETTER.get(name) for name in INDICATORS}
    assert {*ranking.TEG} <= {*INDICATORS}
    for name, direction in ours.items():
        assert direction in (None, INDICATORS[name].higher_is_better), name


@pytest.mark.parametrize(
    "values, higher_is_better, expected",
    [
        ([10, 30, 20], False, [1, 3, 2]),
        ([10, 30, 20], True, [3, 1, 2]),
        ([5, 5, 1], False, [2.5, 2.5, 1]),
        ([inf, 2, nan, 1], False, [3.5, 2, 3.5, 1]),
        ([-inf, 2, nan, 1], True, [3.5, 1, 3.5, 2]),
        ([inf, 2], True, [2, 1]),  # an infinite R is a failure too, not the best
        ([], True, []),
    ],
)
def test_ranks_by_hand(values, higher_is_better, expected):
    assert ranks(values, higher_is_better=higher_is_better).tolist() == expected


@given(few_values, st.booleans())
def test_rank_is_a_count_of_better_and_equal_ones(values, higher_is_better):
    ordered = failures_last(values, higher_is_better=higher_is_better)
    better = (lambda a, b: a > b) if higher_is_better else (lambda a, b: a < b)
    expected = [
        sum(better(other, own) for other in ordered) + (sum(other == own for other in ordered) + 1) / 2
        for own in ordered
    ]
    assert ranks(values, higher_is_better=higher_is_better).tolist() == expected


def test_rank_sum_by_hand():
    table = pd.DataFrame(
        {
            "condition_number": [10.0, 20.0, inf],
            "linear_regions": [300.0, 400.0, 1.0],
            "regression_error": [1.0, 1.0, inf],
        },
        index=["a", "b", "c"],
    )
    found = rank_sum(table)
    assert found.to_dict() == {"a": 1 + 2 + 1.5, "b": 2 + 1 + 1.5, "c": 9}
    assert found.name == "rank_sum"
    assert rank_sum(table, ["linear_regions"]).to_dict() == {"a": 2, "b": 1, "c": 3}


@pytest.mark.parametrize(
    "indicators, told",
    [
        (["colour"], "no column 'colour'; it has condition_number, size"),
        (["size"], "no direction is known for 'size'"),
        ([], "at least one indicator"),
    ],
)
def test_rank_sum_says_what_is_wrong(indicators, told):
    table = pd.DataFrame({"condition_number": [1.0], "size": [2.0]})
    with pytest.raises(TegnasError, match=told) as caught:
        rank_sum(table, indicators)
    assert "\n" not in str(caught.value)


def test_rank_sum_takes_directions_of_other_columns():
    table = pd.DataFrame({"size": [3.0, 7.0]})
    assert rank_sum(table, ["size"], higher_is_better={"size": True}).tolist() == [2, 1]


@given(st.data())
def test_kendall_tau_is_its_definition(data):
    x = data.draw(few_values)
    y = data.draw(st.lists(st.sampled_from([1.0, 2.0, 3.0, 4.5]), min_size=len(x), max_size=len(x)))
    assume(len(set(x)) > 1 and len(set(y)) > 1)
    found = kendall_tau(x, y)
    assert found.tau == pytest.approx(tau_by_pairs(x, y), abs=1e-12)
    assert found.n == len(x)


@given(few_values)
def test_kendall_tau_with_itself_is_one_and_turned_round_minus_one(values):
    assume(len(set(values)) > 1)
    assert kendall_tau(values, values).tau == pytest.approx(1)
    assert kendall_tau(values, -np.array(values)).tau == pytest.approx(-1)


def test_a_failed_condition_number_ranks_worst():
    accuracy = [94.0, 93.0, 50.0, 10.0]
    assert kendall_tau([1, 2, 3, inf], accuracy).tau == -1
    assert kendall_tau([2, 3, 4, 1], accuracy).tau > -1  # what a small number in its place would give


def test_kendall_tau_without_order_is_unknown():
    assert math.isnan(kendall_tau([1, 1, 1], [1, 2, 3]).tau)


@pytest.mark.parametrize(
    "x, y, told",
    [
        ([1, 2], [1, 2, 3], r"same length .* \(2,\) and \(3,\)"),
        ([1], [2], "at least two architectures, got 1"),
        ([1, nan, 3], [1, 2, nan], "2 of the values are nan"),
        ([[1, 2]], [[1, 2]], "same length"),
    ],
)
def test_kendall_tau_says_what_is_wrong(x, y, told):
    with pytest.raises(TegnasError, match=told):
        kendall_tau(x, y)


@pytest.mark.parametrize(
    "values, fraction, higher_is_better, expected",
    [
        ([1, 2, 3, 4], 0.5, False, [1, 1, 0, 0]),
        ([1, 2, 3, 4], 0.5, True, [0, 0, 1, 1]),
        ([1, 2, 3, 4], 0.3, False, [1, 1, 0, 0]),  # the second best is the 30 % quantile of four
        ([1, 2, 2, 4], 0.5, False, [1, 1, 1, 0]),  # a tie at the threshold comes in
        ([inf, nan, inf, 4], 1.0, False, [0, 0, 0, 1]),  # failures never do
        ([], 0.1, True, []),
    ],
)
def test_top_fraction_by_hand(values, fraction, higher_is_better, expected):
    found = top_fraction(values, fraction, higher_is_better=higher_is_better)
    assert found.tolist() == [bool(entry) for entry in expected]


@given(st.integers(1, 100), st.sampled_from([10, 50, 100, 300]))
def test_top_fraction_of_different_values_has_the_size_asked_for(percent, n):
    found = top_fraction(np.arange(n), percent / 100, higher_is_better=True)
    assert found.sum() == math.ceil(percent * n / 100)


@pytest.mark.parametrize("fraction", [0, -0.1, 1.5])
def test_top_fraction_refuses_what_is_no_fraction(fraction):
    with pytest.raises(TegnasError, match="between 0 and 1"):
        top_fraction([1.0], fraction, higher_is_better=True)


def test_precision_at_k_by_hand():
    accuracy = [94, 93, 92, 91, 10]
    assert precision_at_k([1, 9, 2, 8, inf], accuracy, 2, higher_is_better=False) == 0.5
    assert precision_at_k([1, 9, 2, 8, inf], accuracy, 5, higher_is_better=False) == 1
    assert precision_at_k([9, 8, 1, 2, 0], accuracy, 2, higher_is_better=True) == 1


@given(st.data())
def test_precision_at_k_is_the_mean_over_all_ways_to_break_ties(data):
    x = data.draw(st.lists(st.sampled_from([1.0, 2.0, 3.0]), min_size=2, max_size=5))
    accuracy = data.draw(st.lists(st.sampled_from([50.0, 90.0]), min_size=len(x), max_size=len(x)))
    k = data.draw(st.integers(1, len(x)))

    def choices(values):
        orders = itertools.permutations(range(len(values)))
        return [set(o[:k]) for o in orders if all(values[a] >= values[b] for a, b in itertools.pairwise(o))]

    shares = [len(a & b) / k for a in choices(x) for b in choices(accuracy)]
    assert precision_at_k(x, accuracy, k, higher_is_better=True) == pytest.approx(sum(shares) / len(shares))


@pytest.mark.parametrize("k", [0, 4])
def test_precision_at_k_needs_as_many_architectures(k):
    with pytest.raises(TegnasError, match=f"between 1 and the 3 architectures, got {k}"):
        precision_at_k([1, 2, 3], [1, 2, 3], k, higher_is_better=True)


def test_correlations_leave_out_unknown_accuracies_and_count_the_rest():
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"condition_number": rng.random(40), "linear_regions": rng.random(40)})
    table["test"] = -table["condition_number"]
    table["train"] = table["linear_regions"].where(table.index < 30)
    table.loc[3, "linear_regions"] = nan  # failed: worst
    found = correlations(table, ["test", "train"], ["condition_number", "linear_regions"], seed=0, n_draws=50)
    found = found.set_index(["accuracy", "indicator"])
    assert found.loc[("test", "condition_number"), ["n", "tau", "low", "high"]].tolist() == [40, -1, -1, -1]
    row = found.loc[("train", "linear_regions")]
    assert row["n"] == 30
    assert row["tau"] < 1
    assert row["low"] <= row["tau"] <= row["high"]


def test_agreements_turn_what_is_better_when_small():
    found = pd.DataFrame(
        [("condition_number", "test", 9, -0.5, -0.7, -0.2), ("linear_regions", "test", 9, 0.4, 0.1, 0.6)],
        columns=["indicator", "accuracy", "n", "tau", "low", "high"],
    )
    turned = turned_correlations(found)
    assert turned.iloc[0].tolist() == ["condition_number", "test", 9, 0.5, 0.2, 0.7]
    assert turned.iloc[1].tolist() == found.iloc[1].tolist()
