"""The functions to write in the chapter on search from scratch."""

import numpy as np

from tegnas_study.exercises.tasks import Cases, WriteFunction


def _entropy(probabilities: np.ndarray) -> float:
    p = np.asarray(probabilities, float)
    return float(-np.sum(p[p > 0] * np.log(p[p > 0])))


def _cases() -> Cases:
    rng = np.random.default_rng(3)
    return {
        "one fair coin": (np.array([[0.5, 0.5]]),),
        "six decisions among five": (rng.dirichlet(np.ones(5), size=6),),
        "a decision that is made": (np.array([[0.0, 1.0, 0.0], [0.2, 0.3, 0.5]]),),
    }


TASKS = {
    "ex-write-entropy": WriteFunction(
        reference=_entropy, cases=_cases, hint="What never happens adds nothing: 0 ln 0 counts as 0."
    )
}
