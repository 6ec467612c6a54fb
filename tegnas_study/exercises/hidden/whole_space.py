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


def _precision(score: list[float], accuracy: list[float], k: int) -> float:
    """Return the share of the k with the largest score that are among the k most accurate; no ties."""
    first, best = (set(np.argsort(values)[-k:].tolist()) for values in (score, accuracy))
    return len(first & best) / k


def _lists() -> Cases:
    rng = np.random.default_rng(17)
    return {
        "an indicator that knows all": ([1, 2, 3, 4], [10, 20, 30, 40], 2),
        "an indicator that is always wrong": ([4, 3, 2, 1], [10, 20, 30, 40], 1),
        "thirty random architectures": (rng.permutation(30).tolist(), rng.permutation(30).tolist(), 10),
    }


TASKS = {
    "ex-write-tau": WriteFunction(reference=_tau, cases=_cases, hint="Count each pair once."),
    "ex-write-precision": WriteFunction(reference=_precision, cases=_lists, hint="A large score is good here."),
}
