"""Exact steps against automatic differentiation, sums over all tuples of draws, and many draws."""

import itertools

import numpy as np
import pytest
import torch
from scipy.special import softmax

from tegnas_core.errors import TegnasError
from tegnas_core.search import FPNAS, Reinforce, Reward
from tegnas_core.search.policies import Draw, EdgePolicy
from tegnas_core.spaces import NASBench201, Toy
from tegnas_study.analysis.searches.exact_gradient import (
    every_architecture,
    expected_score,
    fp_nas_limit,
    fp_nas_update,
    probabilities,
    reinforce_gradient,
    sampled_steps,
    signal_to_noise,
)

RNG = np.random.default_rng(0)
LOGITS = RNG.standard_normal((3, 2))
REWARDS = RNG.normal(size=8)


def log_probabilities(logits):
    """Log π of all architectures of independent decisions, for torch."""
    table = torch.zeros(1, dtype=torch.float64)
    for row in torch.log_softmax(logits, 1):
        table = (table[:, None] + row).ravel()
    return table


def autograd(objective, logits=LOGITS):
    theta = torch.tensor(logits, requires_grad=True)
    objective(log_probabilities(theta)).backward()
    return theta.grad.numpy()


def mean_step_over_all_tuples(k):
    """E[Σ w_i ∇ log π(a_i)] by its definition: every k-tuple of draws, with its probability."""
    p = probabilities(LOGITS)
    scores = np.array([expected_score(np.eye(8)[a], LOGITS) for a in range(8)])
    tuples = np.array([*itertools.product(range(8), repeat=k)])
    return np.einsum("t,tk,tkeo->eo", p[tuples].prod(1), softmax(REWARDS[tuples], axis=1), scores[tuples])


def test_tables_are_in_the_order_of_the_architectures():
    space = Toy(3)
    assert [str(a) for a in every_architecture(space)][:3] == ["000", "001", "010"]
    assert [bits.ones for bits in every_architecture(space)] == [0, 1, 1, 2, 1, 2, 2, 3]
    policy = EdgePolicy(space, rng=np.random.default_rng(0))
    with torch.no_grad():
        policy.logits.copy_(torch.from_numpy(LOGITS))
    expected = [
        policy.log_probability(Draw(a, space.decisions(a))).exp().item() for a in every_architecture(space)
    ]
    np.testing.assert_allclose(probabilities(LOGITS), expected, rtol=1e-12)


def test_the_gradient_of_reinforce_is_that_of_the_expected_reward():
    expected = autograd(lambda log_p: (log_p.exp() * torch.from_numpy(REWARDS)).sum())
    np.testing.assert_allclose(reinforce_gradient(LOGITS, REWARDS), expected, atol=1e-14)
    np.testing.assert_allclose(reinforce_gradient(LOGITS, REWARDS + 7.0), expected, atol=1e-13)


def test_the_limit_of_fp_nas_is_the_gradient_of_the_log_likelihood_of_the_mixture():
    expected = autograd(lambda log_p: torch.logsumexp(log_p + torch.from_numpy(REWARDS), 0))
    np.testing.assert_allclose(fp_nas_limit(LOGITS, REWARDS), expected, atol=1e-14)


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_the_mean_step_of_fp_nas_is_the_sum_over_all_tuples_of_draws(k):
    np.testing.assert_allclose(fp_nas_update(LOGITS, REWARDS, k), mean_step_over_all_tuples(k), atol=1e-13)


@pytest.mark.parametrize("scale", [0.0, 1.0, 30.0])
def test_one_sample_has_no_mean_step_whatever_the_reward(scale):
    assert np.abs(fp_nas_update(LOGITS, scale * REWARDS, 1)).max() < 1e-13
    assert (np.abs(fp_nas_update(LOGITS, scale * REWARDS, 2)).max() > 1e-3) == (scale > 0)


def test_many_samples_approach_the_limit():
    limit = fp_nas_limit(LOGITS, REWARDS)
    distances = [np.linalg.norm(fp_nas_update(LOGITS, REWARDS, k) - limit) for k in (2, 8, 32, 128, 10_000)]
    assert np.all(np.diff(distances) < 0) and distances[-1] < 1e-3 * np.linalg.norm(limit)


