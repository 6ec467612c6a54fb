"""MeCo, Zen and Fisher: what the feature maps inside a network look like, and how they answer to a change."""

import contextlib
import math
from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tegnas_core.indicators.measured import DISCONNECTED, NOT_FINITE, Measured, finite
from tegnas_core.indicators.rivals.gradients import weighted_layers

ZEN_CHANGE = 0.01  # the authors' size of the change


@contextlib.contextmanager
def _recorded_outputs(modules: list[nn.Module]) -> Iterator[list[tuple[nn.Module, Tensor]]]:
    """Hand out a list to which every one of the modules adds itself and its output while the block runs."""
    outputs: list[tuple[nn.Module, Tensor]] = []
    hooks = [module.register_forward_hook(lambda m, _, output: outputs.append((m, output))) for module in modules]
    try:
        yield outputs
    finally:
        for hook in hooks:
            hook.remove()


@torch.no_grad()
def meco(network: nn.Module, image: Tensor) -> Measured:
    """Return Σ_l λ_min(P_l), P_l the correlations of the channels of layer l's feature map; higher is better.

    A constant channel correlates with nothing and has a zero row. Summed over the outputs of all layers, that is
    modules without parts, that are maps. Source: Jiang et al., MeCo, NeurIPS 2023; the authors' code also counts
    the outputs of containers, which are outputs of their last part over again.

    Args:
        network: In train mode.
        image: One image of Gaussian noise, shape (1, C, H, W).

    Returns:
        A sum ≥ 0 without unit; −∞ with status "not_finite".
    """
    with _recorded_outputs([module for module in network.modules() if not [*module.children()]]) as outputs:
        network(image)
    total = 0.0
    for features in (output[0].flatten(1).to(torch.float64) for _, output in outputs if output.dim() == 4):
        if not torch.isfinite(features).all():
            return Measured(-math.inf, NOT_FINITE)
        lengths = (features - features.mean(1, keepdim=True)).norm(dim=1)
        varying = features[lengths > 1e-9 * features.norm(dim=1)]
        if len(varying) == len(features):  # otherwise a row of zeros makes λ_min zero
            total += torch.linalg.eigvalsh(torch.corrcoef(features).reshape(len(features), -1))[0].item()
    return Measured(total)


@torch.no_grad()
def zen(network: nn.Module, images: Tensor, change: Tensor) -> Measured:
    """Return log E‖f(x) − f(x + 0.01 ε)‖₁ + Σ_b log σ_b, how strongly features answer; higher is better.

    f are the features before the global average, E averages over images, and σ_b² is the mean variance of the
    channels that batch-norm b divides by: without the second term it would cancel the gain of all layers before.
    Source: Lin et al., Zen-NAS, ICCV 2021, with the skips of the network left in, as NAS-Bench-Suite-Zero does.

    Args:
        network: In train mode, with one adaptive pooling layer.
        images: Gaussian noise x, shape (n, C, H, W).
        change: Gaussian noise ε of the same shape.

    Returns:
        A natural logarithm; −∞ with status "disconnected" when nothing changes, or "not_finite".
    """
    pools = [module for module in network.modules() if isinstance(module, nn.AdaptiveAvgPool2d)]
    variances: list[Tensor] = []
    norms = [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    hooks = [n.register_forward_hook(lambda _, x, __: variances.append(x[0].var((0, 2, 3)).mean())) for n in norms]
    hooks += [pools[-1].register_forward_hook(lambda _, x, __: features.append(x[0]))]
    features: list[Tensor] = []
    try:
        network(images)
        first = list(variances)
        network(images + ZEN_CHANGE * change)
    finally:
        for hook in hooks:
            hook.remove()
    answer = (features[0] - features[1]).to(torch.float64).abs().flatten(1).sum(1).mean().item()
    scales = math.fsum(0.5 * math.log(v) for v in map(Tensor.item, first) if v > 0)
    if not math.isfinite(answer + scales):
        return Measured(-math.inf, NOT_FINITE)
    return Measured(math.log(answer) + scales) if answer > 0 else Measured(-math.inf, DISCONNECTED)


def fisher(network: nn.Module, images: Tensor, labels: Tensor) -> Measured:
    """Return Σ_c ½ E(Σ_hw A ⊙ ∂L/∂A)² over the channels of all convolutions and linear layers; higher is better.

    A is a layer's output, L the mean cross-entropy, E the mean over images. Source: Theis et al., 2018, and Turner
    et al., BlockSwap, ICLR 2020, as a score of networks in Abdelfattah et al., ICLR 2021.

    Args:
        network: In train mode.
        images: Shape (n, C, H, W).
        labels: Class numbers, shape (n,).

    Returns:
        A sum ≥ 0 in units of loss squared; −∞ with status "not_finite".
    """
    with torch.enable_grad(), _recorded_outputs([*weighted_layers(network).values()]) as outputs:
        loss = F.cross_entropy(network(images), labels)
    wanted = [output for _, output in outputs]
    gradients = torch.autograd.grad(loss, wanted, allow_unused=True, materialize_grads=True)
    worth = [(a.detach() * g).to(torch.float64) for a, g in zip(wanted, gradients, strict=True)]
    # the channels of a linear layer are the last axis, also of tokens (n, tokens, channels)
    worth = [w.movedim(-1, 1) if isinstance(m, nn.Linear) else w for (m, _), w in zip(outputs, worth, strict=True)]
    total = math.fsum(w[..., None].flatten(2).sum(2).square().mean(0).mul(0.5).sum().item() for w in worth)
    return finite(total)
