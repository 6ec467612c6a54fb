"""A forward pass that remembers: the tape on which the hand-written reverse passes run backwards.

The network is traced by `torch.fx`, then run once; each step keeps its output and, for batch-norm, the
normalised input x̂ and 1/σ. A network with a layer that the reverse passes do not know raises `UnknownLayer`;
`jacobians.jacobian` then takes the plain way.
"""

import operator
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import torch
from torch import Tensor, fx, nn


class UnknownLayer(Exception):
    """The network has a layer that the fast reverse passes do not know."""


class Layer(NamedTuple):
    """One operation of a network.

    Attributes:
        kind: input, conv, norm, relu, mean_pool, global_pool, flatten, linear, identity, add or zero.
        name: The module's name in the network, the prefix of its parameters' names; "" without a module.
        module: The module, or None.
        inputs: Numbers of the operations it reads.
    """

    kind: str
    name: str
    module: nn.Module | None
    inputs: tuple[int, ...]


@dataclass(frozen=True)
class Step:
    """One operation of the forward pass, and what came out.

    Attributes:
        kind, name, module, inputs: As in `Layer`.
        value: Its output, shape (N, C, H, W), or (N, C) after flatten.
        normalised: x̂ = (x − μ)/σ for batch-norm, else None.
        inverse_std: 1/σ for batch-norm, shape (C,), else None.
    """

    kind: str
    name: str
    module: nn.Module | None
    inputs: tuple[int, ...]
    value: Tensor
    normalised: Tensor | None = None
    inverse_std: Tensor | None = None


def record(network: nn.Module, images: Tensor) -> tuple[Step, ...]:
    """Run the network on the images and return its steps, first to last; the last one holds the logits.

    Raises:
        UnknownLayer: When the network cannot be traced, has a layer without a reverse rule, or uses a parameter
            twice.
    """
    return run(layers(network), images)


@torch.no_grad()
def run(layers: tuple[Layer, ...], images: Tensor) -> tuple[Step, ...]:
    """Run layers on the images and return their steps."""
    steps: list[Step] = []
    for layer in layers:
        steps.append(_run(layer, images, [steps[i].value for i in layer.inputs]))
    return tuple(steps)


def layers(network: nn.Module) -> tuple[Layer, ...]:
    """Return the operations of a network in the order in which they run, without running them.

    Raises:
        UnknownLayer: As `record`.
    """
    modules = dict(network.named_modules())
    nodes = _trace(network, tuple(modules))
    _check(nodes, modules)
    number = {node: i for i, node in enumerate(nodes)}
    found = []
    for node in nodes[:-1]:
        inputs = tuple(number[argument] for argument in node.args if isinstance(argument, fx.Node))
        module = modules[node.target] if node.op == "call_module" else None
        found.append(Layer(_kind(node, module, inputs), node.target if module else "", module, inputs))
    return tuple(found)


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


@lru_cache(maxsize=2)
def _trace(network: nn.Module, module_names: tuple[str, ...]) -> tuple[fx.Node, ...]:
    """Return the nodes of the network's graph, the output last.

    They are kept, since a network is recorded on training and on held-out images; a network that was given
    other modules since is traced again.
    """
    try:
        return tuple(fx.Tracer().trace(network).nodes)
    except (NameError, TypeError, ValueError, RuntimeError) as error:  # what depends on the data, for one
        raise UnknownLayer(f"the network cannot be traced: {error}") from error


def _check(nodes: tuple[fx.Node, ...], modules: Mapping[str, nn.Module]) -> None:
    """Refuse what a tape would get silently wrong."""
    *body, output = nodes
    if [node.op for node in body].count("placeholder") != 1:
        raise UnknownLayer("the network should take one argument, the images")
    if output.args[0] is not body[-1]:
        raise UnknownLayer("the network's output should be its last step, and nothing else")
    if any(node.kwargs for node in body):
        raise UnknownLayer("no reverse rule for arguments by keyword")
    called = [id(p) for node in body if node.op == "call_module" for p in modules[node.target].parameters()]
    if len(set(called)) < len(called):
        raise UnknownLayer("no reverse rule for a parameter that is used twice")


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
    return Step(*layer, layer.module(*inputs))


def _run_norm(layer: Layer, x: Tensor) -> Step:
    """Batch-norm by batch statistics, keeping what its reverse needs and touching no running average."""
    module = layer.module
    normalised, _, inverse_std = torch.native_batch_norm(x, None, None, None, None, True, 0.0, module.eps)
    value = normalised
    if module.affine:
        shape = (1, -1, 1, 1)
        value = torch.addcmul(module.bias.view(shape), normalised, module.weight.view(shape))
    return Step(*layer, value, normalised, inverse_std)


def _kind(node: fx.Node, module: nn.Module | None, inputs: tuple[int, ...]) -> str:
    if node.op == "placeholder":
        return "input"
    if node.op == "call_function" and node.target is operator.add and len(inputs) == 2:
        return "add"
    if node.op == "call_function" and node.target is torch.zeros_like:
        return "zero"
    match module:
        case nn.Conv2d(groups=1, dilation=(1, 1), padding_mode="zeros") if not isinstance(module.padding, str):
            return "conv"
        case nn.BatchNorm2d() if module.training:
            return "norm"
        case nn.ReLU():
            return "relu"
        case nn.AvgPool2d(divisor_override=None, ceil_mode=False):
            return "mean_pool"
        case nn.AdaptiveAvgPool2d(output_size=1):
            return "global_pool"
        case nn.Flatten(start_dim=1, end_dim=-1):
            return "flatten"
        case nn.Linear():
            return "linear"
        case nn.Identity():
            return "identity"
    raise UnknownLayer(f"no reverse rule for {type(module).__name__ if module else f'{node.op} {node.target}'}")
