"""The functions to write in the chapter on the regression error."""

import numpy as np

from tegnas_study.exercises.tasks import Cases, WriteFunction
from tegnas_study.tables.ranking import partial_tau


def _cases() -> Cases:
    return {
        "the numbers above": (0.5, 0.7, 0.5),
        "a third number that knows nothing": (0.6, 0.0, 0.0),
        "a negative agreement": (-0.3, 0.4, 0.2),
        "an agreement that is all borrowed": (0.35, 0.7, 0.5),
    }


def _best_shrinkage(predictions: np.ndarray, targets: np.ndarray) -> float:
    """Return where the parabola of the error over the factor is lowest: alignment over size."""
    return float((predictions * targets).sum() / (predictions**2).sum())


def _predictions() -> Cases:
    rng = np.random.default_rng(23)
    targets = np.eye(10)[rng.integers(10, size=64)] - 0.1
    return {
        "perfect predictions": (targets.copy(), targets.copy()),
        "predictions twice too large": (2 * targets, targets.copy()),
        "predictions that know nothing": (rng.normal(size=targets.shape), targets.copy()),
        "predictions of the wrong sign": (-0.5 * targets + 0.1 * rng.normal(size=targets.shape), targets.copy()),
    }


TASKS = {
    "ex-shrink": WriteFunction(
        reference=_best_shrinkage, cases=_predictions, hint="Where is the derivative by c zero?"
    ),
    "ex-write-partial": WriteFunction(reference=partial_tau, cases=_cases),
}
