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


def _sharpness(rewards: np.ndarray, share: float) -> float:
    """Return the factor of the rewards at which the largest softmax weight is this share, by bisection."""
    behind = np.max(rewards) - np.asarray(rewards, float)
    low, high = 0.0, 1.0
    while 1 / np.exp(-high * behind).sum() < share:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if 1 / np.exp(-middle * behind).sum() < share else (low, middle)
    return high


def _rewards() -> Cases:
    rng = np.random.default_rng(23)
    return {
        "two samples": (np.array([0.5, -1.0]), 0.9),
        "three samples": (np.array([-1.0, 0.0, 2.0]), 0.5),
        "ten samples": (rng.normal(size=10), 0.8),
        "log-likelihoods of many images": (np.array([-900.0, -905.0, -1200.0]), 0.6),
        "rewards that are nearly equal": (np.array([0.01, 0.02, 0.03, 0.035]), 0.5),
    }


TASKS = {
    "ex-write-sharpness": WriteFunction(
        reference=_sharpness,
        cases=_rewards,
        tolerance=1e-3,
        hint="The largest weight grows with the factor, from one share among equals towards one.",
    ),
    "ex-write-entropy": WriteFunction(
        reference=_entropy, cases=_cases, hint="What never happens adds nothing: 0 ln 0 counts as 0."
    ),
}
