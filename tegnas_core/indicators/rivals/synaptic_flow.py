"""synflow: how much flows through all paths of a network whose weights are made positive."""

import contextlib
import math
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from tegnas_core.indicators.measured import DISCONNECTED, NOT_FINITE, Measured
from tegnas_core.indicators.rivals.gradients import saliency, weighted_layers


def log_synflow(network: nn.Module, image_shape: tuple[int, int, int]) -> Measured:
    """Return log Σ |W ⊙ ∂Φ/∂W| with Φ the summed logits of an all-ones image, |W| for weights; higher is better.

    Batch-norm is taken out, as the published scores do: it would centre the signal, and the flow is only a sum
    over paths while everything is positive. Sums over the weights of convolutions and linear layers. The score
    itself spans dozens of orders of magnitude, hence float64 and the logarithm; ranks are the same.
    Source: Tanaka et al., NeurIPS 2020; as a score of networks Abdelfattah et al., ICLR 2021.

    Args:
        network: Not changed.
        image_shape: (C, H, W) of the all-ones image.

    Returns:
        A natural logarithm, without unit; −∞ with status "disconnected" when nothing flows, or "not_finite".
    """
    positive = {name: p.detach().to(torch.float64).abs() for name, p in network.named_parameters()}
    weights = tuple(positive[f"{name}.weight".lstrip(".")].requires_grad_() for name in weighted_layers(network))
    image = torch.ones(1, *image_shape, dtype=torch.float64, device=weights[0].device)
    with torch.enable_grad(), _without_batch_norm(network):
        flow = torch.func.functional_call(network, positive, (image,)).sum()
    gradients = torch.autograd.grad(flow, weights, allow_unused=True, materialize_grads=True)
    total = saliency([weight.detach() for weight in weights], gradients)
    if not math.isfinite(total):
        return Measured(-math.inf, NOT_FINITE)
    return Measured(math.log(total)) if total > 0 else Measured(-math.inf, DISCONNECTED)


@contextlib.contextmanager
def _without_batch_norm(network: nn.Module) -> Iterator[None]:
    """Let every batch-norm hand on its input while the block runs; copying the network would take longer."""
    norms = [module for module in network.modules() if isinstance(module, nn.modules.batchnorm._BatchNorm)]
    for norm in norms:
        norm.forward = _identity
    try:
        yield
    finally:
        for norm in norms:
            del norm.forward


def _identity(x: Tensor) -> Tensor:
    return x
