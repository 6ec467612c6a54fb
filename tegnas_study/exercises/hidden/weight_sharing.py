"""The function to write in the chapter on weight sharing."""

import numpy as np

from tegnas_study.exercises.tasks import Cases, WriteFunction


def _mixed_product(slope, w, v):
    step = 0.01 / np.linalg.norm(v)
    return (slope(w + step * v) - slope(w - step * v)) / (2 * step)


def _cases() -> Cases:
    rng = np.random.default_rng(7)
    matrix, w, v = rng.normal(size=(3, 5)), rng.normal(size=5), rng.normal(size=5)
    return {
        "a linear slope": (lambda w: matrix @ w, w, v),
        "a short direction": (lambda w: matrix @ w, w, 1e-3 * v),
        "a slope that bends": (lambda w: np.array([np.sin(w).sum(), np.cos(w).sum()]), w, v),
    }


TASKS = {"ex-mixed-product": WriteFunction(reference=_mixed_product, cases=_cases)}
