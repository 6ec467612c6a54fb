"""Hidden tests of the chapter on generalization."""

import numpy as np

from tegnas_study.exercises.tasks import Cases, WriteFunction
from tegnas_study.teaching.kernel_fits import infinite_kernel


def _leave_one_out(kernel: np.ndarray, targets: np.ndarray, ridge: float) -> np.ndarray:
    """Return what all other points predict for each point, by as many regressions as points."""
    predictions = []
    for i in range(len(kernel)):
        others = np.delete(np.arange(len(kernel)), i)
        lifted = kernel[np.ix_(others, others)] + ridge * np.eye(len(others))
        predictions.append(kernel[i, others] @ np.linalg.solve(lifted, targets[others]))
    return np.array(predictions)


def _kernels() -> Cases:
    rng = np.random.default_rng(15)
    x = np.sort(rng.uniform(-1, 1, 7))
    y = rng.standard_normal(7)
    return {
        "a kernel without ridge": (infinite_kernel(x), y, 0.0),
        "a kernel with a ridge": (infinite_kernel(x), y, 0.3),
        "two points": (np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([1.0, -1.0]), 0.0),
    }


def _linear_kernel(x: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return twice the inner products of (x, 1) and (x', 1): once from each layer."""
    return 2 * (np.outer(x, other) + 1)


def _inputs() -> Cases:
    rng = np.random.default_rng(16)
    return {
        "one pair of inputs": (np.array([0.5]), np.array([-2.0])),
        "the same inputs twice": (np.array([-1.0, 0.0, 1.0]),) * 2,
        "three inputs against five": (rng.uniform(-1, 1, 3), rng.uniform(-1, 1, 5)),
    }


TASKS = {
    "ex-leave-one-out": WriteFunction(
        _leave_one_out, _kernels, tolerance=1e-6, hint="Is the point itself among those that predict it?"
    ),
    "ex-linear-units": WriteFunction(
        _linear_kernel, _inputs, tolerance=1e-8, hint="Both layers have weights, and the 1 counts as an input."
    ),
}
