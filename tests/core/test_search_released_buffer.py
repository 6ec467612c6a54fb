"""What the released code makes of failures, worked out by hand from its description."""

import numpy as np
import pytest

from tegnas_core.errors import TegnasError
from tegnas_core.search import Reward
from tegnas_core.search.released_buffer import as_released

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


def test_history_is_read_only_and_without_failures_nothing_changes():
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
