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


def _weights(rewards: np.ndarray) -> np.ndarray:
    shares = np.exp(np.asarray(rewards, float) - np.max(rewards))
    return shares / shares.sum()


def _rewards() -> Cases:
    rng = np.random.default_rng(23)
    return {
        "one sample": (np.array([2.5]),),
        "three samples": (np.array([-1.0, 0.0, 2.0]),),
        "ten samples": (rng.normal(size=10),),
        "log-likelihoods of many images": (np.array([-900.0, -905.0, -1200.0]),),
    }


TASKS = {
    "ex-write-weights": WriteFunction(
        reference=_weights, cases=_rewards, hint="A constant that is taken off all rewards changes no weight."
    ),
    "ex-write-entropy": WriteFunction(
        reference=_entropy, cases=_cases, hint="What never happens adds nothing: 0 ln 0 counts as 0."
    ),
}
