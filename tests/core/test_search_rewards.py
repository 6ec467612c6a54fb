"""Rewards against Eq. 16 to 18, worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tegnas_core.errors import TegnasError
from tegnas_core.search import Reward

GOODNESS = arrays(float, st.tuples(st.integers(1, 30), st.integers(1, 3)), elements=st.floats(-1e6, 1e6))


def test_the_first_reward_is_zero_and_the_second_a_share_of_the_range():
    reward = Reward(epsilon=0.0)
    assert reward(np.array([[3.0]])) == 0.0
    assert reward(np.array([[3.0], [5.0]])) == 1.0
    assert reward(np.array([[3.0], [5.0], [4.0]])) == -0.5


def test_objectives_add_up():
    history = np.array([[0.0, 10.0], [2.0, 0.0], [1.0, 5.0]])
    assert Reward(epsilon=0.0)(history) == -0.5 + 0.5


def test_the_window_counts_the_newest():
    history = np.array([[100.0], [0.0], [1.0], [3.0]])
    assert Reward(window=3, epsilon=0.0)(history) == pytest.approx(2 / 3)
    assert Reward(window=None, epsilon=0.0)(history) == pytest.approx(2 / 100)
    assert Reward(window=1, epsilon=0.5)(history) == pytest.approx(2 / 0.5)


def test_a_level_says_where_in_the_range_the_newest_is():
    history = np.array([[0.0], [4.0], [3.0]])
    assert Reward(kind="level", epsilon=0.0)(history) == 0.75


def test_a_value_is_itself():
    assert Reward(kind="value", factor=0.01)(np.array([[1.0], [93.0]])) == pytest.approx(0.93)


def test_a_failure_counts_as_the_worst_of_the_window_and_history_stays():
    history = np.array([[2.0], [6.0], [-np.inf]])
    before = history.copy()
    assert Reward(epsilon=0.0)(history) == -1.0
    assert np.array_equal(history, before)
    assert Reward()(np.array([[-np.inf]])) == 0.0
    assert Reward(epsilon=0.0)(np.array([[1.0], [-np.inf], [3.0]])) == 1.0


@given(GOODNESS)
def test_a_change_lies_between_minus_one_and_one_for_each_objective(history):
    assert abs(Reward(window=None)(history)) <= history.shape[1]
    assert 0 <= Reward(kind="level")(history) <= history.shape[1]


@given(GOODNESS, st.integers(1, 12))
def test_only_the_window_and_the_entry_before_the_newest_matter(history, window):
    longer = np.concatenate([np.full((3, history.shape[1]), 7e6), history])
    if len(history) > window and len(history) > 1:
        assert Reward(window=window)(longer) == Reward(window=window)(history)


def test_what_makes_no_sense_is_refused():
    with pytest.raises(TegnasError, match="window=0"):
        Reward(window=0)
    with pytest.raises(TegnasError, match="epsilon"):
        Reward(epsilon=-1.0)
