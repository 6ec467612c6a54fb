"""jacob-cov, the first version of NASWOT: how little the input gradients of images correlate."""

import math

import torch
from torch import Tensor

from tegnas_core.indicators.measured import NOT_FINITE, SINGULAR, Measured

K = 1e-5  # the authors' constant


def jacob_cov(gradients: Tensor, *, k: float = K) -> Measured:
    """Return S = −Σ_i [log(σ_i + k) + 1/(σ_i + k)] over the eigenvalues σ of the correlations; higher is better.

    The largest value, −n (log(1 + k) + 1/(1 + k)), is that of gradients without correlation.
    Source: Mellor et al., first version of 2020; `jacob_cov` of Abdelfattah et al., ICLR 2021.

    Args:
        gradients: Gradients of the summed logits with respect to the images, one row for each image, shape
            (n, n_pixels).
        k: A small number that keeps the smallest eigenvalue from deciding everything.

    Returns:
        A number without unit; −∞ with status "not_finite", or "singular" when a row is constant and so has no
        correlation with anything.
    """
    rows = gradients.to(torch.float64)
    if not torch.isfinite(rows).all():
        return Measured(-math.inf, NOT_FINITE)
    if (rows.amax(1) == rows.amin(1)).any():
        return Measured(-math.inf, SINGULAR)
    # the eigenvalues are those of a Gram matrix: rounding may push one below zero, by far less than k
    shifted = torch.linalg.eigvalsh(torch.corrcoef(rows)).clamp(min=0) + k
    return Measured(-(shifted.log() + 1 / shifted).sum().item())
