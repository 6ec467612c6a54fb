"""Reverse rules of the layers that have parameters, and of ReLU, which convolutions fold in.

A step's cotangent is factor · g; see `reverse_pass.RULES`.
"""

import math
from typing import TYPE_CHECKING

import numpy as np

from tegnas_core.engine import reverse_loops as loops
from tegnas_core.engine.lanes import LANES

if TYPE_CHECKING:
    from tegnas_core.engine.reverse_pass import ReversePass


def relu(reverse: "ReversePass", number: int, g: np.ndarray, factor: float) -> None:
    """What was above zero has its cotangent."""
    (source,) = reverse.records[number].inputs
    if reverse.needed[source]:
        target, fresh = reverse.target(source)
        loops.relu(g, reverse.dtype.type(factor), reverse.records[number].value, target, fresh)


def linear(reverse: "ReversePass", number: int, g: np.ndarray, factor: float) -> None:
    """A matrix product."""
    (source,), g = reverse.records[number].inputs, factor * g
    features = reverse.records[source].value
    rule = "nkl,ncl->nkcl" if reverse.frozen else "nkl,nc->kcl"
    reverse.keep(number, "weight", np.einsum(rule, g, features, optimize=True))
    reverse.keep(number, "bias", g if reverse.frozen else g.sum(0))
    weight = reverse.records[number].module.weight.detach().numpy()
    reverse.hand_on(source, np.ascontiguousarray(np.einsum("nkl,kc->ncl", g, weight, optimize=True)))


def norm(reverse: "ReversePass", number: int, g: np.ndarray, factor: float) -> None:
    """Batch-norm: project off span{1, x̂}, unless frozen; ⟨g, x̂⟩ is also the gradient of the gain.

    dx = (γ/σ) (g − mean(g) − x̂ · mean(g x̂)), means over batch and pixels.
    """
    record, factor = reverse.records[number], reverse.dtype.type(factor)
    sums, products = loops.norm_sums(g, record.normalised, reverse.rows)
    reverse.keep(number, "weight", factor * products)
    reverse.keep(number, "bias", factor * sums)
    (source,) = record.inputs
    if not reverse.needed[source]:
        return
    gain = record.module.weight.detach().numpy() if record.module.affine else reverse.dtype.type(1)
    if reverse.frozen:
        means = slopes = np.zeros(products.shape[1:], reverse.dtype)
    else:
        count = len(record.value) * math.prod(record.sides)
        means, slopes = sums[0] / count, products[0] / count
    scale = factor * gain * record.inverse_std
    below = record.normalised, scale, means, slopes
    if reverse.records[source].kind == "conv" and len(reverse.readers[source]) == 1:
        if reverse.frozen:  # else a shift before batch-norm changes nothing: its gradient is zero
            reverse.keep(source, "bias", scale[:, None] * sums)
        _conv_under_norm(reverse, source, g, below)
    else:
        loops.norm_project(g, *below, *reverse.target(source))


def conv(reverse: "ReversePass", number: int, g: np.ndarray, factor: float) -> None:
    """A convolution without batch-norm: the same with means and slopes of zero."""
    if f"{reverse.records[number].name}.bias" in reverse.wanted:
        bias = reverse.dtype.type(factor) * g.sum(2 if reverse.frozen else (0, 2))
        reverse.keep(number, "bias", bias)
    nothing, scale = np.zeros((g.shape[1], LANES), reverse.dtype), np.full(g.shape[1], factor, reverse.dtype)
    _conv_under_norm(reverse, number, g, (reverse.records[number].value, scale, nothing, nothing))


def _conv_under_norm(reverse: "ReversePass", number: int, g: np.ndarray, below: tuple[np.ndarray, ...]) -> None:
    """Reverse of a convolution; the batch-norm above it is applied image by image, in the cache."""
    convolution = reverse.convolutions[number]
    source = convolution.source
    target, fresh = reverse.target(source) if reverse.needed[source] else (None, False)
    for part, gradient in convolution.reverse(g, below, target, fresh, reverse.rows).items():
        reverse.keep(part, "weight", gradient)
