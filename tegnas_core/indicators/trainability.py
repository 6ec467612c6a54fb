"""Trainability: the condition number κ of the neural tangent kernel (paper Section 3.1, Eq. 4)."""

import math

import torch
from torch import Tensor

from tegnas_core.indicators.measured import NOT_FINITE, SINGULAR, Measured


def condition_number(ntk: Tensor, *, singular_below: float = 1e-10) -> Measured:
    """Return κ = λ_max / λ_min of an NTK; a small κ means easy to train.

    Gradient descent learns the i-th eigenmode at a rate proportional to λ_i (paper Eq. 3), so κ says how
    unevenly a network learns.

    Args:
        ntk: Symmetric positive semi-definite matrix, shape (n, n).
        singular_below: The kernel is called singular when λ_min ≤ singular_below · λ_max.

    Returns:
        κ ≥ 1, without unit; +inf with status "singular" or "not_finite".

    >>> import torch
    >>> condition_number(torch.tensor([[2.0, 1.0], [1.0, 2.0]])).value  # eigenvalues 3 and 1
    3.0
    >>> condition_number(torch.ones(2, 2))
    Measured(value=inf, status='singular')
    """
    if not torch.isfinite(ntk).all():
        return Measured(math.inf, NOT_FINITE)
    eigenvalues = torch.linalg.eigvalsh(ntk)  # ascending
    smallest, largest = eigenvalues[0].item(), eigenvalues[-1].item()
    if largest <= 0 or smallest <= singular_below * largest:
        return Measured(math.inf, SINGULAR)
    return Measured(largest / smallest)
