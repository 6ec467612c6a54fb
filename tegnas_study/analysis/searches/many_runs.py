"""Many runs of FP-NAS at once, on a table of rewards: what its steps come to, over hundreds of seeds.

`fp_nas.FPNAS` is the search itself; here are its steps of plain descent (Eq. 19, 20) and its number of samples,
for all runs side by side, with one reward an architecture as in `exact_gradient`.
"""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import entr, softmax

from tegnas_core.errors import TegnasError


def fp_nas_runs(
    rewards: ArrayLike,
    *,
    shape: tuple[int, int],
    rng: np.random.Generator,
    n_runs: int = 64,
    n_steps: int = 1000,
    learning_rate: float = 0.1,
    factor: float = 0.25,
    min_samples: int = 1,
    every: int = 20,
) -> pd.DataFrame:
    """Run FP-NAS from the uniform policy, many times, and return how the policies stand along the way.

    θ ← θ + η Σ_i softmax(r)_i ∇ log π(a_i),   i = 1 … K,   K = max(K_min, ⌊λ H(π)⌋), for each run its own

    Args:
        rewards: One reward for each architecture, in the order of `exact_gradient.every_architecture`.
        shape: Number of decisions and of options of each.
        rng: The generator that draws everything random.
        n_runs: Number of runs.
        n_steps: Number of steps of each run.
        learning_rate: η, the length of a step.
        factor: λ, the number of samples for each nat of entropy.
        min_samples: K_min, the smallest number of samples.
        every: How many steps lie between two reports; the first report is made at the start.

    Returns:
        One row for each run and report. Columns: seed (number of the run), step, samples (of the next step),
        entropy (nats), architecture (place of the most probable one in the order of the rewards).

    Raises:
        TegnasError: When rewards are not as many as architectures, or a number is not positive.
    """
    table, (decisions, options) = np.asarray(rewards, float), shape
    if table.shape != (options**decisions,):
        raise TegnasError(f"{options}^{decisions} architectures need as many rewards, got shape {table.shape}")
    if min(n_runs, n_steps, min_samples, every) < 1:
        raise TegnasError("runs, steps, samples and reports are counted from 1")
    logits = np.zeros((n_runs, decisions, options))
    reports = [_report(logits, 0, factor, min_samples)]
    for step in range(1, n_steps + 1):
        logits = logits + learning_rate * _steps(logits, table, _sizes(logits, factor, min_samples), rng)
        if step % every == 0:
            reports.append(_report(logits, step, factor, min_samples))
    return pd.concat(reports, ignore_index=True)


def _entropies(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    return entr(softmax(logits, axis=-1)).sum((-2, -1))


def _sizes(logits: NDArray[np.float64], factor: float, min_samples: int) -> NDArray[np.int64]:
    return np.maximum(min_samples, np.floor(factor * _entropies(logits)).astype(int))


def _steps(
    logits: NDArray[np.float64], rewards: NDArray[np.float64], sizes: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return one sampled step of each run, shape (runs, decisions, options)."""
    n_runs, decisions, options = logits.shape
    noise = rng.gumbel(size=(n_runs, sizes.max(), decisions, options))
    draws = (logits[:, None] + noise).argmax(-1)  # (runs, K, decisions)
    drawn = rewards[np.ravel_multi_index(tuple(np.moveaxis(draws, -1, 0)), (options,) * decisions)]
    weights = softmax(np.where(np.arange(sizes.max()) < sizes[:, None], drawn, -np.inf), axis=1)
    return np.einsum("rk,rkeo->reo", weights, np.eye(options)[draws]) - softmax(logits, axis=-1)


def _report(logits: NDArray[np.float64], step: int, factor: float, min_samples: int) -> pd.DataFrame:
    decisions, options = logits.shape[1:]
    chosen = tuple(np.moveaxis(logits.argmax(-1), -1, 0))
    return pd.DataFrame(
        {
            "seed": np.arange(len(logits)),
            "step": step,
            "samples": _sizes(logits, factor, min_samples),
            "entropy": _entropies(logits),
            "architecture": np.ravel_multi_index(chosen, (options,) * decisions),
        }
    )
