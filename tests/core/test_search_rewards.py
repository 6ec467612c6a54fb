"""Rewards against Eq. 16 to 18, and what the released code makes of failures, worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tegnas_core.errors import TegnasError
from tegnas_core.search import Reward
from tegnas_core.search.rewards import as_released

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


# The released code's treatment of failures

BAD = -np.inf
# columns: −κ, R, −MSE
FIRST, SECOND = [-100.0, 300.0, -1.5], [-400.0, 200.0, -1.2]


def test_a_failure_gets_the_largest_condition_number_and_error_so_far_and_keeps_its_regions():
    history = np.array([FIRST, SECOND, [BAD, 150.0, BAD]])
    assert as_released(history).tolist() == [FIRST, SECOND, [-400.0, 150.0, -1.5]]


def test_a_new_maximum_is_written_over_all_three_indicators():
    history = np.array([FIRST, [BAD, 150.0, BAD], SECOND, [-5000.0, 250.0, -1.3]])
    remembered = as_released(history)
    assert remembered[1].tolist() == [-5000.0, 5000.0, -5000.0]
    assert np.array_equal(remembered[[0, 2, 3]], history[[0, 2, 3]])


def test_a_new_maximum_of_the_error_is_written_over_all_three_as_well():
    history = np.array([FIRST, [BAD, 150.0, BAD], [-50.0, 250.0, -2.0]])
    assert as_released(history)[1].tolist() == [-2.0, 2.0, -2.0]


def test_a_new_maximum_of_the_regions_changes_nothing():
    history = np.array([FIRST, [BAD, 150.0, BAD], [-50.0, 2500.0, -1.0]])
    assert as_released(history)[1].tolist() == [-100.0, 150.0, -1.5]


def test_a_first_failure_is_the_best_until_a_good_one_comes():
    assert as_released(np.array([[BAD, 150.0, BAD]])).tolist() == [[1.0, 150.0, 1.0]]
    two = as_released(np.array([[BAD, 150.0, BAD], [BAD, 120.0, BAD]]))
    assert two[:, 0].tolist() == [1.0, 1.0]
    assert as_released(np.array([[BAD, 150.0, BAD], FIRST]))[0].tolist() == [-100.0, 100.0, -100.0]


def test_a_contaminated_buffer_hides_the_next_maximum_of_the_error():
    # κ = 5000 stands in the bad one's error too, so 3.0 is no new maximum of the error
    history = np.array([FIRST, [BAD, 150.0, BAD], [-5000.0, 250.0, -1.3], [-10.0, 250.0, -3.0]])
    assert as_released(history)[1].tolist() == [-5000.0, 5000.0, -5000.0]


def test_the_released_history_is_read_only_and_without_failures_nothing_changes():
    history = np.array([FIRST, [BAD, 150.0, BAD], SECOND])
    before = history.copy()
    as_released(history)
    assert np.array_equal(history, before)
    good = -np.random.default_rng(0).random((20, 3)) - 1
    assert np.array_equal(as_released(good), good)
    assert Reward(failures="released")(good) == Reward()(good)


def test_the_reward_reads_the_contaminated_buffer():
    history = np.array([FIRST, [BAD, 150.0, BAD], [-5000.0, 250.0, -1.3]])
    reward = Reward(failures="released", epsilon=0.0)
    # κ: no change of range 4900; R: from 5000 to 250 of range 4750; MSE: from 5000 to 1.3 of range 4998.7
    assert reward(history) == pytest.approx(0.0 - 1.0 + 1.0)
    assert Reward(epsilon=0.0)(history) == pytest.approx(0.0 + 100 / 150 + 1.0)


def test_another_treatment_of_failures_is_refused():
    with pytest.raises(TegnasError, match="worst or as released"):
        Reward(failures="ignored")
