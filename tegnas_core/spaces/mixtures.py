"""Supernets as plain, frozen values: the operations that are still possible on every edge.

A supernet is a mixture of architectures: each edge adds up all of its operations, with equal shares. Which module
an operation becomes is the affair of `networks.supernets`.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import singledispatch
from typing import Generic, Self

import numpy as np

from tegnas_core.errors import TegnasError
from tegnas_core.spaces.architecture import OPERATIONS
from tegnas_core.spaces.base import A, FactorisedSpace
from tegnas_core.spaces.darts import Darts
from tegnas_core.spaces.darts_edges import CELLS, EDGES, rows_of
from tegnas_core.spaces.genotype import N_NODES, Genotype
from tegnas_core.spaces.genotype import OPERATIONS as DARTS_OPERATIONS
from tegnas_core.spaces.nasbench201 import NASBench201

_REMOVED = "-"


@dataclass(frozen=True, order=True)
class Mixture:
    """A supernet: for each edge (or decision) of a space the options that are still possible.

    Attributes:
        active: For each edge the numbers of its options, ascending. An edge without any is removed altogether,
            which the second phase of pruning a DARTS cell does.

    Raises:
        TegnasError: When there is no edge, or options are negative, unsorted or there twice.
    """

    active: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        if not self.active:
            raise TegnasError("a supernet needs at least one edge")
        for edge, options in enumerate(self.active):
            if list(options) != sorted(set(options)) or (options and options[0] < 0):
                raise TegnasError(f"options of an edge are ascending numbers from 0, got {options} on edge {edge}")

    def __str__(self) -> str:
        """Print the options joined by plus, the edges by a bar, ``1+3|2|-``; a dash is a removed edge."""
        return "|".join("+".join(map(str, options)) or _REMOVED for options in self.active)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a supernet; the inverse of ``str``.

        Raises:
            TegnasError: When the text is no such string.
        """
        edges = [edge.strip() for edge in text.split("|")]
        try:
            active = tuple(
                () if edge == _REMOVED else tuple(int(option) for option in edge.split("+")) for edge in edges
            )
        except ValueError:
            raise TegnasError(f"a supernet is written as in 1+3|2|-, got {text[:80]!r}") from None
        return cls(active)

    @property
    def is_single(self) -> bool:
        """Whether no edge has a choice left: the supernet is one architecture."""
        return all(len(options) <= 1 for options in self.active)

    @property
    def entropy(self) -> float:
        """Return ln of the number of architectures in it: the entropy in nats of the uniform draw of one."""
        return sum(math.log(len(options)) for options in self.active if options)

    def without(self, edge: int, option: int) -> Self:
        """Return the supernet that lacks one option of one edge; without its last one the edge is removed.

        Raises:
            TegnasError: When the edge has no such option.
        """
        if not 0 <= edge < len(self.active) or option not in self.active[edge]:
            raise TegnasError(f"edge {edge} of the supernet {self} has no option {option}")
        left = tuple(other for other in self.active[edge] if other != option)
        return type(self)((*self.active[:edge], left, *self.active[edge + 1 :]))


@dataclass(frozen=True)
class Supernet(Generic[A]):
    """What pruning has to know of a space.

    Attributes:
        start: The mixture of everything but ``none``.
        n_pruned: How many options an edge loses a round.
        groups: Edges of which only `kept` may stay, as those into a node of a DARTS cell; none in most spaces.
        kept: How many of a group stay.
        compose: From a mixture without any choice left to its architecture.
    """

    start: Mixture
    n_pruned: int
    groups: tuple[tuple[int, ...], ...]
    kept: int
    compose: Callable[[Mixture], A]


@singledispatch
def supernet_of(space: FactorisedSpace[A]) -> Supernet[A]:
    """Return the supernet of a space: of one with independent decisions, every option of every decision.

    ``none`` is left out where a space has it: 4 operations on 6 edges of NAS-Bench-201, 7 on 2 × 14 of DARTS, with
    the normal cell before the reduction cell. An edge loses 1 a round, on DARTS 3 (CIFAR-10; 2 for ImageNet).
    Source: Chen, Gong & Wang, TE-NAS (ICLR 2021), and its released code.
    """
    return _factorised(space, first=0)


@supernet_of.register
def _(space: NASBench201) -> Supernet:
    return _factorised(space, first=OPERATIONS.index("none") + 1)


@supernet_of.register
def _(space: Darts) -> Supernet:
    options = tuple(range(DARTS_OPERATIONS.index("none") + 1, len(DARTS_OPERATIONS)))
    groups = tuple(
        tuple(cell * len(EDGES) + row for row in rows_of(node))
        for cell in range(len(CELLS))
        for node in range(N_NODES)
    )
    return Supernet(Mixture((options,) * (len(CELLS) * len(EDGES))), 3, groups, 2, _genotype)


def _factorised(space: FactorisedSpace[A], *, first: int) -> Supernet[A]:
    start = Mixture(tuple(tuple(range(first, n)) for n in space.choices))
    return Supernet(start, 1, (), 0, lambda mixture: space.compose([options[0] for options in mixture.active]))


def _genotype(mixture: Mixture) -> Genotype:
    """Return the genotype of a mixture with one operation on two edges a node."""
    edges = np.array([bool(options) for options in mixture.active]).reshape(len(CELLS), len(EDGES))
    operations = np.array([options[0] if options else 0 for options in mixture.active]).reshape(edges.shape)
    kept: Sequence = [[[row for row in rows_of(node) if cell[row]] for node in range(N_NODES)] for cell in edges]
    return Darts.from_edges(np.array(kept), operations)
