"""Mixtures of architectures as plain, frozen values: the operations that are still possible on every edge.

The network of a mixture is a supernet, in which each edge adds up all of its operations with equal shares.
`networks.supernets` builds it.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import singledispatch
from typing import Generic, Self

import numpy as np

from tegnas_core.errors import TegnasError, quoted
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
    """For each edge (or decision) of a space the options that are still possible.

    >>> mixture = Mixture(((1, 3), (2,)))
    >>> str(mixture), mixture.is_single
    ('1+3|2', False)
    >>> str(mixture.without(0, 1)), mixture.without(0, 1).is_single
    ('3|2', True)

    Attributes:
        active: The numbers of the options of each edge, in ascending order. An edge without options has been
            removed altogether, as happens in the second phase of pruning a DARTS cell.

    Raises:
        TegnasError: When there is no edge, or the options of an edge are negative, unsorted or not unique.
    """

    active: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        if not self.active:
            raise TegnasError("a mixture needs at least one edge")
        for edge, options in enumerate(self.active):
            if list(options) != sorted(set(options)) or (options and options[0] < 0):
                found = ", ".join(map(str, options))
                raise TegnasError(f"options of an edge are ascending numbers from 0, got {found} on edge {edge}")

    def __str__(self) -> str:
        """Print options joined by plus signs and edges joined by bars, ``1+3|2|-``; a dash is a removed edge."""
        return "|".join("+".join(map(str, options)) or _REMOVED for options in self.active)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what ``str`` prints.

        Raises:
            TegnasError: When the text is not such a string.
        """
        edges = [edge.strip() for edge in text.split("|")]
        try:
            active = tuple(
                () if edge == _REMOVED else tuple(int(option) for option in edge.split("+")) for edge in edges
            )
        except ValueError:
            raise TegnasError(f"a mixture is written as in 1+3|2|-, got {quoted(text)}") from None
        return cls(active)

    @property
    def is_single(self) -> bool:
        """Whether no edge has a choice left, so that the mixture is one architecture."""
        return all(len(options) <= 1 for options in self.active)

    @property
    def entropy(self) -> float:
        """The entropy in nats of a uniform draw, ln of the number of architectures in the mixture."""
        return sum(math.log(len(options)) for options in self.active if options)

    def without(self, edge: int, option: int) -> Self:
        """Return the mixture without one option of one edge; an edge that loses its last option is removed.

        Raises:
            TegnasError: When the edge does not have this option.
        """
        if not 0 <= edge < len(self.active) or option not in self.active[edge]:
            raise TegnasError(f"edge {edge} of the mixture {self} has no option {option}")
        left = tuple(other for other in self.active[edge] if other != option)
        return type(self)((*self.active[:edge], left, *self.active[edge + 1 :]))


@dataclass(frozen=True)
class PruningRules(Generic[A]):
    """How the mixture of a whole space is pruned to one of its architectures.

    Attributes:
        start: The mixture of everything but ``none``.
        n_pruned: How many options each edge loses in a round.
        groups: Groups of edges of which only `kept` may stay, such as the edges into a node of a DARTS cell; most
            spaces have none.
        kept: How many edges of a group stay.
        compose: Turns a mixture without any choice left into its architecture.
    """

    start: Mixture
    n_pruned: int
    groups: tuple[tuple[int, ...], ...]
    kept: int
    compose: Callable[[Mixture], A]


@singledispatch
def pruning_rules(space: FactorisedSpace[A]) -> PruningRules[A]:
    """Return how a space is pruned; it starts with every option of every decision except ``none``.

    That makes 4 operations on the 6 edges of NAS-Bench-201, and 7 on the 2 × 14 edges of DARTS, where the normal
    cell comes before the reduction cell. An edge loses 1 option in a round, and 3 on DARTS (TE-NAS takes 3 for
    CIFAR-10 and 2 for ImageNet). Source: Chen, Gong & Wang, TE-NAS (ICLR 2021), and its released code.

    >>> from tegnas_core.spaces import Toy
    >>> str(pruning_rules(Toy(3)).start)
    '0+1|0+1|0+1'
    """
    return _factorised(space, first=0)


@pruning_rules.register
def _(space: NASBench201) -> PruningRules:
    return _factorised(space, first=OPERATIONS.index("none") + 1)


@pruning_rules.register
def _(space: Darts) -> PruningRules:
    options = tuple(range(DARTS_OPERATIONS.index("none") + 1, len(DARTS_OPERATIONS)))
    groups = tuple(
        tuple(cell * len(EDGES) + row for row in rows_of(node))
        for cell in range(len(CELLS))
        for node in range(N_NODES)
    )
    return PruningRules(Mixture((options,) * (len(CELLS) * len(EDGES))), 3, groups, 2, _genotype)


def _factorised(space: FactorisedSpace[A], *, first: int) -> PruningRules[A]:
    start = Mixture(tuple(tuple(range(first, n)) for n in space.choices))
    return PruningRules(start, 1, (), 0, lambda mixture: space.compose([options[0] for options in mixture.active]))


def _genotype(mixture: Mixture) -> Genotype:
    """Return the genotype of a mixture that has one operation on two edges of each node."""
    edges = np.array([bool(options) for options in mixture.active]).reshape(len(CELLS), len(EDGES))
    operations = np.array([options[0] if options else 0 for options in mixture.active]).reshape(edges.shape)
    kept: Sequence = [[[row for row in rows_of(node) if cell[row]] for node in range(N_NODES)] for cell in edges]
    return Darts.from_edges(np.array(kept), operations)
