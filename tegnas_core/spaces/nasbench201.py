"""The topology space of NAS-Bench-201: all 15,625 cells, their order, neighbourhoods and classes."""

import itertools
import random
from collections.abc import Sequence
from functools import cache
from typing import Literal

import numpy as np

from tegnas_core.errors import TegnasError
from tegnas_core.spaces.architecture import EDGES, N_NODES, OPERATIONS, Architecture
from tegnas_core.spaces.structure import Level, canonical, operation_counts

_INDEX_SEED = 88  # the benchmark's authors shuffled the enumeration with this seed of Python's generator


class NASBench201:
    """Five operations on six edges: 5⁶ = 15,625 cells.

    >>> space = NASBench201()
    >>> len(space.all()), len(space.classes()), len(space.classes("function"))
    (15625, 5260, 4930)
    >>> (architecture,) = space.sample_many(1, seed=0)
    >>> print(architecture)
    |none~0|+|skip_connect~0|nor_conv_1x1~1|+|none~0|nor_conv_3x3~1|none~2|
    >>> space.index_of(architecture), len(space.neighbours(architecture))
    (11759, 24)

    Args:
        mutation: How `mutate` picks its edge. "uniform" picks one of the six edges; "by-node" first picks a node
            and then one of its incoming edges, as the released code does, so that edge 0→1 has probability 1/3
            and not 1/6.
    """

    name = "nas-bench-201"

    def __init__(self, *, mutation: Literal["uniform", "by-node"] = "uniform") -> None:
        self.mutation = mutation

    def parse(self, text: str) -> Architecture:
        """Read the benchmark's string; raise `TegnasError` when the text is not one."""
        return Architecture.parse(text)

    @property
    def choices(self) -> tuple[int, ...]:
        """The number of options of every decision: each edge has five operations."""
        return (len(OPERATIONS),) * len(EDGES)

    def compose(self, options: Sequence[int]) -> Architecture:
        """Return the architecture with these operations, given by their indices in `OPERATIONS`."""
        return Architecture(tuple(OPERATIONS[i] for i in options))

    def decisions(self, architecture: Architecture) -> tuple[int, ...]:
        """Return the indices of the operations on the six edges; this is the inverse of `compose`."""
        return tuple(OPERATIONS.index(name) for name in architecture.operations)

    def all(self) -> tuple[Architecture, ...]:
        """Return the 15,625 architectures in the benchmark's index order."""
        return _all_in_index_order()

    def index_of(self, architecture: Architecture) -> int:
        """Return the benchmark's index, 0 … 15,624."""
        return _index()[architecture]

    def sample(self, rng: np.random.Generator) -> Architecture:
        """Draw one architecture uniformly."""
        return Architecture(tuple(OPERATIONS[i] for i in rng.integers(len(OPERATIONS), size=len(EDGES))))

    def sample_many(self, n: int, *, seed: int) -> tuple[Architecture, ...]:
        """Draw n different architectures; a smaller sample with the same seed is a prefix of a larger one.

        Raises:
            TegnasError: When n is not between 0 and 15,625.
        """
        every = self.all()
        if not 0 <= n <= len(every):
            raise TegnasError(f"the space has {len(every):,} architectures, cannot sample {n:,}")
        order = np.random.default_rng(seed).permutation(len(every))
        return tuple(every[i] for i in order[:n])

    def mutate(self, architecture: Architecture, rng: np.random.Generator) -> Architecture:
        """Replace the operation of one edge, which the rule `mutation` chooses, by another one."""
        if self.mutation == "uniform":
            edge = int(rng.integers(len(EDGES)))
        else:
            target = int(rng.integers(1, N_NODES))
            edge = EDGES.index((int(rng.integers(target)), target))
        others = [name for name in OPERATIONS if name != architecture.operations[edge]]
        return architecture.replace(edge, others[int(rng.integers(len(others)))])

    def neighbours(self, architecture: Architecture) -> tuple[Architecture, ...]:
        """Return the 24 architectures that differ on one edge."""
        return tuple(
            architecture.replace(edge, name)
            for edge in range(len(EDGES))
            for name in OPERATIONS
            if name != architecture.operations[edge]
        )

    def distance(self, first: Architecture, second: Architecture) -> int:
        """Return on how many edges two architectures differ, 0 … 6."""
        return sum(a != b for a, b in zip(first.operations, second.operations, strict=True))

    def contains(self, architecture: object) -> bool:
        """Say whether the value is a NAS-Bench-201 architecture."""
        return isinstance(architecture, Architecture)

    def encode(self, architecture: Architecture) -> np.ndarray:
        """Return the one-hot encoding, shape (30,), with five entries for each edge."""
        rows = [[float(name == operation) for operation in OPERATIONS] for name in architecture.operations]
        return np.asarray(rows).ravel()

    def canonical(self, architecture: Architecture, level: Level = "shared-weights") -> str:
        """Return the text of what the cell computes at an equivalence level (see `structure.canonical`)."""
        return canonical(architecture, level)

    def representative(self, architecture: Architecture, level: Level = "shared-weights") -> Architecture:
        """Return the plainest member of the architecture's class at an equivalence level.

        The plainest member has the fewest operations and hence no dead edge; among several it is the first in
        enumeration order. At "function" it may draw two convolutions where the architecture uses one twice, or the
        other way round; at "shared-weights" it computes the same function up to the names of its weights.
        """
        return _representatives(level)[architecture]

    def classes(self, level: Level = "shared-weights") -> tuple[Architecture, ...]:
        """Return one representative of each class at an equivalence level, in the benchmark's index order.

        There are 5,260 classes at "shared-weights" and 4,930 at "function" (see `structure.canonical`).
        """
        return tuple(sorted(set(_representatives(level).values()), key=self.index_of))


@cache
def _enumeration() -> tuple[Architecture, ...]:
    """Enumerate node by node, as the benchmark does: later nodes vary fastest."""
    return tuple(Architecture(operations) for operations in itertools.product(OPERATIONS, repeat=len(EDGES)))


@cache
def _all_in_index_order() -> tuple[Architecture, ...]:
    architectures = list(_enumeration())
    random.Random(_INDEX_SEED).shuffle(architectures)
    return tuple(architectures)


@cache
def _index() -> dict[Architecture, int]:
    return {architecture: index for index, architecture in enumerate(_all_in_index_order())}


@cache
def _representatives(level: Level) -> dict[Architecture, Architecture]:
    texts, best = {architecture: canonical(architecture, level) for architecture in _enumeration()}, {}
    for architecture in sorted(texts, key=lambda a: -operation_counts(a)["none"]):
        best.setdefault(texts[architecture], architecture)
    return {architecture: best[text] for architecture, text in texts.items()}
