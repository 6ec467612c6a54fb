"""Gradient flow of a model that is linear in its parameters, by many small steps: the slow twin of Eq. 2 and 7."""

import numpy as np


def train_linear_model(
    jacobian: np.ndarray,
    jacobian_test: np.ndarray,
    targets: np.ndarray,
    time: float,
    *,
    learning_rate: float = 1.0,
    n_steps: int = 2000,
) -> tuple[np.ndarray, np.ndarray]:
    """Train f(x) = J(x) w from w = 0 on ½ ‖f − y‖² up to a time; return its outputs on both sets of images.

    Steps of Runge and Kutta, of fourth order: their error is far below that of rounding a printed number.
    """
    weights = np.zeros((jacobian.shape[1], targets.shape[1]))
    step = time / n_steps

    def velocity(w: np.ndarray) -> np.ndarray:
        return -learning_rate * jacobian.T @ (jacobian @ w - targets)

    for _ in range(n_steps):
        first = velocity(weights)
        second = velocity(weights + step / 2 * first)
        third = velocity(weights + step / 2 * second)
        fourth = velocity(weights + step * third)
        weights = weights + step / 6 * (first + 2 * second + 2 * third + fourth)
    return jacobian @ weights, jacobian_test @ weights
