"""What an indicator chooses: against counting, against every possible draw, and for a perfect one."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tegnas_study.analysis.cards.choosing import choices, lengths, random_searches, shortlists
from tegnas_study.tables.bootstrap import bootstrap
from tegnas_study.tables.ranking import precision_at_k

small = st.lists(st.tuples(st.integers(0, 3), st.integers(90, 93)), min_size=3, max_size=6)


def once(n):
    return np.ones(n, np.int64)


@given(small, st.integers(1, 3))
def test_precision_is_that_of_ranking_and_accuracy_the_mean_of_the_first(rows, k):
    score, accuracy = np.array(rows, float).T
    found = choices(score, accuracy, [k], [])(once(len(rows)))
    assert found["precision", k] == pytest.approx(precision_at_k(score, accuracy, k, higher_is_better=True))
    orders = [order for order in itertools.permutations(range(len(rows))) if (np.diff(score[[*order]]) <= 0).all()]
    means = [accuracy[[*order[:k]]].mean() for order in orders]  # every way to break ties is as likely
    assert found["accuracy", k] == pytest.approx(np.mean(means))


@given(small, st.integers(1, 3))
def test_a_random_search_is_the_mean_over_every_possible_draw(rows, n):
    score, accuracy = np.array(rows, float).T
    found = choices(score, accuracy, [], [n])(once(len(rows)))
    chosen, best = [], []
    for drawn in itertools.product(range(len(rows)), repeat=n):
        first = [i for i in drawn if score[i] == score[[*drawn]].max()]
        chosen.append(accuracy[first].mean())
        best.append(accuracy[[*drawn]].max())
    assert found["chosen", n] == pytest.approx(np.mean(chosen))
    assert found["best", n] == pytest.approx(np.mean(best))
    assert found["one"] == pytest.approx(accuracy.mean())


@given(small, st.data())
def test_counts_say_the_same_as_rows_written_out(rows, data):
    score, accuracy = np.array(rows, float).T
    counts = np.array(data.draw(st.lists(st.integers(0, 3), min_size=len(rows), max_size=len(rows))))
    counts[0] += 2
    short = choices(score, accuracy, [2], [1, 5])(counts)
    written_out = choices(np.repeat(score, counts), np.repeat(accuracy, counts), [2], [1, 5])(once(counts.sum()))
    del short["precision", 2], written_out["precision", 2]  # rows written out are ties, copies are not
    assert short == pytest.approx(written_out)


def test_copies_of_a_row_have_the_same_place_in_both_orders():
    score = accuracy = np.array([90.0, 91.0, 92.0])
    counts = np.array([1, 3, 1])
    assert choices(score, accuracy, [2, 3], [])(counts)["precision", 2] == 1
    assert choices(-score, accuracy, [2], [])(counts)["precision", 2] == 0.5  # one of three copies, on both sides


def test_a_perfect_indicator_loses_nothing_and_a_constant_one_is_any_draw():
    accuracy = np.random.default_rng(0).uniform(80, 95, size=200)
    drawn = bootstrap(choices(accuracy, accuracy, [10], [25]), np.arange(200), seed=0, n_draws=20)
    (short,), (search,) = shortlists(drawn, [10], 200), random_searches(drawn, [25])
    assert short.precision.numbers == pytest.approx((1, 1, 1)) and short.chance == 0.05
    assert short.accuracy.value == pytest.approx(np.sort(accuracy)[-10:].mean())
    assert search.lost.numbers == pytest.approx((0, 0, 0)) and search.best.value > search.one.value
    blind = choices(np.zeros(200), accuracy, [10], [25])(once(200))
    assert blind["chosen", 25] == pytest.approx(accuracy.mean())
    assert blind["accuracy", 10] == pytest.approx(accuracy.mean())


def test_the_top_percent_is_one_of_the_lengths_and_none_is_the_whole_table():
    assert lengths(15_625) == (10, 100, 157)
    assert lengths(50) == (1, 10)
    assert lengths(10) == (1,)
