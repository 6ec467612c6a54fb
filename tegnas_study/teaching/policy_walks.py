"""Many runs of FP-NAS on a single decision: where its policy walks, small enough to be drawn in a triangle.

`tegnas_study.analysis.searches.many_runs` does the same for whole spaces and reports entropies.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import softmax

from tegnas_core.errors import TegnasError


def policy_walks(
    rewards: ArrayLike,
    *,
    n_samples: int,
    stops: Sequence[int],
    n_runs: int,
    rng: np.random.Generator,
    learning_rate: float = 0.1,
) -> dict[int, NDArray[np.float64]]:
    """Return the policies of many runs after some numbers of steps, each of shape (runs, options).

    θ ← θ + η Σ_i softmax(r)_i (onehot(a_i) − σ(θ)),   a_i ~ σ(θ),   i = 1 … K   (paper Eq. 19 and 20)

    All runs start from the uniform policy. Two calls with generators in the same state draw alike for as long as
    their policies are alike.

    Args:
        rewards: r, one number for each option.
        n_samples: K, the number of draws a step.
        stops: After how many steps the policies are reported.
        n_runs: Number of runs.
        rng: The generator of all draws.
        learning_rate: η.

    Raises:
        TegnasError: When there are no options, samples, runs or stops, or a stop is negative.
    """
    table = np.asarray(rewards, float)
    if min(table.size, n_samples, n_runs, len(stops)) < 1 or min(stops) < 0:
        raise TegnasError("options, samples, runs and stops are counted from 1, and steps from 0")
    logits, found = np.zeros((n_runs, table.size)), {}
    for step in range(max(stops) + 1):
        policy = softmax(logits, axis=1)
        if step in stops:
            found[step] = policy
        noise = rng.gumbel(size=(n_runs, n_samples, table.size))
        draws = (logits[:, None] + noise).argmax(2)  # (runs, K)
        weights = softmax(table[draws], axis=1)  # of the draws of one step
        pulled = np.einsum("rk,rko->ro", weights, np.eye(table.size)[draws])
        logits = logits + learning_rate * (pulled - policy)
    return found
