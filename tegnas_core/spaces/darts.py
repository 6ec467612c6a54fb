"""The DARTS space: about 10¹⁸ pairs of cells, their neighbourhood and their metric."""

import math
from typing import Literal, Self

import numpy as np

from tegnas_core.errors import TegnasError, quoted
from tegnas_core.spaces import darts_edges
from tegnas_core.spaces.darts_edges import (
    CELLS,
    EDGES,
    Node,
    Slot,
    joined,
    node_distance,
    nodes_of,
    possible_nodes,
    replaced,
    slots,
)
from tegnas_core.spaces.genotype import N_INPUTS, N_NODES, OPERATIONS, Genotype, Pair
from tegnas_core.spaces.named_genotypes import parse_genotype

LARGEST_SAMPLE = 10_000_000  # genotypes drawn at once; more would not fit in memory


class Darts:
    """Two cells of four nodes, each of which reads two earlier states through one of seven operations.

    The default is the space of the paper, (1·3·6·10 · 7⁸)² = 1.08·10¹⁸ genotypes: the two sources of a node differ
    and no operation is ``none``. A decision is the source or the operation of one pair, so a genotype has 32.

    >>> space = Darts()
    >>> f"{space.n_genotypes:.2e}"
    '1.08e+18'
    >>> genotype = space.sample(np.random.default_rng(0))
    >>> len(space.neighbours(genotype)), space.encode(genotype).shape
    (120, (224,))

    Args:
        mutation: How `mutate` finds a neighbour. "teg" tosses a fair coin to say whether a source or an operation
            changes, draws the pair uniformly among those that can change, and the new value uniformly among those
            that keep the genotype in the space. "released" does as the released code: it tosses the same coin and
            draws cell, node and pair uniformly; an operation becomes another one, but a source becomes any earlier
            state, so that the child may equal its parent. A child outside the space is drawn again.
        identity_prob: Probability that `mutate` returns its parent: 0.05 in Real et al. (AAAI 2019), and 0 here
            and in the released code.
        none: Whether the operation ``none`` is allowed; the mutation of the released code may bring it in.
        duplicates: "reject" means that the two sources of a node differ. With "released" they may be the same, and
            `ops_on_edges` resolves it as the released code does, to one operation and one ``none``.
        sampling: "uniform" draws uniformly from the genotypes of the space. "weights" does as the released code:
            it draws uniform random numbers of shape (14, 8) for each cell and sends them through softmax and the
            deriving rule.

    Raises:
        TegnasError: When an option has an unknown value.
    """

    name = "darts"
    edge = staticmethod(darts_edges.edge)
    derive = staticmethod(darts_edges.derive)
    from_edges = staticmethod(darts_edges.from_edges)
    ops_on_edges = staticmethod(darts_edges.ops_on_edges)

    def __init__(
        self,
        *,
        mutation: Literal["teg", "released"] = "teg",
        identity_prob: float = 0.0,
        none: bool = False,
        duplicates: Literal["reject", "released"] = "reject",
        sampling: Literal["uniform", "weights"] = "uniform",
    ) -> None:
        _check_option("mutation", mutation, ("teg", "released"))
        _check_option("duplicates", duplicates, ("reject", "released"))
        _check_option("sampling", sampling, ("uniform", "weights"))
        if not 0 <= identity_prob <= 1:
            raise TegnasError(f"identity_prob must be between 0 and 1, not {identity_prob}")
        self.mutation = mutation
        self.identity_prob = identity_prob
        self.none = none
        self.duplicates = duplicates
        self.sampling = sampling

    @classmethod
    def released(cls) -> Self:
        """Return the space of the released code, with its mutation, its sampling, ``none`` and duplicates."""
        return cls(mutation="released", none=True, duplicates="released", sampling="weights")

    @property
    def operations(self) -> tuple[str, ...]:
        """The operations that an edge may have, in index order."""
        return OPERATIONS if self.none else OPERATIONS[1:]

    @property
    def n_genotypes(self) -> int:
        """The exact number of different genotypes in the space."""
        return math.prod(len(self._nodes(node)) for node in range(N_NODES)) ** len(CELLS)

    def parse(self, text: str) -> Genotype:
        """Read a genotype by its name in the literature or in the usual notation.

        Raises:
            TegnasError: When the text is neither of these, or the space does not contain the genotype.
        """
        genotype = parse_genotype(text)
        self._check(genotype)
        return genotype

    def sample(self, rng: np.random.Generator) -> Genotype:
        """Draw one genotype by the rule `sampling`, with the pairs of a node sorted by source."""
        if self.sampling == "weights":
            weights = np.exp(rng.random((len(CELLS), len(EDGES), len(OPERATIONS))))
            return self.derive(weights / weights.sum(-1, keepdims=True))
        choices = [self._nodes(node) for node in range(N_NODES)]
        drawn = [[choice[int(rng.integers(len(choice)))] for choice in choices] for _ in CELLS]
        return Genotype(*(joined(nodes) for nodes in drawn))

    def sample_many(self, n: int, *, seed: int) -> tuple[Genotype, ...]:
        """Draw n different genotypes; a smaller sample with the same seed is a prefix of a larger one.

        Raises:
            TegnasError: When n is not between 0 and 10,000,000.
        """
        if not 0 <= n <= LARGEST_SAMPLE:
            raise TegnasError(f"cannot sample {n:,} genotypes, only 0 … {LARGEST_SAMPLE:,} at once")
        rng = np.random.default_rng(seed)
        drawn: dict[Genotype, None] = {}  # a set that keeps the order
        while len(drawn) < n:
            drawn.setdefault(self.sample(rng))
        return tuple(drawn)

    def mutate(self, genotype: Genotype, rng: np.random.Generator) -> Genotype:
        """Change one decision by the rule `mutation`; with probability `identity_prob` return the parent.

        Raises:
            TegnasError: When the space does not contain the parent.
        """
        self._check(genotype)
        if self.identity_prob and rng.random() < self.identity_prob:
            return genotype
        if self.mutation == "teg":
            moves = self._source_moves if rng.integers(2) == 0 else self._operation_moves
            movable = [slot for slot in slots() if moves(genotype, slot)]
            slot = movable[int(rng.integers(len(movable)))]
            options = moves(genotype, slot)
            return replaced(genotype, slot, options[int(rng.integers(len(options)))])
        child = None
        while child is None or not self.contains(child):
            child = self._released_child(genotype, rng)
        return child

    def neighbours(self, genotype: Genotype) -> tuple[Genotype, ...]:
        """Return all genotypes of the space that differ in one decision: 120 of them with the default options."""
        return tuple(
            dict.fromkeys(
                replaced(genotype, slot, pair)
                for slot in slots()
                for pair in (*self._source_moves(genotype, slot), *self._operation_moves(genotype, slot))
            )
        )

    def distance(self, first: Genotype, second: Genotype) -> int:
        """Return how many decisions must change to turn one genotype into the other.

        Two pairs differ in 0, 1 or 2 decisions, namely their operation and their source. The order of the pairs of
        a node has no meaning, so each node counts the cheaper of the two ways to match its pairs with the other's.
        As a cheapest matching under the Hamming distance this is a metric. When the sources of every node differ,
        it is at most 26.
        """
        return sum(node_distance(a, b) for a, b in zip(nodes_of(first), nodes_of(second), strict=True))

    def pairs_apart(self, first: Genotype, second: Genotype) -> int:
        """Count the pairs (operation, source) that the same node of the other genotype does not have, 0 … 16.

        The released code uses this to measure how different the members of a population are. It is not symmetric
        when a node reads the same source twice through the same operation.
        """
        nodes = zip(nodes_of(first), nodes_of(second), strict=True)
        return sum(pair not in b for a, b in nodes for pair in a)

    def contains(self, genotype: object) -> bool:
        """Say whether the value is a genotype of this space."""
        return isinstance(genotype, Genotype) and not self._complaint(genotype)

    def encode(self, genotype: Genotype) -> np.ndarray:
        """Return the one-hot encoding, shape (224,): 2 cells × 14 edges × 8 operations, zero on unused edges."""
        return darts_edges.one_hot(genotype).ravel()

    def _check(self, genotype: Genotype) -> None:
        if complaint := self._complaint(genotype):
            raise TegnasError(complaint)

    def _complaint(self, genotype: Genotype) -> str:
        """Say why the space does not contain a genotype; the text is empty when it does."""
        for index, (first, second) in enumerate(nodes_of(genotype)):
            where = f"node {index % N_NODES} of the {CELLS[index // N_NODES]} cell"
            if not self.none and "none" in (first[0], second[0]):
                return f"{where} uses none, which the space does not contain; Darts(none=True) does"
            if self.duplicates == "reject" and first[1] == second[1]:
                return f"{where} reads state {first[1]} twice; Darts(duplicates='released') contains that"
        return ""

    def _nodes(self, node: int) -> tuple[Node, ...]:
        return possible_nodes(node, self.operations, self.duplicates == "released")

    def _source_moves(self, genotype: Genotype, slot: Slot) -> list[Pair]:
        """Return what a pair can become when only its source changes."""
        cell, index = slot
        pairs = (genotype.normal, genotype.reduce)[cell]
        operation, source = pairs[index]
        taken = {source} if self.duplicates == "released" else {source, pairs[index ^ 1][1]}
        return [(operation, other) for other in range(index // 2 + N_INPUTS) if other not in taken]

    def _operation_moves(self, genotype: Genotype, slot: Slot) -> list[Pair]:
        """Return what a pair can become when only its operation changes."""
        cell, index = slot
        operation, source = (genotype.normal, genotype.reduce)[cell][index]
        return [(other, source) for other in self.operations if other != operation]

    def _released_child(self, genotype: Genotype, rng: np.random.Generator) -> Genotype:
        source_moves = rng.integers(2) == 0
        slot = int(rng.integers(len(CELLS))), int(rng.integers(2 * N_NODES))
        if source_moves:
            operation, _ = (genotype.normal, genotype.reduce)[slot[0]][slot[1]]
            return replaced(genotype, slot, (operation, int(rng.integers(slot[1] // 2 + N_INPUTS))))
        options = self._operation_moves(genotype, slot)
        return replaced(genotype, slot, options[int(rng.integers(len(options)))])


def _check_option(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise TegnasError(f"{name} must be one of {', '.join(known)}, not {quoted(value)}")
