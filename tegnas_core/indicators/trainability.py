"""Trainability: the condition number κ of the neural tangent kernel (paper Section 3.1, Eq. 4)."""

import math
from typing import NamedTuple, Self

import torch
from torch import Tensor

from tegnas_core.indicators.measured import NOT_FINITE, SINGULAR, Measured


class Spectrum(NamedTuple):
    """Four numbers of a kernel of n images, in its own unit; nan when the kernel is not finite.

    Attributes:
        largest: λ_max.
        smallest: λ_min.
        trace: Σ_i λ_i = Σ_i Θ_ii.
        mean: The mean of the n² entries of Θ.
    """

    largest: float
    smallest: float
    trace: float
    mean: float

    @classmethod
    def of(cls, ntk: Tensor) -> Self:
        """Return the numbers of a symmetric matrix, shape (n, n)."""
        if not torch.isfinite(ntk).all():
            return cls(*[math.nan] * 4)
        eigenvalues = torch.linalg.eigvalsh(ntk)  # ascending
        return cls(eigenvalues[-1].item(), eigenvalues[0].item(), ntk.trace().item(), ntk.mean().item())

    def columns(self, kernel: str) -> dict[str, float]:
        """Return the numbers by the names of their columns, such as ``kernel_largest``."""
        return {f"{kernel}_{name}": value for name, value in self._asdict().items()}


def condition_number(ntk: Tensor, *, singular_below: float = 1e-10, spectrum: Spectrum | None = None) -> Measured:
    """Return κ = λ_max / λ_min of an NTK; a small κ means easy to train.

    Gradient descent learns the i-th eigenmode at a rate proportional to λ_i (paper Eq. 3), so κ says how
    unevenly a network learns.

    Args:
        ntk: Symmetric positive semi-definite matrix, shape (n, n).
        singular_below: The kernel is called singular when λ_min ≤ singular_below · λ_max.
        spectrum: The numbers of this kernel, where they are known already.

    Returns:
        κ ≥ 1, without unit; +inf with status "singular" or "not_finite".

    >>> import torch
    >>> condition_number(torch.tensor([[2.0, 1.0], [1.0, 2.0]])).value  # eigenvalues 3 and 1
    3.0
    >>> condition_number(torch.ones(2, 2))
    Measured(value=inf, status='singular')
    """
    largest, smallest, *_ = spectrum or Spectrum.of(ntk)
    if not math.isfinite(largest):
        return Measured(math.inf, NOT_FINITE)
    if largest <= 0 or smallest <= singular_below * largest:
        return Measured(math.inf, SINGULAR)
    return Measured(largest / smallest)
