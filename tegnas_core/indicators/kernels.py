"""From Jacobians to neural tangent kernels and kernel regression. Nothing here knows about networks.

A Jacobian comes in blocks, one a parameter (see `jacobians`), so a kernel is a sum over blocks:
Θ(x, x') = J(x) J(x')ᵀ = Σ_θ J_θ(x) J_θ(x')ᵀ (paper Eq. 1).
"""

from collections.abc import Iterable, Mapping
from typing import Literal

import torch
from torch import Tensor

Solver = Literal["cholesky", "inverse", "pseudo-inverse"]


def ntk(
    jacobian_a: Mapping[str, Tensor],
    jacobian_b: Mapping[str, Tensor] | None = None,
    *,
    parameters: Iterable[str] | None = None,
    dtype: torch.dtype = torch.float64,
) -> Tensor:
    """Return the neural tangent kernel Θ = J_a J_bᵀ, shape (n_a, n_b); symmetric when b is left out.

    Args:
        jacobian_a: Blocks of shape (n_a, p).
        jacobian_b: Blocks of shape (n_b, p); None means the same as a.
        parameters: The names of the blocks to sum over; None takes all of a.
        dtype: The precision in which the products are formed and summed.

    >>> import torch
    >>> ntk({"weight": torch.eye(2), "bias": torch.ones(2, 1)})
    tensor([[2., 1.],
            [1., 2.]], dtype=torch.float64)
    """
    names = list(jacobian_a if parameters is None else parameters)
    first = jacobian_a[names[0]]
    n_b = len(first) if jacobian_b is None else len(jacobian_b[names[0]])
    kernel = torch.zeros(len(first), n_b, dtype=dtype, device=first.device)
    for name in names:
        a = jacobian_a[name].to(dtype)
        b = a if jacobian_b is None else jacobian_b[name].to(dtype)
        kernel += a @ b.T
    return kernel


def kernel_regression(
    ntk_train: Tensor,
    ntk_test_train: Tensor,
    targets: Tensor,
    *,
    ridge: float = 0.0,
    solver: Solver = "cholesky",
) -> Tensor:
    """Return the predictions ŷ = Θ(test, train) (Θ(train, train) + λ·mean(diag)·I)⁻¹ y (paper Eq. 8).

    Args:
        ntk_train: Shape (n, n), symmetric positive semi-definite.
        ntk_test_train: Shape (m, n).
        targets: Shape (n, k), one column a class.
        ridge: λ, relative to the mean of the diagonal.
        solver: "cholesky", the default; "inverse", an explicit inverse as in the released code; or
            "pseudo-inverse", which a kernel of low rank needs.

    Returns:
        Predictions, shape (m, k).

    Raises:
        torch.linalg.LinAlgError: When the solver finds the kernel singular.

    An image halfway between two training images gets the mean of their targets.

    >>> import torch
    >>> kernel_regression(torch.eye(2), torch.tensor([[0.5, 0.5]]), torch.tensor([[1.0], [0.0]]))
    tensor([[0.5000]])
    """
    identity = torch.eye(len(ntk_train), dtype=ntk_train.dtype, device=ntk_train.device)
    matrix = ntk_train + ridge * ntk_train.diagonal().mean() * identity
    if solver == "cholesky":
        weights = torch.cholesky_solve(targets, torch.linalg.cholesky(matrix))
    elif solver == "inverse":
        weights = torch.linalg.inv(matrix) @ targets
    else:
        weights = torch.linalg.pinv(matrix, hermitian=True) @ targets
    return ntk_test_train @ weights


def centred_one_hot(labels: Tensor, n_classes: int, *, dtype: torch.dtype = torch.float64) -> Tensor:
    """Return one-hot labels minus the batch's mean of each class, shape (n, n_classes)."""
    one_hot = torch.nn.functional.one_hot(labels, n_classes).to(dtype)
    return one_hot - one_hot.mean(0)
