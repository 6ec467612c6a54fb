"""The masked supernet of the DARTS space written out as formulas: no modules, only weights by name.

The released code builds no network for a genotype: every operation of every edge exists, is multiplied by its
share in a softmax and left out when that is at most 0.01. `networks.darts` gives nothing but the weights.
"""

from collections.abc import Mapping, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from tegnas_core.networks.darts import DartsProxy
from tegnas_core.networks.darts_operations import Layers
from tegnas_core.networks.initialisation import initialise
from tegnas_core.networks.proxy import Entry
from tegnas_core.spaces.genotype import OPERATIONS, Genotype, Pair

EDGES = tuple((source, node + 2) for node in range(4) for source in range(node + 2))
OFF = torch.full((len(EDGES), len(OPERATIONS)), -1000.0)
Weights = Mapping[str, Tensor]


def logits_of(pairs: Sequence[Pair]) -> Tensor:
    """0 for the chosen operation of a chosen edge and −1000 elsewhere, (14, 8)."""
    table = OFF.clone()
    for index, (operation, source) in enumerate(pairs):
        table[EDGES.index((source, 2 + index // 2)), OPERATIONS.index(operation)] = 0.0
    return table


def supernet_weights(
    *, width: int, n_classes: int, scheme: str, seed: tuple, stem: bool = True
) -> dict[str, Tensor]:
    """The weights of all operations on all edges, in float64."""
    every = [Entry(*edge, operation) for edge in EDGES for operation in OPERATIONS if operation != "none"]
    network = DartsProxy(
        every, every, width=width, n_classes=n_classes, stem=stem, layers=Layers(odd_maps=not stem)
    )
    return {key: value.double() for key, value in initialise(network, scheme, seed=seed).state_dict().items()}


def norm(x: Tensor, weights: Weights, name: str) -> Tensor:
    """By the statistics of the batch, with the biased variance."""
    centred = x - x.mean((0, 2, 3), keepdim=True)
    scaled = centred / ((centred**2).mean((0, 2, 3), keepdim=True) + 1e-5).sqrt()
    gain, shift = (weights[f"{name}.{kind}"][None, :, None, None] for kind in ("weight", "bias"))
    return scaled * gain + shift


def by_channel(x: Tensor, kernel: Tensor, stride: int, dilation: int) -> Tensor:
    """Each channel under its own kernel, one after the other."""
    padding = dilation * (kernel.shape[-1] // 2)
    parts = [
        F.conv2d(x[:, c : c + 1], kernel[c : c + 1], stride=stride, padding=padding, dilation=dilation)
        for c in range(x.shape[1])
    ]
    return torch.cat(parts, 1)


def over_channels(x: Tensor, kernel: Tensor) -> Tensor:
    return torch.einsum("oi,nihw->nohw", kernel[:, :, 0, 0], x)


def half(x: Tensor, weights: Weights, name: str, stride: int, dilation: int) -> Tensor:
    z = by_channel(x.clamp(min=0), weights[f"{name}.depthwise.weight"], stride, dilation)
    return norm(over_channels(z, weights[f"{name}.pointwise.weight"]), weights, f"{name}.norm")


def reduced(x: Tensor, weights: Weights, name: str) -> Tensor:
    """Even pixels and odd ones, as strided views; a missing odd row or column is zero."""
    x = x.clamp(min=0)
    even = x[:, :, ::2, ::2]
    odd = torch.zeros_like(even)
    found = x[:, :, 1::2, 1::2]
    odd[:, :, : found.shape[2], : found.shape[3]] = found
    parts = [over_channels(part, weights[f"{name}.{key}.weight"]) for part, key in ((even, "even"), (odd, "odd"))]
    return norm(torch.cat(parts, 1), weights, f"{name}.norm")


def windows(x: Tensor, fill: float, stride: int) -> Tensor:
    """The nine neighbours of every pixel, (N, C, 9, H, W), `fill` outside of the map."""
    padded = F.pad(x, (1, 1, 1, 1), value=fill)
    height, width = x.shape[2:]
    shifted = [padded[:, :, i : i + height, j : j + width] for i in range(3) for j in range(3)]
    return torch.stack(shifted, 2)[..., ::stride, ::stride]


def apply(operation: str, x: Tensor, weights: Weights, name: str, stride: int) -> Tensor:
    match operation.split("_"):
        case ["none"]:
            return torch.zeros_like(x[:, :, ::stride, ::stride])
        case ["skip", _]:
            return x if stride == 1 else reduced(x, weights, name)
        case ["max", *_]:
            return windows(x, -torch.inf, stride).amax(2)
        case ["avg", *_]:
            inside = windows(torch.ones_like(x), 0.0, stride).sum(2)
            return windows(x, 0.0, stride).sum(2) / inside
        case ["dil", *_]:
            return half(x, weights, name, stride, dilation=2)
        case ["sep", *_]:
            return half(half(x, weights, f"{name}.first", stride, 1), weights, f"{name}.second", 1, 1)
    raise KeyError(operation)


def read(x: Tensor, weights: Weights, name: str) -> Tensor:
    return norm(over_channels(x.clamp(min=0), weights[f"{name}.convolution.weight"]), weights, f"{name}.norm")


def cell(
    table: Tensor, gate: Tensor, inputs: tuple[Tensor, Tensor], weights: Weights, name: str, stride: int
) -> Tensor:
    """Every operation of every edge that is on in `gate`, times its share in the softmax of its row of `table`."""
    states = [read(x, weights, f"{name}.preprocess{i}") for i, x in enumerate(inputs)]
    for target in range(2, 6):
        total = apply("none", states[0], weights, "", stride)
        for row, (source, end) in enumerate(EDGES):
            if end != target or gate[row].max() < 0:
                continue
            for operation, share in zip(OPERATIONS, torch.softmax(table[row].double(), 0), strict=True):
                if share > 0.01:
                    edge = f"{name}.edges.{source}_{target}_{operation}"
                    s = stride if source < 2 else 1
                    total = total + share * apply(operation, states[source], weights, edge, s)
        states.append(total)
    return torch.cat(states[2:], 1)


def logits(genotype: Genotype, weights: Weights, images: Tensor, *, wrong_gate: bool = False) -> Tensor:
    """The supernet's answer under a genotype's mask.

    With `wrong_gate` normal cells ask the reduction cell's mask whether an edge is on, as the released code does.
    """
    normal, reduction = logits_of(genotype.normal), logits_of(genotype.reduce)
    return logits_under(normal, reduction, weights, images, normal_gate=reduction if wrong_gate else normal)


def logits_under(
    normal: Tensor, reduction: Tensor, weights: Weights, images: Tensor, *, normal_gate: Tensor | None = None
) -> Tensor:
    """The supernet's answer under two tables of logits, each (14, 8); `normal_gate` gates the normal cell."""
    gate = normal if normal_gate is None else normal_gate
    x = images
    if "stem.0.weight" in weights:
        x = norm(F.conv2d(images, weights["stem.0.weight"], padding=1), weights, "stem.1")
    y = cell(normal, gate, (x, x), weights, "cells.0", 1)
    z = cell(reduction, reduction, (x, y), weights, "cells.1", 2)
    features = norm(z, weights, "head.norm").clamp(min=0).mean((2, 3))
    return features @ weights["head.classifier.weight"].T + weights["head.classifier.bias"]
