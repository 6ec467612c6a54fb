"""The functions to write in the chapter on rivals."""

import numpy as np

from tegnas_study.exercises.tasks import Cases, WriteFunction


def _naswot(patterns: np.ndarray, weights: np.ndarray) -> float:
    """Return log |det K|, where K adds up the weights of the units on which two images agree."""
    on, weights = np.asarray(patterns, float), np.asarray(weights, float)
    return float(np.linalg.slogdet((on * weights) @ on.T + ((1 - on) * weights) @ (1 - on).T)[1])


def _cases() -> Cases:
    rng = np.random.default_rng(11)
    few = np.array([[1, 1, 0, 0, 1], [1, 0, 1, 0, 0]], bool)
    return {
        "units that all count once": (few, np.ones(5)),
        "two images and five units": (few, np.array([1.0, 2.0, 0.5, 3.0, 1.0])),
        "eight images and sixty units": (rng.random((8, 60)) < 0.5, rng.uniform(0.1, 2, 60)),
        "units that are mostly off": (rng.random((6, 80)) < 0.2, rng.uniform(0.1, 2, 80)),
        "two layers that count alike": (rng.random((6, 90)) < 0.5, np.repeat([1 / 80, 1 / 10], [80, 10])),
    }


TASKS = {
    "ex-write-weighted-naswot": WriteFunction(
        reference=_naswot,
        cases=_cases,
        hint="Two images agree on a unit when it is on for both, or off for both; then its weight counts.",
    )
}
