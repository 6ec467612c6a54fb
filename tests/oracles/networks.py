"""The proxy network written out as formulas: no modules, only weights by name.

It is the twin of `networks`, and the supernet of the released code: with `mask` every operation of every edge runs
and is multiplied by its weight, 0 or 1.
"""

from collections.abc import Callable, Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

from tegnas_core.networks import build_network
from tegnas_core.networks.initialisation import initialise
from tegnas_core.spaces.architecture import EDGES, OPERATIONS, Architecture

Weights = Mapping[str, Tensor]


def one_hot_mask(architecture: Architecture) -> Tensor:
    """Softmax of 0 for the chosen operation and −1000 elsewhere, (6, 5)."""
    chosen = [[name == operation for name in OPERATIONS] for operation in architecture.operations]
    return torch.softmax(torch.where(torch.tensor(chosen), 0.0, -1000.0).double(), 1)


def supernet_weights(*, width: int, n_classes: int, scheme: str, seed: tuple) -> dict[str, Tensor]:
    """The weights of all operations on all edges, in float64: those of the cells that have one operation only."""
    weights: dict[str, Tensor] = {}
    for operation in OPERATIONS:
        network = build_network(
            Architecture((operation,) * 6), width=width, cells_per_stage=1, n_classes=n_classes
        )
        weights |= initialise(network, scheme, seed=seed).state_dict()
    return {name: weight.double() for name, weight in weights.items()}


def batch_norm(x: Tensor, weights: Weights, name: str) -> Tensor:
    """By the statistics of the batch: (x − μ)/√(σ² + 10⁻⁵) · γ + β, with the biased σ²."""
    mean = x.mean((0, 2, 3), keepdim=True)
    variance = ((x - mean) ** 2).mean((0, 2, 3), keepdim=True)
    gain, shift = (weights[f"{name}.{kind}"][None, :, None, None] for kind in ("weight", "bias"))
    return (x - mean) / (variance + 1e-5).sqrt() * gain + shift


def relu_conv_norm(x: Tensor, weights: Weights, name: str, stride: int = 1) -> Tensor:
    kernel = weights[f"{name}.convolution.weight"]
    z = F.conv2d(x.clamp(min=0), kernel, stride=stride, padding=kernel.shape[-1] // 2)
    return batch_norm(z, weights, f"{name}.norm")


def mean_of_neighbours(x: Tensor) -> Tensor:
    """The mean over the up to nine pixels around each, itself included."""
    ones = torch.ones_like(x[:1, :1])
    window = torch.ones(1, 1, 3, 3, dtype=x.dtype)
    flat = F.conv2d(x.reshape(-1, 1, *x.shape[2:]), window, padding=1).reshape(x.shape)
    return flat / F.conv2d(ones, window, padding=1)


def apply(operation: str, x: Tensor, weights: Weights, name: str) -> Tensor:
    formulas: dict[str, Callable[[], Tensor]] = {
        "none": lambda: torch.zeros_like(x),
        "skip_connect": lambda: x,
        "avg_pool_3x3": lambda: mean_of_neighbours(x),
        "nor_conv_1x1": lambda: relu_conv_norm(x, weights, name),
        "nor_conv_3x3": lambda: relu_conv_norm(x, weights, name),
    }
    return formulas[operation]()


def cell(mask: Tensor, x: Tensor, weights: Weights, name: str) -> Tensor:
    """Every operation of every edge, times its weight in the mask."""
    nodes = [x, *(torch.zeros_like(x) for _ in range(3))]
    for (source, target), row in zip(EDGES, mask, strict=True):
        for operation, share in zip(OPERATIONS, row, strict=True):
            edge = f"{name}.edges.{source}_{target}_{operation}"
            nodes[target] = nodes[target] + share * apply(operation, nodes[source], weights, edge)
    return nodes[3]


def residual_block(x: Tensor, weights: Weights, name: str) -> Tensor:
    main = relu_conv_norm(relu_conv_norm(x, weights, f"{name}.first", 2), weights, f"{name}.second")
    n, c, h, w = x.shape
    means = x.reshape(n, c, h // 2, 2, w // 2, 2).mean((3, 5))
    return main + torch.einsum("oi,nihw->nohw", weights[f"{name}.shortcut.weight"][:, :, 0, 0], means)


def features(mask: Tensor, weights: Weights, images: Tensor) -> list[Tensor]:
    """What comes out of the three cells."""
    x = batch_norm(F.conv2d(images, weights["stem.0.weight"], padding=1), weights, "stem.1")
    outputs = [cell(mask, x, weights, "cells.0")]
    for block in (1, 3):
        x = residual_block(outputs[-1], weights, f"cells.{block}")
        outputs.append(cell(mask, x, weights, f"cells.{block + 1}"))
    return outputs


def logits(mask: Tensor, weights: Weights, images: Tensor) -> Tensor:
    x = batch_norm(features(mask, weights, images)[-1], weights, "head.norm").clamp(min=0).mean((2, 3))
    return x @ weights["head.classifier.weight"].T + weights["head.classifier.bias"]
