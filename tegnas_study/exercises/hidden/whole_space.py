"""The functions to write in the chapter on the whole space."""

import numpy as np

from tegnas_study.exercises.tasks import Cases, WriteFunction


def _tau(x: list[float], y: list[float]) -> float:
    """Return concordant minus discordant pairs as a share of all pairs; without ties this is τ."""
    pairs = [(i, j) for i in range(len(x)) for j in range(i)]
    return sum(float(np.sign((x[i] - x[j]) * (y[i] - y[j]))) for i, j in pairs) / len(pairs)


def _cases() -> Cases:
    rng = np.random.default_rng(7)
    return {
        "equal orders": ([1, 2, 3, 4], [10, 20, 30, 40]),
        "opposite orders": ([1, 2, 3, 4], [40, 30, 20, 10]),
        "the five architectures above": ([10, 20, 30, 40, 50], [93, 94, 90, 91, 70]),
        "forty random numbers": (rng.permutation(40).tolist(), rng.permutation(40).tolist()),
    }


TASKS = {"ex-write-tau": WriteFunction(reference=_tau, cases=_cases, hint="Count each pair once.")}
