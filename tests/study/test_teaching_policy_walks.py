"""Walks of a policy: one step by hand, no signal from one sample, and learning from several."""

import numpy as np
import pytest
from scipy.special import softmax

from tegnas_core.errors import TegnasError
from tegnas_study.teaching.policy_walks import policy_walks


def walks(rewards, **options):
    given = {"n_samples": 1, "stops": (0, 5), "n_runs": 4} | options
    return policy_walks(rewards, rng=np.random.default_rng(given.pop("seed", 0)), **given)


def test_walks_begin_at_the_uniform_policy_and_stop_where_they_should():
    found = walks([0, 1, 2, 3])
    assert [*found] == [0, 5]
    assert (found[0] == 0.25).all()
    assert found[5].sum(1) == pytest.approx(1)


def test_one_step_of_one_sample_makes_what_was_drawn_more_probable():
    (after,) = walks([0, 0, 5], stops=(1,)).values()
    steps = 0.1 * (np.eye(3) - 1 / 3)
    possible = [softmax(step) for step in steps]
    assert all(any(np.allclose(row, known) for known in possible) for row in after)


def test_one_step_of_two_samples_weighs_them_by_their_rewards():
    rewards = np.array([0.0, 2.0])
    (after,) = walks(rewards, n_samples=2, stops=(1,), n_runs=50).values()
    possible = []
    for pair in ((0, 0), (0, 1), (1, 1)):
        weights = softmax(rewards[list(pair)])
        possible.append(softmax(0.1 * (weights @ np.eye(2)[list(pair)] - 0.5)))
    assert all(any(np.allclose(row, known) for known in possible) for row in after)
    assert len(np.unique(after[:, 0].round(9))) == 3


def test_one_sample_does_not_notice_the_rewards():
    told, blind = walks([0, 1, 5], stops=(300,)), walks([0, 0, 0], stops=(300,))
    assert np.array_equal(told[300], blind[300])
    assert not np.array_equal(told[300], walks([0, 1, 5], stops=(300,), seed=1)[300])


def test_four_samples_find_the_best_option():
    found = walks([0, 0.5, 1], n_samples=4, stops=(1600,), n_runs=30)[1600]
    assert (found.argmax(1) == 2).mean() > 0.9


@pytest.mark.parametrize("options", [{"n_samples": 0}, {"n_runs": 0}, {"stops": ()}, {"stops": (-1,)}])
def test_impossible_walks_are_told(options):
    with pytest.raises(TegnasError, match="counted from"):
        walks([0, 1], **options)
