"""A forward pass that remembers: the tape on which the hand-written reverse passes run backwards.

The network is traced by `torch.fx`, then run once; each step keeps its output and, for batch-norm, the
normalised input x̂ and 1/σ. A network with a layer that the reverse passes do not know raises `UnknownLayer`;
`jacobians.jacobian` then takes the plain way.
"""

import operator
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor, fx, nn


class UnknownLayer(Exception):
    """The network has a layer that the fast reverse passes do not know."""


@dataclass(frozen=True)
class Step:
    """One operation of the forward pass.

    Attributes:
        kind: input, conv, norm, relu, mean_pool, global_pool, flatten, linear, identity, add or zero.
        name: The module's name in the network, the prefix of its parameters' names; "" without a module.
        module: The module, or None.
        inputs: Numbers of the steps it reads.
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


@torch.no_grad()
def record(network: nn.Module, images: Tensor) -> tuple[Step, ...]:
    """Run the network on the images and return its steps, first to last; the last one holds the logits.

    Raises:
        UnknownLayer: When the network cannot be traced or has a layer without a reverse rule.
    """
    graph = _trace(network)
    modules = dict(network.named_modules())
    steps: list[Step] = []
    number: dict[fx.Node, int] = {}
    for node in graph.nodes:
        if node.op == "output":
            break
        inputs = tuple(number[argument] for argument in node.args if isinstance(argument, fx.Node))
        number[node] = len(steps)
        if node.op == "placeholder":
            steps.append(Step("input", "", None, (), images))
        elif node.op == "call_module":
            steps.append(_run_module(node.target, modules[node.target], inputs, steps))
        elif node.op == "call_function" and node.target is operator.add and len(inputs) == 2:
            steps.append(Step("add", "", None, inputs, steps[inputs[0]].value + steps[inputs[1]].value))
        elif node.op == "call_function" and node.target is torch.zeros_like:
            steps.append(Step("zero", "", None, inputs, torch.zeros_like(steps[inputs[0]].value)))
        else:
            raise UnknownLayer(f"no reverse rule for {node.op} {node.target}")
    return tuple(steps)


@lru_cache(maxsize=2)
def _trace(network: nn.Module) -> fx.Graph:
    """Return the network's graph; kept, since a network is recorded on training and on held-out images."""
    try:
        return fx.Tracer().trace(network)
    except (fx.proxy.TraceError, TypeError) as error:  # data-dependent control flow
        raise UnknownLayer(f"the network cannot be traced: {error}") from error


def _run_module(name: str, module: nn.Module, inputs: tuple[int, ...], steps: list[Step]) -> Step:
    x = steps[inputs[0]].value
    kind = _kind(module)
    if kind == "norm":
        return _run_norm(name, module, inputs, x)
    return Step(kind, name, module, inputs, module(x))


def _run_norm(name: str, module: nn.BatchNorm2d, inputs: tuple[int, ...], x: Tensor) -> Step:
    """Batch-norm by batch statistics, keeping what its reverse needs and touching no running average."""
    normalised, _, inverse_std = torch.native_batch_norm(x, None, None, None, None, True, 0.0, module.eps)
    value = normalised
    if module.affine:
        shape = (1, -1, 1, 1)
        value = torch.addcmul(module.bias.view(shape), normalised, module.weight.view(shape))
    return Step("norm", name, module, inputs, value, normalised, inverse_std)


def _kind(module: nn.Module) -> str:
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
    raise UnknownLayer(f"no reverse rule for {type(module).__name__}")
