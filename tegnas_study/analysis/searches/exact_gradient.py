"""The steps of REINFORCE and FP-NAS without chance: expectations over every architecture, written out.

With independent decisions an expectation over all 15,625 cells of NAS-Bench-201 is a sum that a laptop does in a
blink. Everything rests on the score of a softmax, ∂ log π(a) / ∂θ_eo = [a_e = o] − σ(θ_e)_o. Rewards are a table:
one number for each architecture, whatever else was visited, in the order of `every_architecture`.
"""

import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import softmax

from tegnas_core.errors import TegnasError
from tegnas_core.spaces.base import A, FactorisedSpace

Array = NDArray[np.float64]

LARGEST = 1_000_000  # architectures that are still written out
_STEP = 0.2  # of the quadrature in log u; its error is of order exp(−π² / step)
_LOWEST = -40.0  # exp(−40) is below the resolution of a double


def every_architecture(space: FactorisedSpace[A]) -> tuple[A, ...]:
    """Return all architectures in the order of every table here: later decisions vary fastest.

    Raises:
        TegnasError: When decisions have different numbers of options, or architectures are more than a million.
    """
    choices = space.choices
    if len(set(choices)) != 1 or choices[0] ** len(choices) > LARGEST:
        raise TegnasError(
            f"only up to {LARGEST:,} architectures of decisions that are alike can be written out, not {choices}"
        )
    return tuple(space.compose(options) for options in itertools.product(*map(range, choices)))


def probabilities(logits: ArrayLike) -> Array:
    """Return π(a) = Π_e σ(θ_e)(a_e) of every architecture, shape (n,).

    Args:
        logits: θ, shape (decisions, options).
    """
    table = np.ones(1)
    for row in softmax(np.asarray(logits, float), axis=1):
        table = np.multiply.outer(table, row).ravel()
    return table


def expected_score(weights: ArrayLike, logits: ArrayLike) -> Array:
    """Return Σ_a w(a) ∇ log π(a) = (Σ_a w(a) [a_e = o]) − σ(θ_e)_o Σ_a w(a), shape (decisions, options).

    Args:
        weights: w, one for each architecture, shape (n,).
        logits: θ, shape (decisions, options).

    Raises:
        TegnasError: When the table is not of options ** decisions numbers.
    """
    chances = softmax(np.asarray(logits, float), axis=1)
    decisions, options = chances.shape
    grid = _checked(weights, logits).reshape((options,) * decisions)
    sums = [grid.sum(tuple(other for other in range(decisions) if other != e)) for e in range(decisions)]
    return np.array(sums) - chances * grid.sum()


def reinforce_gradient(logits: ArrayLike, rewards: ArrayLike) -> Array:
    """Return ∇ E_π[r] = Σ_a π(a) r(a) ∇ log π(a): what one step of REINFORCE is on average, for every baseline b.

    A baseline that does not know the draw changes nothing, as E_π[b ∇ log π] = 0.

    Args:
        logits: θ, shape (decisions, options).
        rewards: r, shape (n,).

    Source: paper Eq. 13, 14.
    """
    return expected_score(probabilities(logits) * _checked(rewards, logits), logits)


def fp_nas_limit(logits: ArrayLike, rewards: ArrayLike) -> Array:
    """Return ∇ log E_π[exp r]: the step of FP-NAS with ever more samples, K → ∞.

    Σ_i w_i ∇ log π(a_i) → Σ_a π(a) exp(r(a)) ∇ log π(a) / E_π[exp r]

    Args:
        logits: θ, shape (decisions, options).
        rewards: r, shape (n,).

    Source: paper Eq. 20.
    """
    weights = probabilities(logits) * np.exp(_checked(rewards, logits) - np.max(rewards))
    return expected_score(weights / weights.sum(), logits)


def fp_nas_update(logits: ArrayLike, rewards: ArrayLike, n_samples: int) -> Array:
    """Return E[Σ_i w_i ∇ log π(a_i)], the step of FP-NAS with K samples on average over all draws, exactly.

    With x = exp r and S the sum of K − 1 independent x, the weight of architecture a among K draws is on average

    h_K(a) = E[x(a) / (x(a) + S)] = ∫_0^∞ x(a) exp(−u x(a)) φ(u)^{K−1} du,   φ(u) = E_π[exp(−u x)],

    and the step is K Σ_a π(a) h_K(a) ∇ log π(a). For K = 1 it is Σ_a π(a) ∇ log π(a) = 0 for every reward: the
    only weight is 1, so the average step knows nothing of the rewards, and all that moves the policy is chance.

    Args:
        logits: θ, shape (decisions, options).
        rewards: r, shape (n,).
        n_samples: K, the number of samples in a step, at least 1.
    """
    chances, rewards = probabilities(logits), _checked(rewards, logits)
    return expected_score(n_samples * chances * _mean_weight(chances, rewards, n_samples), logits)


