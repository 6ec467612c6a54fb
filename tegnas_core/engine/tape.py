"""A forward pass that remembers: the tape on which the hand-written reverse passes run backwards.

A network's layers are found by `tracing`, then run; each step keeps its output and, for batch-norm, the normalised
input x̂ and 1/σ.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tegnas_core.engine.narrow_convolutions import convolve, is_narrow
from tegnas_core.engine.pool_loops import maxima
from tegnas_core.engine.tracing import Layer, UnknownLayer, layers, one_number


@dataclass(frozen=True)
class Step:
    """One operation of the forward pass, and what came out.

    Attributes:
        kind, name, module, inputs: What `tracing.Layer` has under these names.
        value: The step's output, shape (N, C, H, W), or (N, C) after flatten.
        normalised: x̂ = (x − μ)/σ for batch-norm, else None.
        inverse_std: 1/σ for batch-norm, shape (C,), else None.
        winners: For a max pool the pixel, counted row by row, that won each window, shaped like the value.
    """

    kind: str
    name: str
    module: nn.Module | None
    inputs: tuple[int, ...]
    value: Tensor
    normalised: Tensor | None = None
    inverse_std: Tensor | None = None
    winners: Tensor | None = None


def record(network: nn.Module, images: Tensor) -> tuple[Step, ...]:
    """Run the network on the images and return its steps, first to last; the last one holds the logits.

    Raises:
        UnknownLayer: When `tracing.layers` raises it, or when shapes do not fit a sum.
    """
    return run(layers(network), images)


@torch.no_grad()
def run(layers: tuple[Layer, ...], images: Tensor) -> tuple[Step, ...]:
    """Run layers on the images and return their steps."""
    steps: list[Step] = []
    for layer in layers:
        steps.append(_run(layer, images, [steps[i].value for i in layer.inputs]))
    return tuple(steps)


def parameters_on(tape: tuple[Layer, ...] | tuple[Step, ...]) -> dict[str, nn.Parameter]:
    """Return the parameters of the layers on a tape by their names in the network, in forward order."""
    return {
        f"{step.name}.{kind}": parameter
        for step in tape
        if step.module is not None
        for kind, parameter in step.module.named_parameters(recurse=False)
    }


def steps_needed(steps: Sequence, parameters: Container[str]) -> list[bool]:
    """Return for each step whether a reverse pass must come to it: a parameter is its own or stands before it."""
    needed: list[bool] = []
    for step in steps:
        own = any(f"{step.name}.{kind}" in parameters for kind in ("weight", "bias"))
        needed.append(own or any(needed[i] for i in step.inputs))
    return needed


def _run(layer: Layer, images: Tensor, inputs: list[Tensor]) -> Step:
    match layer.kind:
        case "input":
            return Step(*layer, images)
        case "norm":
            return _run_norm(layer, *inputs)
        case "add":
            left, right = inputs
            if left.shape != right.shape:
                raise UnknownLayer(f"no reverse rule for adding {tuple(right.shape)} to {tuple(left.shape)}")
            return Step(*layer, left + right)
        case "zero":
            return Step(*layer, torch.zeros_like(*inputs))
        case "max_pool":
            return _run_max_pool(layer, *inputs)
        case "conv" if is_narrow(layer.module, *inputs):
            return Step(*layer, convolve(layer.module, *inputs))
    return Step(*layer, layer.module(*inputs))


def _run_max_pool(layer: Layer, x: Tensor) -> Step:
    """A max pool that remembers which pixels won; PyTorch's is slow on a CPU."""
    pool = layer.module
    size, stride, padding = window = tuple(one_number(v) for v in (pool.kernel_size, pool.stride, pool.padding))
    if x.device.type != "cpu":
        value, winners = F.max_pool2d(x, size, stride, padding, return_indices=True)
        return Step(*layer, value, winners=winners)
    sides = [(side + 2 * padding - size) // stride + 1 for side in x.shape[2:]]
    value, winners = x.new_empty(*x.shape[:2], *sides), torch.empty(*x.shape[:2], *sides, dtype=torch.int32)
    maxima(x.contiguous().numpy(), value.numpy(), winners.numpy(), window)
    return Step(*layer, value, winners=winners)


def _run_norm(layer: Layer, x: Tensor) -> Step:
    """Batch-norm by batch statistics, keeping what its reverse needs and touching no running average."""
    module = layer.module
    normalised, _, inverse_std = torch.native_batch_norm(x, None, None, None, None, True, 0.0, module.eps)
    value = normalised
    if module.affine:
        shape = (1, -1, 1, 1)
        value = torch.addcmul(module.bias.view(shape), normalised, module.weight.view(shape))
    return Step(*layer, value, normalised, inverse_std)
