"""grad-norm and snip: what the gradient of the loss says about the weights it was taken at."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from tegnas_core.indicators.measured import NOT_FINITE, Measured


def grad_norm(gradients: Sequence[Tensor]) -> Measured:
    """Return Σ_l ‖∂L/∂W_l‖₂ over the layers, each norm over all entries of its weight; higher is better.

    Source: Abdelfattah et al., ICLR 2021.

    Args:
        gradients: One tensor a layer.

    Returns:
        A norm ≥ 0 in units of loss per weight; −∞ with status "not_finite".
    """
    return _finite(math.fsum(gradient.to(torch.float64).norm().item() for gradient in gradients))


def snip(weights: Sequence[Tensor], gradients: Sequence[Tensor]) -> Measured:
    """Return Σ |W ⊙ ∂L/∂W|, to first order the loss that each weight is worth, summed; higher is better.

    Source: Lee et al., SNIP, ICLR 2019, as a score of networks in Abdelfattah et al., ICLR 2021.

    Args:
        weights: One tensor a layer.
        gradients: Of the same shapes.

    Returns:
        A sum ≥ 0 in units of loss; −∞ with status "not_finite".
    """
    return _finite(saliency(weights, gradients))


def saliency(weights: Sequence[Tensor], gradients: Sequence[Tensor]) -> float:
    """Return Σ |W ⊙ G| over all entries of all layers, summed in float64."""
    pairs = zip(weights, gradients, strict=True)
    return math.fsum((w.to(torch.float64) * g.to(torch.float64)).abs().sum().item() for w, g in pairs)


def _finite(value: float) -> Measured:
    return Measured(value) if math.isfinite(value) else Measured(-math.inf, NOT_FINITE)