@pytest.mark.parametrize(("method", "k"), [("reinforce", 1), ("reinforce", 4), ("fp-nas", 1), ("fp-nas", 3)])
def test_sampled_steps_have_the_exact_mean(method, k):
    options = {"n_samples": k, "n_repeats": 20_000, "rng": np.random.default_rng(1)}
    steps = sampled_steps(method, LOGITS, REWARDS, **options)
    exact = reinforce_gradient(LOGITS, REWARDS) if method == "reinforce" else fp_nas_update(LOGITS, REWARDS, k)
    z = (steps.mean(0) - exact) / (steps.std(0) / np.sqrt(len(steps)))
    assert np.abs(z).max() < 4


@pytest.mark.parametrize("cls", [Reinforce, FPNAS])
def test_steps_of_the_methods_themselves_have_the_exact_mean(cls):
    space, steps = Toy(3), []
    rng = np.random.default_rng(0)
    options = {"optimiser": "sgd", "learning_rate": 1.0, "reward": Reward(kind="value")}
    options |= {"baseline": "previous"} if cls is Reinforce else {"min_samples": 3, "factor": 0.0}
    method = cls(space, rng=rng, **options)
    for _ in range(800):
        with torch.no_grad():
            method.policy.logits.copy_(torch.from_numpy(LOGITS))
        if cls is Reinforce:
            method.baseline.average = 0.0
        method.values.clear()
        drawn = [int(str(bits), 2) for bits in method.ask()]
        method.tell(REWARDS[drawn][:, None])
        steps.append(method.policy.logits.detach().numpy() - LOGITS)
    exact = reinforce_gradient(LOGITS, REWARDS) if cls is Reinforce else fp_nas_update(LOGITS, REWARDS, 3)
    z = (np.mean(steps, 0) - exact) / (np.std(steps, 0) / np.sqrt(len(steps)))
    assert np.abs(z).max() < 4


def test_the_table_says_that_one_sample_of_fp_nas_carries_no_signal():
    table = signal_to_noise(LOGITS, REWARDS, rng=np.random.default_rng(0), n_samples=(1, 2, 16)).set_index(
        ["method", "n_samples"]
    )
    fp_nas, reinforce = table.loc["fp-nas"], table.loc["reinforce"]
    assert fp_nas.loc[1, "signal"] < 1e-12 < fp_nas.loc[1, "noise"] and np.isnan(fp_nas.loc[1, "cosine_exact"])
    assert np.all(np.diff(fp_nas["signal_to_noise"]) > 0) and np.all(np.diff(reinforce["signal_to_noise"]) > 0)
    assert reinforce.loc[1, "signal_to_noise"] > 0.05
    assert fp_nas.loc[16, "cosine_sampled"] > 0.99 and reinforce.loc[16, "cosine_sampled"] > 0.99
    halved = reinforce.loc[1, "noise"] / reinforce.loc[16, "noise"]
    assert halved == pytest.approx(4, rel=0.1)  # independent draws: noise ∝ 1 / √K


def test_all_cells_of_nas_bench_201_are_written_out():
    space = NASBench201()
    rewards = np.array([cell.operations.count("nor_conv_3x3") for cell in every_architecture(space)], float)
    # with a uniform policy, E[n] grows along conv3×3 by p (1 − p) and falls along the others by p²
    gradient = reinforce_gradient(np.zeros((6, 5)), rewards)
    expected = np.where(np.arange(5) == 3, 0.2 * 0.8, -0.04)
    np.testing.assert_allclose(gradient, np.tile(expected, (6, 1)), atol=1e-12)
    assert np.abs(fp_nas_update(np.zeros((6, 5)), rewards, 1)).max() < 1e-13


def test_what_cannot_be_written_out_is_refused():
    with pytest.raises(TegnasError, match="1,000,000 architectures"):
        every_architecture(Toy(40))
    with pytest.raises(TegnasError, match=r"2\^3 architectures"):
        reinforce_gradient(LOGITS, REWARDS[:5])
    with pytest.raises(TegnasError, match="reinforce or fp-nas"):
        sampled_steps("evolution", LOGITS, REWARDS, n_samples=1, n_repeats=1, rng=np.random.default_rng(0))
