"""A genotype as eight nodes of two pairs (operation, source): what a node can be, and how far apart two are."""

from collections.abc import Sequence
from functools import cache
from itertools import combinations, combinations_with_replacement, product

from tegnas_core.spaces.darts_edges import CELLS
from tegnas_core.spaces.genotype import N_INPUTS, N_NODES, Cell, Genotype, Pair

Node = tuple[Pair, Pair]
Slot = tuple[int, int]  # (cell, pair): 0 or 1, 0 … 7


@cache
def possible_nodes(node: int, operations: tuple[str, ...], duplicates: bool) -> tuple[Node, ...]:
    """Return every way in which a node can read its two states, its pairs sorted by source."""
    sources = range(node + N_INPUTS)
    different = [
        ((first, low), (second, high))
        for low, high in combinations(sources, 2)
        for first, second in product(operations, repeat=2)
    ]
    same = [
        ((first, source), (second, source))
        for source in sources
        for first, second in combinations_with_replacement(operations, 2)
    ]
    return tuple(different + same * duplicates)


def slots() -> list[Slot]:
    """Return the places of the 16 pairs of a genotype."""
    return [(cell, index) for cell in range(len(CELLS)) for index in range(2 * N_NODES)]


def joined(nodes: Sequence[Node]) -> Cell:
    """Return the cell of four nodes."""
    return tuple(pair for node in nodes for pair in node)


def nodes_of(genotype: Genotype) -> list[Node]:
    """Return the eight nodes, those of the normal cell first."""
    pairs = genotype.normal + genotype.reduce
    return [(pairs[i], pairs[i + 1]) for i in range(0, len(pairs), 2)]


def replaced(genotype: Genotype, slot: Slot, pair: Pair) -> Genotype:
    """Return the genotype with another pair in one place."""
    cells = [genotype.normal, genotype.reduce]
    cell, index = slot
    cells[cell] = (*cells[cell][:index], pair, *cells[cell][index + 1 :])
    return Genotype(*cells)


def node_distance(first: Node, second: Node) -> int:
    """Return the cost of the cheaper matching of two nodes' pairs, 0 … 4: differing operations and sources."""
    straight = _pair_distance(first[0], second[0]) + _pair_distance(first[1], second[1])
    crossed = _pair_distance(first[0], second[1]) + _pair_distance(first[1], second[0])
    return min(straight, crossed)


def _pair_distance(first: Pair, second: Pair) -> int:
    return (first[0] != second[0]) + (first[1] != second[1])
