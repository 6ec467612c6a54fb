"""The functions to write in the forensic chapter: a mean with a sentinel, and what one wrong cell does to τ."""

import numpy as np

from tegnas_study.exercises.tasks import Cases, WriteFunction


def _stored(repeats: np.ndarray) -> float:
    repeats = np.asarray(repeats, float)
    return float(np.where(np.isnan(repeats), -1.0, repeats).mean())


def _repeats() -> Cases:
    return {
        "repeats that all succeed": (np.array([300.0, 600.0, 900.0]),),
        "one that fails": (np.array([300.0, 600.0, np.nan]),),
        "repeats that all fail": (np.full(3, np.nan),),
    }


def _tau(n: int) -> float:
    return 1 - 2 * (n - 1) / (n * (n - 1) / 2)


def _sizes() -> Cases:
    return {"two cells": (2,), "ten cells": (10,), "a hundred cells": (100,), "all of NAS-Bench-201": (15_625,)}


TASKS = {
    "ex-sentinel": WriteFunction(
        reference=_stored, cases=_repeats, hint="A failed repeat is counted like any other."
    ),
    "ex-bad-on-top": WriteFunction(
        reference=_tau,
        cases=_sizes,
        hint="τ is the share of the pairs in the right order minus that in the wrong one.",
    ),
}
