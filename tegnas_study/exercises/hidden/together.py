"""The functions to write in the chapter on combinations."""

import numpy as np

from tegnas_study.exercises.tasks import Cases, WriteFunction


def _swap(patterns: np.ndarray) -> int:
    return len({tuple(column) for column in np.asarray(patterns, bool).T.tolist()})


def _cases() -> Cases:
    rng = np.random.default_rng(29)
    return {
        "three images and four units": (np.array([[1, 1, 0, 0], [1, 1, 0, 1], [0, 0, 1, 1]], bool),),
        "units that are never on": (np.zeros((4, 6), bool),),
        "six images and a hundred units": (rng.random((6, 100)) < 0.5,),
    }


TASKS = {"ex-write-swap": WriteFunction(reference=_swap, cases=_cases, hint="Count columns, and R counts rows.")}
