"""A forward pass that remembers: the tape on which the hand-written reverse passes run backwards.

A network's layers are found by sending a token through its forward pass, then run; each step keeps its output and,
for batch-norm, the normalised input x̂ and 1/σ. A network with a layer that the reverse passes do not know raises
`UnknownLayer`; `jacobians.jacobian` then takes the plain way.
"""

import contextlib
import inspect
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn


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
    if len(inspect.signature(network.forward).parameters) != 1:
        raise UnknownLayer("the network should take one argument, the images")
    found = [Layer("input", "", None, ())]
    with _recording(network, found):
        try:
            output = network(_Token(0, found))
        except (NameError, TypeError, ValueError, RuntimeError) as error:  # what depends on the data, for one
            raise UnknownLayer(f"the network cannot be traced: {error}") from error
    if not isinstance(output, _Token) or output.number != len(found) - 1:
        raise UnknownLayer("the network's output should be its last step, and nothing else")
    used = [id(p) for layer in found if layer.module is not None for p in layer.module.parameters()]
    if len(set(used)) < len(used):
        raise UnknownLayer("no reverse rule for a parameter that is used twice")
    _check_shapes(found)
    return tuple(found)


def _check_shapes(found: list[Layer]) -> None:
    """Images are maps until they are flattened; only linear layers and sums know what is flat.

    Raises:
        UnknownLayer: When a layer meets the other shape, as in a network of linear layers alone.
    """
    flat: list[bool] = []
    for layer in found:
        reads_flat = [flat[i] for i in layer.inputs]
        if layer.kind == "linear" and not all(reads_flat):
            raise UnknownLayer("no reverse rule for a linear layer before the images are flattened")
        if layer.kind not in ("linear", "add", "identity", "zero") and any(reads_flat):
            raise UnknownLayer(f"no reverse rule for {layer.kind} after the images are flattened")
        flat.append(layer.kind in ("flatten", "linear") or any(reads_flat))


class _Token:
    """Stands for the output of a layer on the way through a network, and refuses all that is no layer."""

    def __init__(self, number: int, found: list[Layer]) -> None:
        self.number, self.found = number, found

    def next(self, kind: str, name: str, module: nn.Module | None, *others: "_Token") -> "_Token":
        """Note a layer that reads this token, and others, and return what stands for its output."""
        self.found.append(Layer(kind, name, module, (self.number, *(other.number for other in others))))
        return _Token(len(self.found) - 1, self.found)

    def __add__(self, other: object) -> "_Token":
        if not isinstance(other, _Token):
            raise UnknownLayer(f"no reverse rule for adding a {type(other).__name__}")
        return self.next("add", "", None, other)

    def __getattr__(self, name: str) -> object:
        raise UnknownLayer(f"no reverse rule for .{name} of a layer's output")

    @classmethod
    def __torch_function__(cls, function: Callable, types: tuple, args: tuple = (), kwargs: Mapping | None = None):
        if function is torch.zeros_like and not kwargs:
            return args[0].next("zero", "", None)
        raise UnknownLayer(f"no reverse rule for {getattr(function, '__name__', function)} outside a layer")


@contextlib.contextmanager
def _recording(network: nn.Module, found: list[Layer]) -> Iterator[None]:
    """Let torch's own modules in the network note that they were called with a token, while the block runs."""
    modules = [
        (name, module)
        for name, module in network.named_modules()
        if type(module).__module__.startswith("torch.nn.") and not isinstance(module, nn.Sequential)
    ]

    def recorder(name: str, module: nn.Module) -> Callable:
        def forward(*inputs: object, **options: object) -> _Token:
            if options or len(inputs) != 1 or not isinstance(inputs[0], _Token):
                raise UnknownLayer(f"no reverse rule for {type(module).__name__} of anything but one output")
            return inputs[0].next(_kind(module), name, module)

        return forward

    if changed := [name for name, module in modules if "forward" in module.__dict__]:
        raise UnknownLayer(f"no reverse rule for {changed[0]}, whose forward pass was replaced")
    for name, module in modules:
        module.__dict__["forward"] = recorder(name, module)  # found before the one of its class
    try:
        yield
    finally:
        for _, module in modules:
            del module.__dict__["forward"]


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
