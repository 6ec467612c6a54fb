"""The functions to write in the chapter on rivals."""

import numpy as np

from tegnas_study.exercises.tasks import Cases, WriteFunction


def _naswot(patterns: np.ndarray) -> float:
    """Return log |det K|, where K counts on how many units two images agree."""
    on = np.asarray(patterns, float)
    return float(np.linalg.slogdet(on @ on.T + (1 - on) @ (1 - on).T)[1])


def _cases() -> Cases:
    rng = np.random.default_rng(11)
    return {
        "two images and five units": (np.array([[1, 1, 0, 0, 1], [1, 0, 1, 0, 0]], bool),),
        "eight images and sixty units": (rng.random((8, 60)) < 0.5,),
        "units that are mostly off": (rng.random((6, 80)) < 0.2,),
    }


TASKS = {
    "ex-write-naswot": WriteFunction(
        reference=_naswot, cases=_cases, hint="Two images agree on a unit when it is on for both, or off for both."
    )
}
