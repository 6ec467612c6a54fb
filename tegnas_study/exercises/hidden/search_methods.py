"""The function to write in the chapter on search methods: how many different cells a policy draws."""

import numpy as np

from tegnas_study.exercises.tasks import Cases, WriteFunction


def _n_different(probabilities: np.ndarray, n_draws: int) -> float:
    """Return the sum over all architectures of the probability that at least one of the draws is this one."""
    joint = np.ones(1)
    for options in np.asarray(probabilities, float):
        joint = np.outer(joint, options).ravel()
    return float(np.sum(1 - (1 - joint) ** n_draws))


def _policies() -> Cases:
    rng = np.random.default_rng(12)
    return {
        "two coins that are thrown three times": (np.full((2, 2), 1 / 2), 3),
        "a single draw": (rng.dirichlet(np.ones(5), size=3), 1),
        "NAS-Bench-201 at the start": (np.full((6, 5), 1 / 5), 500),
        "a policy that is half-way": (rng.dirichlet(np.full(5, 0.3), size=6), 500),
        "a policy that has decided everything": (np.eye(5)[[0, 1, 4, 3, 3, 2]], 100),
    }


TASKS = {
    "ex-write-different": WriteFunction(
        reference=_n_different,
        cases=_policies,
        hint="For each architecture, what is the probability that none of the draws is this one?",
    )
}
