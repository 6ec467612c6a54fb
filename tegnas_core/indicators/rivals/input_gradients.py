"""jacob-cov, the first version of NASWOT, and EPE-NAS: how little the input gradients of images correlate."""

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


def epe_nas(gradients: Tensor, labels: Tensor, n_classes: int, *, k: float = K) -> Measured:
    """Return how little the input gradients correlate within the classes; higher is better.

    With C the correlations among the images of one class, its part is s = Σ_ij log(|C_ij| + k). Up to a hundred
    classes the score is Σ |s|; with more, each s is divided by the number of its entries, and the score is the
    mean of |s_a − s_b| over all pairs of classes. Source: Lopes et al., EPE-NAS, ICANN 2021, after its code; a
    class of which the batch has fewer than two images is left out, where the code counts one image.

    Args:
        gradients: Gradients of the summed logits with respect to the images, one row for each image.
        labels: Class numbers, shape (n,).
        n_classes: Number of classes of the data set.
        k: A small number that keeps log 0 away.

    Returns:
        A number ≥ 0 without unit; −∞ with status "not_finite", or "singular" when a gradient is constant or no
        class has two images.
    """
    rows = gradients.to(torch.float64)
    if not torch.isfinite(rows).all():
        return Measured(-math.inf, NOT_FINITE)
    groups = [rows[labels == label] for label in labels.unique()]
    groups = [group for group in groups if len(group) > 1]
    if not groups or (rows.amax(1) == rows.amin(1)).any():
        return Measured(-math.inf, SINGULAR)
    logs = [(torch.corrcoef(group).abs() + k).log() for group in groups]
    if n_classes <= 100:
        return Measured(sum(abs(log.sum().item()) for log in logs))
    means = torch.stack([log.mean() for log in logs])
    return Measured((means[:, None] - means).abs().mean().item())
