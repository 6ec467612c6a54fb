"""The function to write in the chapter on search methods: how many samples FP-NAS draws."""

import math

import numpy as np

from tegnas_study.exercises.tasks import Cases, WriteFunction


def _n_samples(probabilities: np.ndarray, factor: float, fewest: int) -> int:
    p = np.asarray(probabilities, float)
    return max(fewest, math.floor(factor * -np.sum(p[p > 0] * np.log(p[p > 0]))))


def _policies() -> Cases:
    rng = np.random.default_rng(12)
    decided = np.eye(5)[[0, 1, 4, 3, 3, 2]]
    return {
        "NAS-Bench-201 at the start": (np.full((6, 5), 1 / 5), 0.25, 1),
        "DARTS at the start": (np.full((28, 8), 1 / 8), 0.25, 1),
        "a policy that is half-way": (rng.dirichlet(np.ones(8), size=28), 0.25, 1),
        "a policy that has decided everything": (decided, 0.25, 1),
        "a floor of four samples": (np.full((6, 5), 1 / 5), 0.25, 4),
    }


TASKS = {
    "ex-write-samples": WriteFunction(
        reference=_n_samples,
        cases=_policies,
        hint="The entropy adds up over all decisions, and what never happens adds nothing to it.",
    )
}
