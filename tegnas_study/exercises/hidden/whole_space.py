"""The functions to write in the chapter on the whole space."""

import numpy as np

from tegnas_study.exercises.tasks import Cases, WriteFunction


def _equal_size_tau(indicator: list[float], accuracy: list[float], size: list[int]) -> float:
    """Return concordant minus discordant pairs as a share of the pairs whose two members have the same size."""
    pairs = [(i, j) for i in range(len(size)) for j in range(i) if size[i] == size[j]]
    signs = [np.sign((indicator[i] - indicator[j]) * (accuracy[i] - accuracy[j])) for i, j in pairs]
    return float(sum(signs)) / len(pairs)


def _cases() -> Cases:
    rng = np.random.default_rng(7)
    return {
        "one size only": ([1, 2, 3, 4], [10, 20, 40, 30], [5, 5, 5, 5]),
        "two sizes": ([1, 2, 3, 4], [20, 10, 40, 30], [5, 5, 6, 6]),
        "sizes that are not in a row": ([3, 1, 4, 2, 5], [30, 10, 20, 50, 40], [8, 7, 8, 7, 8]),
        "forty random architectures": (
            rng.permutation(40).tolist(),
            rng.permutation(40).tolist(),
            rng.integers(4, size=40).tolist(),
        ),
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
    "ex-write-equal-size": WriteFunction(
        reference=_equal_size_tau, cases=_cases, hint="Divide by the number of pairs of equal size, not of all."
    ),
    "ex-write-precision": WriteFunction(reference=_precision, cases=_lists, hint="A large score is good here."),
}
