"""NASWOT and SWAP: how differently the images of a batch switch the ReLUs on and off."""

import math
from collections.abc import Iterable

import numpy as np
import torch
from torch import Tensor

from tegnas_core.indicators.expressivity import distinct_rows
from tegnas_core.indicators.measured import SINGULAR, Measured


def naswot(signs: Iterable[Tensor]) -> Measured:
    """Return log |det K| with K_ij the number of ReLUs on which images i and j agree; higher is better.

    K = Σ_m X_m X_mᵀ + (1 − X_m)(1 − X_m)ᵀ over the modules m with their patterns X_m of zeros and ones. Batch-norm
    couples the images, so the value depends on the batch and its size. Source: Mellor et al., ICML 2021.

    Args:
        signs: For each ReLU module where it is on, bool, shape (n, n_units). Modules that no gradient reaches
            should be left out, as the authors do.

    Returns:
        A sum of logarithms, without unit; −∞ with status "singular" when two images cannot be told apart, or
        there is no ReLU.
    """
    agreements = [_agreements(pattern) for pattern in signs]
    if not agreements:
        return Measured(-math.inf, SINGULAR)
    kernel = torch.stack(agreements).sum(0)
    eigenvalues = torch.linalg.eigvalsh(kernel)  # K is a sum of Gram matrices, so none is negative
    resolution = eigenvalues[-1] * len(kernel) * torch.finfo(kernel.dtype).eps
    if eigenvalues[0] <= resolution:
        return Measured(-math.inf, SINGULAR)
    return Measured(eigenvalues.log().sum().item())


def _agreements(pattern: Tensor) -> Tensor:
    """Return how often each two rows agree: n_units + 2 x xᵀ less the ones of both; whole numbers, hence exact."""
    zeros_and_ones = pattern.to(torch.float32)
    both = (zeros_and_ones @ zeros_and_ones.T).to(torch.float64)
    ones = both.diagonal()
    return 2 * both - ones[:, None] - ones[None, :] + pattern.shape[1]


def swap(signs: Iterable[Tensor]) -> Measured:
    """Return the number of different sample-wise activation patterns; higher is better.

    Each unit of a ReLU has one pattern: on which of the n images it is on. R counts the rows of the same table of
    zeros and ones, this counts its columns, so it can be as large as the number of units or 2ⁿ. Source: Peng et
    al., SWAP-NAS, ICLR 2024, without the factor that penalises size.

    Args:
        signs: For each ReLU module where it is on, bool, shape (n, n_units).

    Returns:
        A whole number ≥ 1; −∞ with status "singular" when there is no ReLU.
    """
    columns = [np.packbits(pattern.cpu().numpy(), axis=0).T for pattern in signs]
    return Measured(float(distinct_rows(np.concatenate(columns)))) if columns else Measured(-math.inf, SINGULAR)
