"""Jacobians of several networks of one architecture in one pass, side by side in the channels, on a GPU.

The repeats of an indicator are networks of the same structure with other weights and other images. Q of them with
C channels are one network with Q·C channels whose convolutions have Q groups: batch-norm, ReLU and pools go by
channel anyway, so the networks never meet, and one reverse pass yields all their Jacobians.

Networks of different architectures are not put side by side: where one convolves, another only adds.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

import torch
from torch import Tensor, nn

from tegnas_core.engine import batched
from tegnas_core.engine.arithmetic import full_precision
from tegnas_core.engine.tape import run
from tegnas_core.engine.tracing import Concat, Layer, UnknownLayer, layers


class Linears(nn.Module):
    """Linear layers side by side: features (N, Q·C) to logits (N, Q·K)."""

    def __init__(self, modules: Sequence[nn.Linear]) -> None:
        """Join the layers' parameters."""
        super().__init__()
        self.groups = len(modules)
        self.weight = _joined(modules, "weight")
        self.bias = _joined(modules, "bias")

    def forward(self, x: Tensor) -> Tensor:
        """Map each network's features by its own layer."""
        weight, features = (tensor.unflatten(i, (self.groups, -1)) for i, tensor in ((0, self.weight), (1, x)))
        logits = torch.einsum("nqc,qkc->nqk", features, weight).flatten(1)
        return logits if self.bias is None else logits + self.bias


def jacobians(
    networks: Sequence[nn.Module],
    images: Sequence[Tensor],
    parameters: tuple[str, ...],
    *,
    logit_weights: Tensor | None = None,
    batch_norm: Literal["exact", "frozen"] = "exact",
) -> list[Mapping[str, Tensor]]:
    """Return the Jacobian of every network on its own images.

    Args:
        networks: Networks of one structure, in train mode and on one device.
        images: A batch (n, C, H, W) for each.
        parameters: Names of parameters; this and the other arguments are those of `jacobians.jacobian`.

    Raises:
        UnknownLayer: When the networks differ in more than numbers, or have a layer without a reverse rule.
    """
    q = len(networks)
    with full_precision():
        tape = run(side_by_side([layers(network) for network in networks]), torch.cat(tuple(images), 1))
        weights = None if logit_weights is None else logit_weights.repeat(q)
        blocks = batched.jacobian(tape, parameters, weights, frozen=batch_norm == "frozen")
    return [{name: block.unflatten(1, (q, -1))[:, i] for name, block in blocks.items()} for i in range(q)]


def side_by_side(networks: Sequence[tuple[Layer, ...]]) -> tuple[Layer, ...]:
    """Return the layers of one network that computes what the networks do, in neighbouring groups of channels.

    Raises:
        UnknownLayer: When the networks differ in more than numbers.
    """
    structures = {tuple((kind, name, repr(module), inputs) for kind, name, module, inputs in n) for n in networks}
    if len(structures) != 1:
        raise UnknownLayer("only networks of the same structure can be put side by side")
    return tuple(_join(step) for step in zip(*networks, strict=True))


def _join(step: tuple[Layer, ...]) -> Layer:
    modules = [layer.module for layer in step]
    first = modules[0]
    if step[0].kind == "conv":
        joined = nn.Conv2d(
            first.in_channels * len(modules),
            first.out_channels * len(modules),
            first.kernel_size,
            stride=first.stride,
            padding=first.padding,
            dilation=first.dilation,
            groups=first.groups * len(modules),
            bias=first.bias is not None,
            device="meta",
        )
    elif step[0].kind == "norm":
        joined = nn.BatchNorm2d(
            first.num_features * len(modules),
            first.eps,
            affine=first.affine,
            track_running_stats=False,
            device="meta",
        )
    elif step[0].kind == "concat":
        return step[0]._replace(module=Concat(groups=len(modules)))
    else:
        return step[0]._replace(module=Linears(modules) if step[0].kind == "linear" else first)
    for name in dict(first.named_parameters()):
        setattr(joined, name, _joined(modules, name))
    return step[0]._replace(module=joined)


def _joined(modules: Sequence[nn.Module], name: str) -> nn.Parameter | None:
    tensors = [getattr(module, name) for module in modules]
    return None if tensors[0] is None else nn.Parameter(torch.cat(tensors).detach(), requires_grad=False)
