"""A forward pass that remembers: the tape on which the hand-written reverse passes run backwards.

The network is traced by `torch.fx`, then run once; each step keeps its output and, for batch-norm, the
normalised input x̂ and 1/σ. A network with a layer that the reverse passes do not know raises `UnknownLayer`;
`jacobians.jacobian` then takes the plain way.
"""

import operator
from collections.abc import Mapping
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
        UnknownLayer: When the network cannot be traced, has a layer without a reverse rule, or uses a parameter
            twice.
    """
    modules = dict(network.named_modules())
    nodes = _trace(network, tuple(modules))
    _check(nodes, modules)
    steps: list[Step] = []
    number: dict[fx.Node, int] = {}
    for node in nodes[:-1]:
        inputs = tuple(number[argument] for argument in node.args if isinstance(argument, fx.Node))
        number[node] = len(steps)
        if node.op == "placeholder":
            steps.append(Step("input", "", None, (), images))
        elif node.op == "call_module":
            steps.append(_run_module(node.target, modules[node.target], inputs, steps))
        elif node.op == "call_function" and node.target is operator.add and len(inputs) == 2:
            steps.append(_run_add(inputs, *(steps[i].value for i in inputs)))
        elif node.op == "call_function" and node.target is torch.zeros_like:
            steps.append(Step("zero", "", None, inputs, torch.zeros_like(steps[inputs[0]].value)))
        else:
            raise UnknownLayer(f"no reverse rule for {node.op} {node.target}")
    return tuple(steps)


def parameters_on(tape: tuple[Step, ...]) -> dict[str, nn.Parameter]:
    """Return the parameters of the layers on the tape by their names in the network, in forward order."""
    return {
        f"{step.name}.{kind}": parameter
        for step in tape
        if step.module is not None
        for kind, parameter in step.module.named_parameters(recurse=False)
    }


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


def _run_add(inputs: tuple[int, ...], left: Tensor, right: Tensor) -> Step:
    if left.shape != right.shape:
        raise UnknownLayer(f"no reverse rule for adding {tuple(right.shape)} to {tuple(left.shape)}")
    return Step("add", "", None, inputs, left + right)


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
