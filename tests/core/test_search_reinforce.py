"""REINFORCE, against its equations, and its baseline in the three readings."""

import copy

import numpy as np
import pytest
import torch
from contracts.search_method import ONES, GuidedMethodContract

from tegnas_core.errors import TegnasError
from tegnas_core.search import Reinforce, Reward, search
from tegnas_core.search.reinforce import Baseline
from tegnas_core.spaces import Darts, NASBench201, Toy


class TestContract(GuidedMethodContract):
    def make(self, space, rng):
        return Reinforce(space, rng=rng, n_steps=300, learning_rate=0.1)


def make(space, seed=0, **options):
    return Reinforce(space, rng=np.random.default_rng(seed), **options)


VALUE = Reward(kind="value")


def test_one_plain_step_is_the_advantage_times_one_hot_minus_p():
    space = NASBench201()
    method = make(space, optimiser="sgd", learning_rate=0.04, baseline="previous", reward=VALUE)
    with torch.no_grad():
        method.policy.logits.copy_(torch.from_numpy(np.random.default_rng(1).standard_normal((6, 5))))
    before = method.policy.logits.detach().clone()
    (asked,) = method.ask()
    p = torch.softmax(before, 1).numpy()
    method.tell(np.array([[2.5]]))
    one_hot = space.encode(asked).reshape(6, 5)
    step = (method.policy.logits.detach() - before).numpy()
    np.testing.assert_allclose(step, 0.04 * 2.5 * (one_hot - p), atol=1e-12)


@pytest.mark.parametrize("optimiser", ["sgd", "adam"])
def test_the_entropy_falls_under_a_positive_advantage_for_one_architecture(optimiser):
    space = Toy(5)
    method = make(space, optimiser=optimiser, learning_rate=0.05, baseline="previous", decay=0.0, reward=VALUE)
    draw, entropies = method.policy.draw(np.random.default_rng(0)), []
    for _ in range(30):
        method.drawn = draw
        method.baseline.average = 0.0  # so that every advantage is the reward
        entropies.append(method.tell(np.array([[1.0]])).entropy)
    assert np.all(np.diff(entropies) < 0) and entropies[-1] < 0.95 * 5 * np.log(2)
    assert method.derive() == draw.architecture


def test_the_first_released_step_does_not_move_and_the_papers_does_not_either():
    for baseline in ("debiased", "plain"):
        method = make(Toy(4), baseline=baseline)
        before = method.policy.logits.detach().clone()
        method.ask()
        assert method.tell(np.array([[3.0]])).rewards == [0.0]
        assert torch.equal(method.policy.logits.detach(), before)


def test_rewards_are_those_of_the_history():
    method, values = make(NASBench201(), reward=Reward(window=4)), []
    for step in range(12):
        method.ask()
        values.append([float(np.sin(7 * step)), -float(step)])
        assert method.tell(np.array([values[-1]])).rewards == [Reward(window=4)(np.array(values))]


def test_it_stops_at_a_plateau_of_the_entropy():
    history = search(make(Toy(3), patience=30, learning_rate=0.2), lambda bits: {"ones": bits.ones}, ONES)
    assert history.stopped == "entropy stopped falling" and 30 < history.n_steps < 500


def test_a_copy_goes_its_own_way():
    """What a study of landscapes needs: a child with the parent's policy, optimiser, baseline and history."""
    parent, twin = make(Toy(6)), make(Toy(6))

    def take(method, n):
        for _ in range(n):
            (bits,) = method.ask()
            method.tell(np.array([[float(bits.ones)]]))
        return method.policy.logits.detach()

    take(parent, 20), take(twin, 20)
    child = copy.deepcopy(parent)
    assert not torch.equal(take(child, 20), parent.policy.logits.detach())
    assert torch.equal(parent.policy.logits.detach(), twin.policy.logits.detach())
    assert torch.equal(take(parent, 20), child.policy.logits.detach())  # the same generator, hence the same way


def test_it_walks_the_darts_space():
    def evaluate(genotype):
        return {"separable": float(str(genotype).count("sep_conv_3x3"))}

    history = search(make(Darts(), learning_rate=0.3, n_steps=60), evaluate, [ONES[0]._replace(name="separable")])
    assert Darts().contains(history.derived)
    assert evaluate(history.derived)["separable"] > np.mean([v.values["separable"] for v in history.visits[:20]])


def test_a_search_of_no_steps_is_refused():
    with pytest.raises(TegnasError, match="at least 1 step"):
        make(Toy(3), n_steps=0)


# The moving average of rewards

REWARDS = [0.0, 1.0, -0.5, 2.0]


def advantages(kind, rewards=REWARDS):
    baseline = Baseline(0.9, kind)
    return [baseline.advantage(reward) for reward in rewards]


def test_the_papers_average_is_its_equation():
    b, expected = 0.0, []
    for r in REWARDS:
        b = 0.9 * b + 0.1 * r
        expected.append(r - b)
    assert advantages("plain") == pytest.approx(expected)


def test_the_textbooks_is_the_papers_divided_by_the_decay():
    assert advantages("plain") == pytest.approx([0.9 * a for a in advantages("previous")])


def test_the_released_average_has_no_bias_and_its_first_advantage_is_zero():
    assert advantages("debiased", [3.0, 3.0, 3.0]) == pytest.approx([0.0, 0.0, 0.0])
    assert advantages("debiased")[1] == pytest.approx(1.0 - 0.1 * 1.0 / (1 - 0.9**2))
    assert advantages("plain", [3.0])[0] == pytest.approx(2.7)


@pytest.mark.parametrize(("decay", "kind"), [(1.0, "plain"), (-0.1, "plain"), (0.9, "moving")])
def test_a_baseline_that_makes_no_sense_is_refused(decay, kind):
    with pytest.raises(TegnasError):
        Baseline(decay, kind)
