"""Gradients of one batch, and rivals that are sums over weights: grad-norm, snip, plain, l2-norm, GraSP, ZiCo."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tegnas_core.indicators.expressivity import recorded_signs
from tegnas_core.indicators.measured import SINGULAR, Measured, finite


@dataclass(frozen=True)
class Gradients:
    """What one batch of n images does in a network.

    Attributes:
        signs: For each ReLU where it is on, bool, shape (n, n_units).
        of_inputs: Gradient of the sum of all logits of all images, one row for each image, shape (n, n_pixels).
        weights: Weights of the convolutions and linear layers; batch-norm and biases are left out.
        of_weights: Gradients of the loss with respect to them, zero for a layer that the loss does not see.
    """

    signs: tuple[Tensor, ...]
    of_inputs: Tensor
    weights: tuple[Tensor, ...]
    of_weights: tuple[Tensor, ...]


def differentiate(network: nn.Module, images: Tensor, labels: Tensor) -> Gradients:
    """Return signs and gradients of one batch; the loss is the mean cross-entropy.

    Args:
        network: In train mode, so that batch-norm uses the statistics of the batch; not changed, except for
            running averages if it keeps any.
        images: Shape (n, C, H, W).
        labels: Class numbers, shape (n,).
    """
    inputs = images.detach().clone().requires_grad_(True)
    weights = tuple(layer.weight for layer in weighted_layers(network).values())
    with torch.enable_grad(), recorded_signs(network) as signs:
        logits = network(inputs)
        loss = F.cross_entropy(logits, labels)
    (of_inputs,) = torch.autograd.grad(logits.sum(), inputs, retain_graph=True, materialize_grads=True)
    of_weights = torch.autograd.grad(loss, weights, allow_unused=True, materialize_grads=True)
    return Gradients(tuple(signs), of_inputs.flatten(1), tuple(w.detach() for w in weights), of_weights)


def weighted_layers(network: nn.Module) -> dict[str, nn.Module]:
    """Return the convolutions and linear layers by name; the zero-cost measures sum over their weights."""
    kinds = (nn.Conv2d, nn.Linear)
    return {name: module for name, module in network.named_modules() if isinstance(module, kinds)}


def grad_norm(gradients: Sequence[Tensor]) -> Measured:
    """Return Σ_l ‖∂L/∂W_l‖₂ over the layers, each norm over all entries of its weight; higher is better.

    Source: Abdelfattah et al., ICLR 2021.

    Args:
        gradients: The gradient of each layer's weight.

    Returns:
        A norm ≥ 0 in units of loss per weight; −∞ with status "not_finite".
    """
    return finite(math.fsum(gradient.to(torch.float64).norm().item() for gradient in gradients))


def snip(weights: Sequence[Tensor], gradients: Sequence[Tensor]) -> Measured:
    """Return Σ |W ⊙ ∂L/∂W|, to first order the loss that each weight is worth, summed; higher is better.

    Source: Lee et al., SNIP, ICLR 2019, as a score of networks in Abdelfattah et al., ICLR 2021.

    Args:
        weights: The weight of each layer.
        gradients: The gradient of each layer, of the same shape as its weight.

    Returns:
        A sum ≥ 0 in units of loss; −∞ with status "not_finite".
    """
    return finite(saliency(weights, gradients))


def plain(weights: Sequence[Tensor], gradients: Sequence[Tensor]) -> Measured:
    """Return Σ W ⊙ ∂L/∂W, snip without the absolute value; higher is better.

    Source: Mozer & Smolensky, NIPS 1988, as a score of networks in Abdelfattah et al., ICLR 2021.

    Args:
        weights: The weight of each layer.
        gradients: The gradient of the loss for each.
    """
    return finite(_inner(weights, gradients))


def l2_norm(weights: Sequence[Tensor]) -> Measured:
    """Return Σ_l ‖W_l‖₂ over the layers; higher is better. It sees no data (Abdelfattah et al., ICLR 2021).

    Args:
        weights: The weight of each layer.
    """
    return finite(math.fsum(weight.to(torch.float64).norm().item() for weight in weights))


def grasp(network: nn.Module, images: Tensor, labels: Tensor) -> Measured:
    """Return −Σ W ⊙ Hg, to first order what removing each weight adds to ‖g‖²/2, summed; higher is better.

    g is the gradient and H the Hessian of the mean cross-entropy with respect to the weights of convolutions and
    linear layers. Source: Wang et al., GraSP, ICLR 2020, as a score of networks in Abdelfattah et al., ICLR 2021;
    with the logits as they are (temperature 1) and one batch for both derivatives.

    Args:
        network: In train mode.
        images: Shape (n, C, H, W).
        labels: Class numbers, shape (n,).
    """
    weights = tuple(layer.weight for layer in weighted_layers(network).values())
    options = {"allow_unused": True, "materialize_grads": True}
    with torch.enable_grad():
        gradients = torch.autograd.grad(
            F.cross_entropy(network(images), labels), weights, create_graph=True, **options
        )
        product = sum((g * g.detach()).sum() for g in gradients)
    return finite(-_inner(weights, torch.autograd.grad(product, weights, **options)))


def zico(first: Sequence[Tensor], second: Sequence[Tensor]) -> Measured:
    """Return Σ_l log Σ_W mean|∂L/∂W| / sd|∂L/∂W|, mean and deviation over two batches; higher is better.

    A weight without deviation is left out, and so is a layer without any other. Source: Li et al., ICLR 2023.

    Args:
        first: The gradient of each layer's weight on one batch.
        second: The same on another batch.

    Returns:
        A number without unit; −∞ with status "not_finite", or "singular" when no layer is left.
    """
    logs = []
    for pair in zip(first, second, strict=True):
        one, other = (gradient.to(torch.float64).abs() for gradient in pair)
        deviation, mean = (one - other).abs() / 2, (one + other) / 2
        ratios = (mean / deviation)[deviation != 0]
        if len(ratios):
            logs.append(ratios.sum().log().item())
    return finite(math.fsum(logs)) if logs else Measured(-math.inf, SINGULAR)


def _inner(weights: Sequence[Tensor], gradients: Sequence[Tensor]) -> float:
    pairs = zip(weights, gradients, strict=True)
    return math.fsum((w.detach().to(torch.float64) * g.to(torch.float64)).sum().item() for w, g in pairs)


def saliency(weights: Sequence[Tensor], gradients: Sequence[Tensor]) -> float:
    """Return Σ |W ⊙ G| over all entries of all layers, summed in float64."""
    pairs = zip(weights, gradients, strict=True)
    return math.fsum((w.to(torch.float64) * g.to(torch.float64)).abs().sum().item() for w, g in pairs)
