"""How large the benchmark's own network is: exact counts in closed form, without building it.

The skeleton of NAS-Bench-201 is a stem, three stages of equal cells at C, 2C and 4C channels with a residual
block between them, and a head. A cell is six edges and an edge costs what its operation costs, so both counts are

    skeleton + Σ_edges cost(operation),    cost(operation) = cells · Σ_stages cost at its channels and size.

Counting follows the benchmark: parameters are convolutions, batch-norm and classifier; FLOPs are the
multiply-accumulates of convolutions and classifier, its bias included, for one image, and nothing for batch-norm,
ReLU, pooling and sums. Edges that lead nowhere count, as they do in the benchmark's network. (The
benchmark's files give other numbers for some architectures, a known mistake: NATS-Bench, issue 36.)
Source: Dong & Yang, NAS-Bench-201 (ICLR 2020), Section 2.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_core.spaces import NASBench201
from tegnas_core.spaces.architecture import EDGES, Architecture
from tegnas_core.spaces.structure import depth, operation_counts

_N_STAGES = 3
_KERNEL_SIZES = {"nor_conv_1x1": 1, "nor_conv_3x3": 3}


@dataclass(frozen=True)
class Skeleton:
    """The network around the cells; the defaults are the benchmark's on CIFAR-10.

    Attributes:
        n_classes: Number of logits: 10, 100, or 120.
        size: Height and width of an image in pixels: 32, or 16 for ImageNet16-120.
        width: Channels of the first stage.
        cells_per_stage: Cells in each of the three stages.

    Raises:
        TegnasError: When a number is not positive or the size cannot be halved twice.
    """

    n_classes: int = 10
    size: int = 32
    width: int = 16
    cells_per_stage: int = 5

    def __post_init__(self) -> None:
        if min(self.n_classes, self.size, self.width, self.cells_per_stage) < 1 or self.size % 4:
            raise TegnasError(f"every number of {self} must be positive and the size a multiple of 4")


@dataclass(frozen=True)
class Complexity:
    """What an architecture costs, and its shape.

    Attributes:
        parameters: Number of trainable numbers in the network.
        flops: Multiply-accumulates for one image.
        depth: Edges on the longest input-output path of the cell; None without a path.
        n_convolutions: Convolutions among the six edges of the cell.
    """

    parameters: int
    flops: int
    depth: int | None
    n_convolutions: int


@dataclass(frozen=True)
class Cost:
    """Trainable numbers, and multiply-accumulates for one image, of a part of a network or of a whole one."""

    parameters: int = 0
    flops: int = 0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.parameters + other.parameters, self.flops + other.flops)

    def __mul__(self, n: int) -> "Cost":
        return Cost(n * self.parameters, n * self.flops)


def complexity_of(architecture: Architecture, skeleton: Skeleton | None = None) -> Complexity:
    """Return the exact size of an architecture's network; None takes the benchmark's on CIFAR-10."""
    return _complexity(architecture, *_costs(skeleton or Skeleton()))


def complexity_table(
    architectures: Iterable[Architecture] | None = None, skeleton: Skeleton | None = None
) -> pd.DataFrame:
    """Return the size of many architectures as one table.

    Args:
        architectures: The architectures, in the order of the rows; None takes all 15,625 in the benchmark's
            index order.
        skeleton: The network around the cells; None takes the benchmark's on CIFAR-10.

    Returns:
        Columns ``architecture`` (its string), ``parameters`` and ``flops`` (int64), ``depth`` (nullable: empty
        without an input-output path) and ``n_convolutions``.
    """
    if architectures is None:
        return _of_the_space(skeleton or Skeleton()).copy()
    return _table(tuple(architectures), skeleton or Skeleton())


@lru_cache(maxsize=2)  # analyses join it to one table after the other
def _of_the_space(skeleton: Skeleton) -> pd.DataFrame:
    return _table(NASBench201().all(), skeleton)


def _table(chosen: tuple[Architecture, ...], skeleton: Skeleton) -> pd.DataFrame:
    fixed, per_edge = _costs(skeleton)
    operations = np.array([a.operations for a in chosen]).reshape(len(chosen), len(EDGES))
    counts = {name: (operations == name).sum(axis=1) for name in per_edge}
    parameters = sum(counts[name] * cost.parameters for name, cost in per_edge.items())
    flops = sum(counts[name] * cost.flops for name, cost in per_edge.items())
    return pd.DataFrame(
        {
            "architecture": [str(architecture) for architecture in chosen],
            "parameters": fixed.parameters + parameters,
            "flops": fixed.flops + flops,
            "depth": pd.array([depth(architecture) for architecture in chosen], dtype="Int64"),
            "n_convolutions": sum(counts.values()),
        }
    )


def _complexity(architecture: Architecture, fixed: Cost, per_edge: dict[str, Cost]) -> Complexity:
    total = sum((per_edge[name] for name in architecture.operations if name in per_edge), fixed)
    counts = operation_counts(architecture)
    return Complexity(
        parameters=total.parameters,
        flops=total.flops,
        depth=depth(architecture),
        n_convolutions=sum(counts[name] for name in _KERNEL_SIZES),
    )


def _costs(skeleton: Skeleton) -> tuple[Cost, dict[str, Cost]]:
    """Return what the skeleton costs, and what each operation on one edge adds in all cells together."""
    stages = [(skeleton.width * 2**i, skeleton.size // 2**i) for i in range(_N_STAGES)]
    per_edge = {
        name: sum((_conv(c, c, kernel, size) for c, size in stages), Cost()) * skeleton.cells_per_stage
        for name, kernel in _KERNEL_SIZES.items()
    }
    fixed = _conv(3, skeleton.width, 3, skeleton.size)
    for (c_in, _), (c_out, size) in pairwise(stages):
        main = _conv(c_in, c_out, 3, size) + _conv(c_out, c_out, 3, size)
        fixed += main + _conv(c_in, c_out, 1, size, norm=False)
    features = stages[-1][0]
    logits = skeleton.n_classes * (features + 1)
    return fixed + Cost(2 * features + logits, logits), per_edge


def _conv(c_in: int, c_out: int, kernel: int, size: int, *, norm: bool = True) -> Cost:
    """Return the cost of a convolution without bias whose output is size × size, and of its batch-norm."""
    weights = c_in * c_out * kernel**2
    return Cost(weights + (2 * c_out if norm else 0), weights * size**2)
