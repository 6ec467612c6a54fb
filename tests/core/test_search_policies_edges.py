"""The policy of independent decisions, against all architectures of a small space."""

import itertools

import numpy as np
import pytest
import torch

from tegnas_core.search.policies import Draw, EdgePolicy, make_policy
from tegnas_core.spaces import NASBench201, Toy


def spread(policy, seed=0, scale=1.5):
    with torch.no_grad():
        policy.logits.copy_(
            torch.from_numpy(scale * np.random.default_rng(seed).standard_normal(policy.logits.shape))
        )
    return policy


def test_probabilities_of_all_architectures_sum_to_one_and_the_largest_is_the_result():
    space = Toy(5)
    policy = spread(EdgePolicy(space, rng=np.random.default_rng(0)))
    draws = [Draw(space.compose(options), options) for options in itertools.product(range(2), repeat=5)]
    probabilities = [policy.log_probability(draw).exp().item() for draw in draws]
    assert sum(probabilities) == pytest.approx(1)
    assert policy.most_probable() == draws[int(np.argmax(probabilities))].architecture
    assert policy.entropy() == pytest.approx(-sum(p * np.log(p) for p in probabilities))


def test_a_draw_says_what_was_drawn():
    space = NASBench201()
    policy = spread(make_policy(space, rng=np.random.default_rng(0)))
    assert isinstance(policy, EdgePolicy) and policy.logits.shape == (6, 5)
    draw = policy.draw(np.random.default_rng(3))
    assert space.decisions(draw.architecture) == draw.options and draw.edges == ()
    assert policy.draw(np.random.default_rng(3)) == draw


class Uneven(Toy):
    """Decisions with different numbers of options."""

    choices = (2, 4, 1)


def test_rows_may_have_different_numbers_of_options():
    policy = spread(EdgePolicy(Uneven(3), rng=np.random.default_rng(0)))
    rng = np.random.default_rng(0)
    seen = {policy.draw(rng).options for _ in range(300)}
    assert seen == set(itertools.product(range(2), range(4), range(1)))
    assert sum(policy.log_probability(Draw(None, o)).exp().item() for o in seen) == pytest.approx(1)
