"""The compiled reverse pass: it carries LANES cotangents at once from the logits to the parameters.

What each layer does to them is in `reverse_layers`, `reverse_pools` and `reverse_shapes`; `reverse` and `frozen`
say what the lanes are.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from torch import nn

from tegnas_core.engine import reverse_layers, reverse_pools, reverse_shapes
from tegnas_core.engine.cotangents import Cotangent, workspace
from tegnas_core.engine.lanes import LANES
from tegnas_core.engine.reverse_convolution import Planner
from tegnas_core.engine.tape import steps_needed

# A rule is called with the pass, a step's number, and its cotangent as an array g and a factor: factor · g.
RULES: Mapping[str, Callable[["ReversePass", int, np.ndarray, float], None]] = {
    "input": reverse_shapes.nothing,
    "zero": reverse_shapes.nothing,
    "add": reverse_shapes.add,
    "identity": reverse_shapes.add,
    "scale": reverse_shapes.scale,
    "crop": reverse_shapes.crop,
    "concat": reverse_shapes.concat,
    "flatten": reverse_shapes.flatten,
    "global_pool": reverse_pools.global_pool,
    "mean_pool": reverse_pools.mean_pool,
    "max_pool": reverse_pools.max_pool,
    "relu": reverse_layers.relu,
    "linear": reverse_layers.linear,
    "norm": reverse_layers.norm,
    "conv": reverse_layers.conv,
}


@dataclass(frozen=True)
class Record:
    """A step of the forward pass, in arrays.

    Attributes:
        kind, name, module, inputs: As in `tape.Step`.
        sides: (H, W), or () after flatten.
        value: Its output, (N, C, P) or (N, C); when lanes are images, (N, C, P, LANES) or (N, C, LANES).
        normalised: x̂ of a batch-norm, shaped like the value.
        inverse_std: 1/σ of a batch-norm, (C,).
        winners: Pixels that won the windows of a max pool, (N, C, P).
    """

    kind: str
    name: str
    module: nn.Module | None
    inputs: tuple[int, ...]
    sides: tuple[int, ...]
    value: np.ndarray
    normalised: np.ndarray | None = None
    inverse_std: np.ndarray | None = None
    winners: np.ndarray | None = None


class ReversePass:
    """Reverse passes over one forward pass.

    Args:
        records: The forward pass.
        wanted: Names of the parameters whose gradients are wanted.
        frozen: Lanes are images, and batch statistics are constants.

    Raises:
        UnknownLayer: When a layer's shape has no rule here.
    """

    def __init__(self, records: list[Record], wanted: frozenset[str], *, frozen: bool = False) -> None:
        self.records, self.wanted, self.frozen = records, wanted, frozen
        self.dtype = records[-1].value.dtype
        self.rows = len(records[0].value) if frozen else 1  # of a gradient: one a block of images, or their sum
        self.needed = steps_needed(records, wanted)
        planner = Planner(records, frozen=frozen)
        self.readers, self.convolutions = planner.readers, planner.plan(self.needed)
        self.gradients: dict[str, np.ndarray] = {}
        self.sums: dict[int, Cotangent] = {}

    def run(self, seeds: np.ndarray) -> Mapping[str, np.ndarray]:
        """Return the gradients of the wanted parameters, each (rows, size, LANES), from those of the logits."""
        workspace.begin((self.frozen, self.records[0].value.shape, self.dtype))
        self.gradients, self.sums = {}, {}
        self.hand_on(len(self.records) - 1, seeds)
        for number in range(len(self.records) - 1, -1, -1):
            if number in self.sums:
                RULES[self.records[number].kind](self, number, *self.sums.pop(number).total())
                workspace.keep_only({i for later in self.sums.values() for i in later.identities()})
        for record in self.records:  # parameters that no output depends on
            for kind in ("weight", "bias"):
                if (name := f"{record.name}.{kind}") in self.wanted and name not in self.gradients:
                    size = record.module.get_parameter(kind).numel()
                    self.gradients[name] = np.zeros((self.rows, size, LANES), self.dtype)
        return self.gradients

    def target(self, number: int) -> tuple[np.ndarray, bool]:
        """Return an array where a step's cotangent is added up, and whether it is fresh: to be overwritten."""
        return self._sum(number).writable()

    def hand_on(self, number: int, cotangent: np.ndarray, factor: float = 1.0) -> None:
        """Add a multiple of an array, which others may hold too, to a step's cotangent."""
        if self.needed[number]:
            self._sum(number).add(cotangent, factor)

    def keep(self, number: int, kind: str, gradient: np.ndarray) -> None:
        """Keep the gradient of a step's weight or bias, if it is wanted."""
        name = f"{self.records[number].name}.{kind}"
        if name in self.wanted:
            self.gradients[name] = gradient.reshape(self.rows, -1, LANES)

    def _sum(self, number: int) -> Cotangent:
        if number not in self.sums:
            record = self.records[number]
            self.sums[number] = Cotangent((*record.value.shape[:2], math.prod(record.sides), LANES), self.dtype)
        return self.sums[number]
