"""The operations of a network, found by sending a token through its forward pass.

A network with a layer that the hand-written reverse passes do not know raises `UnknownLayer`; `jacobians.jacobian`
then takes the plain way.
"""

import contextlib
import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import torch
from torch import Tensor, nn


class UnknownLayer(Exception):
    """The network has a layer that the fast reverse passes do not know."""


class Layer(NamedTuple):
    """One operation of a network.

    Attributes:
        kind: input, conv, norm, relu, mean_pool, max_pool, global_pool, flatten, linear, identity, add, zero,
            scale, crop or concat.
        name: The module's name in the network, the prefix of its parameters' names; "" without one.
        module: The module, or None.
        inputs: Numbers of the operations it reads.
    """

    kind: str
    name: str
    module: nn.Module | None
    inputs: tuple[int, ...]


def layers(network: nn.Module) -> tuple[Layer, ...]:
    """Return the operations of a network in the order in which they run, without running them.

    Raises:
        UnknownLayer: When the network cannot be traced, has a layer without a reverse rule, or uses a parameter
            twice.
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
        if layer.kind not in ("linear", "add", "identity", "zero", "scale") and any(reads_flat):
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

    def __radd__(self, other: object) -> "_Token":
        if type(other) is int and other == 0:  # where Python's sum begins
            return self
        raise UnknownLayer(f"no reverse rule for adding a {type(other).__name__}")

    def __mul__(self, factor: object) -> "_Token":
        if not isinstance(factor, int | float):
            raise UnknownLayer(f"no reverse rule for multiplying by a {type(factor).__name__}")
        return self.next("scale", "", Scale(float(factor)))

    __rmul__ = __mul__

    def __getitem__(self, places: object) -> "_Token":
        whole, rest = slice(None), slice(1, None)
        if places != (whole, whole, rest, rest):
            raise UnknownLayer(f"no reverse rule for [{places}] of a layer's output, only for [:, :, 1:, 1:]")
        return self.next("crop", "", Crop())

    def __getattr__(self, name: str) -> object:
        raise UnknownLayer(f"no reverse rule for .{name} of a layer's output")

    @classmethod
    def __torch_function__(cls, function: Callable, types: tuple, args: tuple = (), kwargs: Mapping | None = None):
        if function is torch.zeros_like and not kwargs:
            return args[0].next("zero", "", None)
        if function is torch.cat and (args[1:], kwargs or {}) in (((1,), {}), ((), {"dim": 1})):
            first, *others = args[0]
            if all(isinstance(other, _Token) for other in args[0]):
                return first.next("concat", "", Concat(), *others)
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


def _kind(module: nn.Module) -> str:
    match module:
        case nn.Conv2d(padding_mode="zeros") if not isinstance(module.padding, str) and _groups_are_known(module):
            return "conv"
        case nn.BatchNorm2d() if module.training:
            return "norm"
        case nn.ReLU():
            return "relu"
        case nn.AvgPool2d(divisor_override=None, ceil_mode=False):
            return "mean_pool"
        case nn.MaxPool2d(dilation=1, ceil_mode=False, return_indices=False):
            return "max_pool"
        case nn.AdaptiveAvgPool2d(output_size=1):
            return "global_pool"
        case nn.Flatten(start_dim=1, end_dim=-1):
            return "flatten"
        case nn.Linear():
            return "linear"
        case nn.Identity():
            return "identity"
    raise UnknownLayer(f"no reverse rule for {type(module).__name__}")


def _groups_are_known(module: nn.Conv2d) -> bool:
    """Whether a convolution mixes all channels, or goes by channel."""
    return module.groups == 1 or module.groups == module.in_channels == module.out_channels


def one_number(value: int | tuple[int, int]) -> int:
    """Return the number that a window has along both axes.

    Raises:
        UnknownLayer: When they differ.
    """
    if isinstance(value, int):
        return value
    if value[0] != value[1]:
        raise UnknownLayer(f"no reverse rule for a window of {value}")
    return value[0]


# Layers for what a forward pass does between its modules


class Scale(nn.Module):
    """A multiple of x."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: Tensor) -> Tensor:
        """Return factor · x."""
        return x * self.factor

    def extra_repr(self) -> str:
        """Return the factor: layers are of one structure when their descriptions are the same."""
        return str(self.factor)


class Crop(nn.Module):
    """A map without its first row and column: what the second half of a factorised reduction reads."""

    def forward(self, x: Tensor) -> Tensor:
        """Return x[:, :, 1:, 1:]."""
        return x[:, :, 1:, 1:].contiguous()


class Concat(nn.Module):
    """Several maps as one, their channels one after the other.

    Args:
        groups: Networks that lie side by side in the channels (see `batched`), each with its own maps.
    """

    def __init__(self, groups: int = 1) -> None:
        super().__init__()
        self.groups = groups

    def forward(self, *maps: Tensor) -> Tensor:
        """Return (N, ΣC, H, W)."""
        return torch.cat([x.unflatten(1, (self.groups, -1)) for x in maps], 2).flatten(1, 2)

    def backward(self, g: Tensor, channels: list[int]) -> list[Tensor]:
        """Return the maps' cotangents, (…, C, H, W) each, from that of the whole; `channels` are the maps' C."""
        parts = g.unflatten(-3, (self.groups, -1)).split([c // self.groups for c in channels], -3)
        return [part.flatten(-4, -3) for part in parts]
