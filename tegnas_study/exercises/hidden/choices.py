"""The functions to write in the chapter on choices."""

import numpy as np

from tegnas_study.analysis.reliability import intraclass
from tegnas_study.exercises.tasks import Cases, WriteFunction


def _cases() -> Cases:
    rng = np.random.default_rng(5)
    signal = rng.normal(size=(30, 1))
    return {
        "two repeats": (np.array([[1.0, 2.0], [2.0, 5.0], [4.0, 4.0], [7.0, 9.0]]),),
        "three repeats of thirty architectures": (signal + rng.normal(size=(30, 3)),),
        "repeats that differ by a constant": (signal + np.array([[0.0, 3.0, -1.0]]),),
        "noise alone": (rng.normal(size=(30, 2)),),
    }


TASKS = {"ex-write-icc": WriteFunction(reference=intraclass, cases=_cases)}
