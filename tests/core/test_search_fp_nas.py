"""FP-NAS, against its equations."""

import numpy as np
import pytest
import torch
from contracts.search_method import ONES, GuidedMethodContract

from tegnas_core.errors import TegnasError
from tegnas_core.search import FPNAS, Reward, search
from tegnas_core.spaces import Darts, NASBench201, Toy

LEVEL = Reward(kind="level", window=None)


class TestContract(GuidedMethodContract):
    def make(self, space, rng):
        return FPNAS(space, rng=rng, n_steps=150, learning_rate=0.15, min_samples=6)


class TestContractInsideAStep(GuidedMethodContract):
    def make(self, space, rng):
        return FPNAS(space, rng=rng, n_steps=150, learning_rate=0.15, min_samples=6, compare="step", reward=LEVEL)


def make(space, seed=0, **options):
    return FPNAS(space, rng=np.random.default_rng(seed), **options)


def set_logits(method, seed=1, scale=1.0):
    with torch.no_grad():
        logits = method.policy.logits
        logits.copy_(torch.from_numpy(scale * np.random.default_rng(seed).standard_normal(logits.shape)))
    return method.policy.logits.detach().clone()


def test_one_plain_step_weighs_one_hot_minus_p_by_exponential_rewards():
    space = NASBench201()
    method = make(space, optimiser="sgd", reward=Reward(kind="value"))
    before = set_logits(method)
    asked, rewards = method.ask(), np.array([0.3, -1.0, 2.0, 0.0])
    assert method.tell(rewards[:, None]).rewards == rewards.tolist()
    weights = np.exp(rewards) / np.exp(rewards).sum()
    scores = [space.encode(a).reshape(6, 5) - torch.softmax(before, 1).numpy() for a in asked]
    step = (method.policy.logits.detach() - before).numpy()
    np.testing.assert_allclose(step, 0.1 * np.tensordot(weights, scores, 1), atol=1e-12)


@pytest.mark.parametrize("value", [-50.0, 0.0, 50.0])
def test_with_one_sample_the_step_is_the_same_whatever_the_reward(value):
    steps = []
    for told in (value, 1.0):
        method = make(Toy(4), min_samples=1, factor=0.0, optimiser="sgd", reward=Reward(kind="value"))
        before = set_logits(method)
        assert len(method.ask()) == 1
        method.tell(np.array([[told]]))
        steps.append(method.policy.logits.detach() - before)
    assert torch.equal(*steps)


@pytest.mark.parametrize(
    ("options", "sizes"),
    [({}, [4, 4, 4]), ({"min_samples": 1}, [3, 2, 1]), ({"min_samples": 1, "rounding": "floor"}, [2, 1, 1])],
)
def test_the_sample_size_follows_the_entropy(options, sizes):
    method = make(NASBench201(), **options)
    found = []
    for scale in (0.0, 2.0, 30.0):
        set_logits(method, scale=scale)
        assert len(method.ask()) == method.sample_size()
        found.append(method.sample_size())
    assert found == sizes


def test_on_darts_a_quarter_of_the_entropy_is_fourteen_samples():
    assert make(Darts()).sample_size() == 14


def test_rewards_are_chained_in_the_order_of_drawing():
    method, values = make(Toy(6), reward=Reward(window=5)), []
    for step in range(4):
        told = np.sin(np.arange(len(method.ask())) + 4.0 * step)[:, None]
        rewards = method.tell(told).rewards
        for value, reward in zip(told, rewards, strict=True):
            values.append(value)
            assert reward == Reward(window=5)(np.array(values))


def test_rewards_inside_a_step_are_levels_among_its_samples():
    method = make(Toy(6), compare="step", reward=Reward(kind="level", window=None, epsilon=0.0))
    for offset in (0.0, 100.0):
        method.ask()
        told = np.array([[1.0, 5.0], [3.0, -np.inf], [5.0, 9.0], [2.0, 6.0]]) + offset
        assert method.tell(told).rewards == pytest.approx([0.0, 0.5, 2.0, 0.5])


def test_it_stops_at_low_entropy():
    history = search(make(Toy(3), learning_rate=0.3), lambda bits: {"ones": bits.ones}, ONES)
    assert history.stopped == "entropy below 0.5 nats"
    assert history.visits[-1].entropy < 0.5 <= history.visits[-5].entropy


def test_it_stops_at_a_plateau_of_the_entropy():
    options = {"patience": 20, "min_entropy": None, "learning_rate": 0.3}
    history = search(make(Toy(3), **options), lambda bits: {"ones": bits.ones}, ONES)
    assert history.stopped == "entropy stopped falling" and 20 < history.n_steps < 300


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n_steps": 0}, "at least 1 step"),
        ({"min_samples": 0}, "at least 1 step of 1 sample"),
        ({"rounding": "round"}, "ceil or floor"),
        ({"compare": "always"}, "chained or inside"),
        ({"compare": "step"}, "kind 'change'"),
        ({"compare": "step", "reward": Reward(kind="level")}, "window=10"),
    ],
)
def test_what_makes_no_sense_is_refused(options, message):
    with pytest.raises(TegnasError, match=message):
        make(Toy(3), **options)
