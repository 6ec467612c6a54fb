"""Generalization: the held-out error of regression with the NTK (paper Section 3.3, Eq. 8, 9)."""

import math
from typing import Literal

import torch
from torch import Tensor

from tegnas_core.indicators.kernels import Solver, centred_one_hot, kernel_regression
from tegnas_core.indicators.measured import NOT_FINITE, SINGULAR, Measured


def regression_error(
    ntk_train: Tensor,
    ntk_test_train: Tensor,
    labels_train: Tensor,
    labels_test: Tensor,
    n_classes: int,
    *,
    ridge: float = 0.0,
    solver: Solver = "cholesky",
    error: Literal["squared", "norm"] = "squared",
    singular_below: float = 1e-10,
) -> Measured:
    """Return the mean error of ŷ = Θ(test, train) Θ(train, train)⁻¹ y; a small error means that it generalises.

    Targets are one-hot labels, centred within their batch. With ``error="squared"`` the value is the mean over
    images of ‖ŷ − y‖², as the released code computes; with "norm" that of ‖ŷ − y‖, as Eq. 9 prints.

    Args:
        ntk_train: Shape (n, n).
        ntk_test_train: Shape (m, n).
        labels_train: Class numbers, shape (n,).
        labels_test: Class numbers, shape (m,).
        n_classes: Number of classes.
        ridge: What is added to the diagonal, in units of its mean.
        solver: How the linear equations are solved (see `kernels.kernel_regression`).
        error: "squared" or "norm".
        singular_below: The kernel is called singular when λ_min ≤ singular_below · λ_max, unless there is a ridge
            or the solver is the pseudo-inverse.

    Returns:
        The error ≥ 0, without unit (see `trivial_error` for a scale); +inf with status "singular" or
        "not_finite".

    A kernel that finds held-out images unlike all training images predicts nothing: the trivial error.

    >>> import torch
    >>> labels = torch.tensor([0, 1, 0, 1])
    >>> regression_error(torch.eye(4), torch.zeros(4, 4), labels, labels, 2).value, trivial_error(labels, 2)
    (0.5, 0.5)
    >>> regression_error(torch.eye(4), torch.eye(4), labels, labels, 2).value
    0.0
    """
    if not (torch.isfinite(ntk_train).all() and torch.isfinite(ntk_test_train).all()):
        return Measured(math.inf, NOT_FINITE)
    if solver != "pseudo-inverse" and ridge == 0:
        eigenvalues = torch.linalg.eigvalsh(ntk_train)
        if eigenvalues[-1] <= 0 or eigenvalues[0] <= singular_below * eigenvalues[-1]:
            return Measured(math.inf, SINGULAR)
    targets = centred_one_hot(labels_train, n_classes, dtype=ntk_train.dtype)
    expected = centred_one_hot(labels_test, n_classes, dtype=ntk_train.dtype)
    try:
        predictions = kernel_regression(ntk_train, ntk_test_train, targets, ridge=ridge, solver=solver)
    except torch.linalg.LinAlgError:
        return Measured(math.inf, SINGULAR)
    squared = (predictions - expected).square().sum(1)
    value = (squared if error == "squared" else squared.sqrt()).mean().item()
    return Measured(value) if math.isfinite(value) else Measured(math.inf, NOT_FINITE)


def trivial_error(labels: Tensor, n_classes: int) -> float:
    """Return the squared error of predicting the class means, Σ_k p_k (1 − p_k): 0.9 for ten balanced classes."""
    return centred_one_hot(labels, n_classes).square().sum(1).mean().item()
