"""The function to write in the chapter on weight sharing: the gradient of DARTS of second order."""

import numpy as np

from tegnas_study.exercises.tasks import Cases, WriteFunction


def _unrolled_gradient(training, validation, w, rate):
    ahead = w - rate * training(w)[1]
    direct, v = validation(ahead)
    step = 0.01 / np.linalg.norm(v)
    return direct - rate * (training(w + step * v)[0] - training(w - step * v)[0]) / (2 * step)


def _cases() -> Cases:
    rng = np.random.default_rng(7)
    mixed, other, w = rng.normal(size=(3, 5)), rng.normal(size=(3, 5)), rng.normal(size=5)

    def linear(matrix):
        return lambda w: (matrix @ w, w + matrix.sum(axis=0))

    def bent(matrix):  # slopes that bend strongly near the weights, so that each side of the difference counts
        return lambda w: (matrix @ np.sin(9 * w), np.cos(w) + matrix[0])

    return {
        "no step ahead": (linear(mixed), linear(other), w, 0.0),
        "slopes that are linear": (linear(mixed), linear(other), w, 0.1),
        "slopes that bend": (bent(mixed), bent(other), w, 0.05),
        "a large step": (bent(other), bent(mixed), w, 0.5),
    }


TASKS = {
    "ex-unrolled-gradient": WriteFunction(
        reference=_unrolled_gradient,
        cases=_cases,
        hint="The logits act directly and through the step; which slope is taken at which weights?",
    )
}
