"""The Jacobian with frozen statistics on a CPU: every image has its own gradient, so images are the lanes.

With constant batch statistics images do not meet: row n of the Jacobian is the gradient of what image n
contributes, and one reverse pass yields all rows. A value has shape (n_blocks, C, P, LANES): LANES images travel
together through the reverse pass, and through a forward pass that is compiled as well (see `lanes`).
"""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor, nn

from tegnas_core.engine import forward_loops as loops
from tegnas_core.engine.convolution_geometry import window_of
from tegnas_core.engine.lanes import LANES
from tegnas_core.engine.reverse_pass import Record, ReversePass
from tegnas_core.engine.tracing import Layer, UnknownLayer, one_number


def jacobian(
    layers: tuple[Layer, ...], images: Tensor, parameters: tuple[str, ...], logit_weights: Tensor | None = None
) -> Mapping[str, Tensor]:
    """Return the blocks (n_images, parameter size) of the frozen Jacobian of v·f (see `jacobians.jacobian`).

    Args:
        layers: What `tracing.layers` returns.
        images: Shape (n, C, H, W).
        parameters: Names of parameters.
        logit_weights: v, shape (n_logits,); None is all ones.

    Raises:
        UnknownLayer: When a layer, or its shape, has no rule here.
    """
    records = forward(layers, images)
    n_blocks, n_logits, _ = records[-1].value.shape
    weights = np.ones(n_logits) if logit_weights is None else logit_weights.numpy()
    seeds = np.broadcast_to(weights[:, None], (n_blocks, n_logits, LANES)).astype(records[-1].value.dtype)
    gradients = ReversePass(records, frozenset(parameters), frozen=True).run(seeds)
    return {name: torch.from_numpy(_rows(gradients[name])[: len(images)]) for name in parameters}


@torch.no_grad()
def forward(layers: tuple[Layer, ...], images: Tensor) -> list[Record]:
    """Run the layers on images (n, C, H, W) and return what a reverse pass needs, layer by layer.

    Raises:
        UnknownLayer: When a layer's shape has no rule here.
    """
    return _Forward(layers, images).records


def _rows(gradient: np.ndarray) -> np.ndarray:
    """Turn (n_blocks, size, LANES) into a row an image."""
    return np.ascontiguousarray(gradient.transpose(0, 2, 1)).reshape(-1, gradient.shape[1])


class _Forward:
    """A forward pass of blocks of LANES images; `records` is what a reverse pass needs of it."""

    def __init__(self, layers: tuple[Layer, ...], images: Tensor) -> None:
        n, channels, *sides = images.shape
        self.n_blocks = -(-n // LANES)
        pixels = images.detach().contiguous().reshape(n, channels, -1).numpy()
        self.dtype = pixels.dtype
        self.images = np.empty((self.n_blocks, channels, pixels.shape[2], LANES), self.dtype)
        loops.to_lanes(pixels, self.images)
        self.sides = tuple(sides)
        self.present = (np.arange(self.n_blocks * LANES) < n).astype(self.dtype).reshape(-1, LANES)
        self.records: list[Record] = []
        for layer in layers:
            inputs = [self.records[i] for i in layer.inputs]
            rule = getattr(self, f"_{layer.kind}", None)
            if rule is None:
                raise UnknownLayer(f"no rule for {layer.kind} with frozen statistics")
            self.records.append(Record(*layer, *rule(layer.module, *inputs)))

    def _input(self, module: None) -> tuple:
        return self.sides, self.images

    def _zero(self, module: None, x: Record) -> tuple:
        return x.sides, np.zeros_like(x.value)

    def _identity(self, module: nn.Module, x: Record) -> tuple:
        return x.sides, x.value

    def _add(self, module: None, x: Record, y: Record) -> tuple:
        if x.value.shape != y.value.shape or x.sides != y.sides:
            raise UnknownLayer("no reverse rule for adding different shapes")
        return x.sides, x.value + y.value

    def _relu(self, module: nn.Module, x: Record) -> tuple:
        out = np.empty_like(x.value)
        loops.relu(x.value, out)
        return x.sides, out

    def _conv(self, module: nn.Conv2d, x: Record) -> tuple:
        window = window_of(module)
        if window.dilation > 1 or module.groups > 1:
            raise UnknownLayer(f"no rule for {module} with frozen statistics")
        sides = tuple((side - 1) // window.stride + 1 for side in x.sides)
        out = np.empty((self.n_blocks, module.out_channels, sides[0] * sides[1], LANES), self.dtype)
        loops.conv(x.value, _array(module.weight).reshape(-1), out, (*x.sides, *sides, window.size, window.stride))
        if module.bias is not None:
            out += _array(module.bias)[:, None, None]
        return sides, out

    def _norm(self, module: nn.BatchNorm2d, x: Record) -> tuple:
        normalised = np.empty_like(x.value)
        inverse_std = loops.normalise(x.value, self.present, module.eps, normalised)
        value = normalised
        if module.affine:
            value = np.empty_like(normalised)
            loops.scale_and_shift(normalised, _array(module.weight), _array(module.bias), value)
        return x.sides, value, normalised, inverse_std

    def _mean_pool(self, module: nn.AvgPool2d, x: Record) -> tuple:
        size, stride, padding = (one_number(v) for v in (module.kernel_size, module.stride, module.padding))
        if (size, stride, padding) == (3, 1, 1) and not module.count_include_pad:
            out = np.empty_like(x.value)
            loops.mean_pool_3x3(x.value, out, *x.sides)
            return x.sides, out
        if size != stride or padding != 0:
            raise UnknownLayer(f"no reverse rule for {module}")
        sides = tuple(side // size for side in x.sides)
        out = np.empty((*x.value.shape[:2], sides[0] * sides[1], LANES), self.dtype)
        loops.mean_pool_blocks(x.value, out, *x.sides, size)
        return sides, out

    def _global_pool(self, module: nn.Module, x: Record) -> tuple:
        return (1, 1), x.value.mean(2, keepdims=True)

    def _flatten(self, module: nn.Module, x: Record) -> tuple:
        return (), x.value.reshape(self.n_blocks, -1, LANES)

    def _linear(self, module: nn.Linear, x: Record) -> tuple:
        out = np.einsum("ncl,kc->nkl", x.value, _array(module.weight), optimize=True)
        return (), np.ascontiguousarray(out if module.bias is None else out + _array(module.bias)[:, None])


def _array(parameter: Tensor) -> np.ndarray:
    return parameter.detach().contiguous().numpy()
