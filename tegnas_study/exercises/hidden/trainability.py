"""The exercises of the chapter on trainability: two functions to write, and labels that a kernel learns slowly."""

import math
from collections.abc import Callable

import numpy as np

from tegnas_study.exercises.tasks import Judged, WriteFunction

_STEPS = 100
_AT_LEAST = 0.9  # of the largest share of the loss


def _nudged_jacobian(f: Callable[[np.ndarray], np.ndarray], theta: np.ndarray, h: float = 1e-5) -> np.ndarray:
    nudges = h * np.eye(len(theta))
    return np.stack([(f(theta + nudge) - f(theta - nudge)) / (2 * h) for nudge in nudges], axis=1)


def _functions() -> dict[str, tuple]:
    rng = np.random.default_rng(3)
    x, theta = rng.normal(size=(4, 3)), rng.normal(size=3)
    hidden = rng.normal(size=8)
    return {
        "a linear function": (lambda w: x @ w, theta),
        "two hidden units": (lambda w: np.tanh(np.outer(x[:, 0], w[:2])) @ w[2:], hidden[:4]),
        "one output": (lambda w: np.array([np.sin(w).prod()]), hidden[4:6]),
    }


def _steps_needed(eigenvalues: np.ndarray, learning_rate: float, share: float) -> float:
    factor = float(np.abs(1 - learning_rate * np.asarray(eigenvalues)).max())
    if factor >= 1:
        return math.inf
    steps = 0
    while factor**steps > share:
        steps += 1
    return steps


def _trainings() -> dict[str, tuple]:
    return {
        "two modes": (np.array([1.0, 3.0]), 0.1, 0.01),
        "one step that is enough": (np.array([4.0]), 0.25, 0.5),
        "a large learning rate, where the fastest mode is the last": (np.array([0.5, 1.9]), 1.0, 0.1),
        "a learning rate that explodes": (np.array([0.1, 2.1]), 1.0, 0.1),
        "an eigenvalue of zero": (np.array([0.0, 1.0]), 0.5, 0.1),
    }


def _fault_of_labels(labels: object, *, theta: object, learning_rate: float) -> str:
    """Return what is wrong with labels that should be learned slowly, "" when nothing is."""
    signs = np.asarray(labels, float)
    kernel = np.asarray(theta, float)
    if signs.shape != (len(kernel),) or not np.isin(signs, (-1, 1)).all():
        return f"this asks for a list of {len(kernel)} labels, each +1 or −1."
    eigenvalues, modes = np.linalg.eigh(kernel)
    kept = np.abs(1 - learning_rate * eigenvalues) ** _STEPS
    every = 1 - 2 * ((np.arange(2 ** len(kernel))[:, None] >> np.arange(len(kernel))) & 1)
    left = ((every @ modes * kept) ** 2).sum(axis=1) / len(kernel)
    mine = ((signs @ modes * kept) ** 2).sum() / len(kernel)
    if mine < _AT_LEAST * left.max():
        slower = (left > mine).mean()
        return (
            f"after {_STEPS} steps {mine:.0%} of the loss is left, but more is left of {slower:.0%} of all labels."
        )
    return ""


TASKS = {
    "ex-nudges": WriteFunction(
        reference=_nudged_jacobian,
        cases=_functions,
        tolerance=1e-4,
        hint="Column k is the change of all outputs when weight k changes, divided by the change of the weight.",
    ),
    "ex-steps-needed": WriteFunction(
        reference=_steps_needed,
        cases=_trainings,
        hint="A step multiplies the error of mode i by 1 − ηλ_i.",
    ),
    "ex-slowest-labels": Judged(fault=_fault_of_labels, placeholder="a list of eight labels in place of None"),
}
