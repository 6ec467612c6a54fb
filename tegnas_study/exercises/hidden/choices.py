"""The functions to write in the chapter on choices."""

import numpy as np

from tegnas_study.exercises.tasks import Cases, WriteFunction


def _icc(values: np.ndarray) -> float:
    n, r = values.shape
    rows, columns = values.mean(1, keepdims=True), values.mean(0, keepdims=True)
    between = r * np.sum((rows - values.mean()) ** 2) / (n - 1)
    within = np.sum((values - rows - columns + values.mean()) ** 2) / ((n - 1) * (r - 1))
    return float((between - within) / (between + (r - 1) * within))


def _cases() -> Cases:
    rng = np.random.default_rng(5)
    signal = rng.normal(size=(30, 1))
    return {
        "two repeats": (np.array([[1.0, 2.0], [2.0, 5.0], [4.0, 4.0], [7.0, 9.0]]),),
        "three repeats of thirty architectures": (signal + rng.normal(size=(30, 3)),),
        "repeats that differ by a constant": (signal + np.array([[0.0, 3.0, -1.0]]),),
        "noise alone": (rng.normal(size=(30, 2)),),
    }


TASKS = {"ex-write-icc": WriteFunction(reference=_icc, cases=_cases)}
