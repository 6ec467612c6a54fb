"""Kernels, regression, controls and region counts in numpy, as one would do them on paper."""

from collections.abc import Iterable, Sequence

import numpy as np


def regression(ntk: np.ndarray, cross: np.ndarray, targets: np.ndarray, ridge: float = 0.0) -> np.ndarray:
    """ŷ = Θ* (Θ + λ mean(diag) I)⁻¹ y by a plain solve; by least squares when the kernel is of low rank."""
    matrix = ntk + ridge * np.mean(np.diag(ntk)) * np.eye(len(ntk))
    if np.linalg.matrix_rank(matrix) < len(matrix):
        return cross @ np.linalg.lstsq(matrix, targets, rcond=1e-12)[0]
    return cross @ np.linalg.solve(matrix, targets)


def targets(labels: Sequence[int], n_classes: int) -> np.ndarray:
    """One row an image: 1 at its class, minus the share of each class in the batch."""
    rows = np.array([[float(label == k) for k in range(n_classes)] for label in labels])
    return rows - np.array([np.mean(rows[:, k]) for k in range(n_classes)])


def regression_error(
    ntk: np.ndarray,
    cross: np.ndarray,
    labels: Sequence[int],
    test_labels: Sequence[int],
    n_classes: int,
    ridge: float = 0.0,
    *,
    power: int = 2,
) -> float:
    """The mean over test images of the distance between prediction and target, or of its square."""
    predicted = regression(ntk, cross, targets(labels, n_classes), ridge)
    expected = targets(test_labels, n_classes)
    return float(np.mean([np.linalg.norm(p - e) ** power for p, e in zip(predicted, expected, strict=True)]))


def condition_number(ntk: np.ndarray) -> float:
    """σ_max/σ_min from a singular value decomposition."""
    values = np.linalg.svd(ntk, compute_uv=False)
    return float(values[0] / values[-1])


def label_gradient_alignment(ntk: np.ndarray, labels: Sequence[int], n_classes: int) -> float:
    """⟨HΘH, YYᵀ⟩/(‖HΘH‖‖YYᵀ‖) with the centring matrix written out."""
    n = len(ntk)
    centring = np.eye(n) - np.ones((n, n)) / n
    left, y = centring @ ntk @ centring, targets(labels, n_classes)
    right = y @ y.T
    return float(np.sum(left * right) / np.sqrt(np.sum(left**2) * np.sum(right**2)))


def different_rows(patterns: Iterable[Iterable[bool]]) -> int:
    """How many different tuples there are."""
    return len({tuple(bool(bit) for bit in row) for row in patterns})


def zaslavsky(n_lines: int) -> int:
    """Regions of n lines in general position in the plane: 1 + n + n(n−1)/2 (Zaslavsky, 1975)."""
    return 1 + n_lines + n_lines * (n_lines - 1) // 2