def signal_to_noise(
    logits: ArrayLike,
    rewards: ArrayLike,
    *,
    rng: np.random.Generator,
    n_samples: Sequence[int] = (1, 2, 4, 8, 16, 32),
    n_repeats: int = 1000,
) -> pd.DataFrame:
    """Compare sampled steps with exact ones, for REINFORCE and FP-NAS with K samples a step.

    REINFORCE takes the mean over its K draws and the exact E_π[r] for its baseline.

    Args:
        logits: θ, shape (decisions, options).
        rewards: r, shape (n,).
        rng: The generator that draws the architectures.
        n_samples: The numbers of samples K that are tried.
        n_repeats: How many steps are drawn for each row.

    Returns:
        One row for each method and K. Columns: method; n_samples; signal, the norm of the exact mean step; noise,
        the root of the mean squared distance of a sampled step from it; signal_to_noise; cosine_sampled, between
        the mean of the sampled steps and the exact step of K → ∞; cosine_exact, the same of the exact mean step,
        nan where that is zero.
    """
    logits, rewards = np.asarray(logits, float), _checked(rewards, logits)
    rows = []
    for method in ("reinforce", "fp-nas"):
        limit = (reinforce_gradient if method == "reinforce" else fp_nas_limit)(logits, rewards)
        for k in n_samples:
            exact = limit if method == "reinforce" else fp_nas_update(logits, rewards, k)
            steps = sampled_steps(method, logits, rewards, n_samples=k, n_repeats=n_repeats, rng=rng)
            signal, noise = np.linalg.norm(exact), np.sqrt(((steps - exact) ** 2).sum((1, 2)).mean())
            rows.append(
                {
                    "method": method,
                    "n_samples": k,
                    "signal": signal,
                    "noise": noise,
                    "signal_to_noise": signal / noise,
                    "cosine_sampled": _cosine(steps.mean(0), limit),
                    "cosine_exact": _cosine(exact, limit) if signal > 1e-9 * noise else np.nan,
                }
            )
    return pd.DataFrame(rows)


def sampled_steps(
    method: str, logits: Array, rewards: Array, *, n_samples: int, n_repeats: int, rng: np.random.Generator
) -> Array:
    """Return independent steps of "reinforce" or "fp-nas" from these logits, (n_repeats, decisions, options).

    Raises:
        TegnasError: When the method is neither.
    """
    if method not in ("reinforce", "fp-nas"):
        raise TegnasError(f"steps are those of reinforce or fp-nas, got {method!r}")
    chances = softmax(logits, axis=1)
    decisions, options = chances.shape
    draws = np.stack([rng.choice(options, (n_repeats, n_samples), p=row) for row in chances], -1)
    drawn = rewards[np.ravel_multi_index(np.moveaxis(draws, -1, 0), (options,) * decisions)]  # (n_repeats, K)
    if method == "reinforce":
        weights = (drawn - probabilities(logits) @ rewards) / n_samples
    else:
        weights = softmax(drawn, axis=1)
    return np.einsum("rk,rkeo->reo", weights, np.eye(options)[draws] - chances)


def _mean_weight(chances: Array, rewards: Array, n_samples: int) -> Array:
    """Return h_K by the trapezoidal rule in log u, where the integrand is smooth and falls off at both ends."""
    log_x = rewards - rewards.max()  # a common factor of all x changes no weight
    log_u = np.arange(_LOWEST, 5.0 - log_x.min(), _STEP)
    decay = np.exp(-np.exp(np.add.outer(log_x, log_u)))  # exp(−u x), shape (n, nodes)
    others = (chances @ decay) ** (n_samples - 1)  # φ(u)^(K−1)
    return _STEP * np.exp(log_x) * (decay @ (others * np.exp(log_u)))


def _checked(table: ArrayLike, logits: ArrayLike) -> Array:
    decisions, options = np.shape(logits)
    if np.shape(table) != (options**decisions,):
        raise TegnasError(f"{options}^{decisions} architectures need as many values, got shape {np.shape(table)}")
    return np.asarray(table, float)


def _cosine(first: Array, second: Array) -> float:
    return float((first * second).sum() / (np.linalg.norm(first) * np.linalg.norm(second)))
