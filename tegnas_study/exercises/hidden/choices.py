"""The functions to write in the chapter on choices."""

import numpy as np

from tegnas_study.analysis.reliability import foreseen_tau, intraclass
from tegnas_study.exercises.tasks import Cases, WriteFunction


def _of_the_mean(values: np.ndarray) -> float:
    """Return the ICC of the mean of all repeats, from that of one of them by the rule of Spearman and Brown."""
    single, n_repeats = intraclass(values), np.shape(values)[1]
    return n_repeats * single / (1 + (n_repeats - 1) * single)


def _cases() -> Cases:
    rng = np.random.default_rng(5)
    signal = rng.normal(size=(30, 1))
    return {
        "two repeats": (np.array([[1.0, 2.0], [2.0, 5.0], [4.0, 4.0], [7.0, 9.0]]),),
        "three repeats of thirty architectures": (signal + rng.normal(size=(30, 3)),),
        "repeats that differ by a constant": (signal + np.array([[0.0, 3.0, -1.0]]),),
        "ten repeats": (signal + 2 * rng.normal(size=(30, 10)),),
    }


def _single_repeats() -> Cases:
    return {"one repeat": (0.4, 1), "nine repeats": (1 / 3, 9), "a noisy indicator": (0.1, 30)}


TASKS = {
    "ex-write-icc-of-mean": WriteFunction(
        reference=_of_the_mean,
        cases=_cases,
        hint="The mean has less noise than one repeat, and the architectures differ as much as before.",
    ),
    "ex-write-odds": WriteFunction(
        reference=foreseen_tau, cases=_single_repeats, hint="Go from τ to ρ, multiply the odds, and go back."
    ),
}
