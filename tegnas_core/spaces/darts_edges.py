"""A genotype seen as edges, which is how arrays hold it, and seen as nodes, which is how it mutates.

Node i of 0 … 3 may read the i + 2 earlier states, so a cell has 2 + 3 + 4 + 5 = 14 possible edges. Arrays hold the
normal cell before the reduction cell, and one row for each edge, sorted by node and then by source: 0←0, 0←1, 1←0,
… 3←4. Source: Liu, Simonyan & Yang, DARTS (ICLR 2019), Section 2.
"""

from collections.abc import Sequence
from functools import cache
from itertools import combinations, combinations_with_replacement, product

import numpy as np

from tegnas_core.errors import TegnasError
from tegnas_core.spaces.genotype import N_INPUTS, N_NODES, OPERATIONS, Cell, Genotype, Pair

CELLS = ("normal", "reduce")
EDGES = tuple((source, node) for node in range(N_NODES) for source in range(node + N_INPUTS))  # (source, node)
NONE = OPERATIONS.index("none")

Node = tuple[Pair, Pair]
Slot = tuple[int, int]  # the place of a pair: its cell, 0 or 1, and its number in the cell, 0 … 7

_FIRST = tuple(EDGES.index((0, node)) for node in range(N_NODES))  # a node's first row: 0, 2, 5, 9
_ROW = {pair: row for row, pair in enumerate(EDGES)}


def edge(node: int, source: int) -> int:
    """Return the row, 0 … 13, of the edge from state `source` to node `node`, 0 … 3.

    Raises:
        TegnasError: When there is no such edge.
    """
    if (source, node) not in _ROW:
        raise TegnasError(
            f"no edge from state {source} to node {node}: node i of 0 … 3 reads the states 0 … i + 1"
        )
    return _ROW[source, node]


def rows_of(node: int) -> range:
    """Return the rows of the edges that a node may read: 0–1, 2–4, 5–8, 9–13 for the nodes 0 … 3."""
    return range(_FIRST[node], _FIRST[node] + node + N_INPUTS)


def two_largest(weights: np.ndarray, node: int) -> tuple[int, int]:
    """Return the rows of a node's two edges with the largest weights; among equal weights the first edge wins.

    Args:
        weights: One weight for each edge of a cell, shape (14,).
        node: Number of the node, 0 … 3.
    """
    first, second = sorted(rows_of(node), key=lambda row: -weights[row])[:2]  # sorted is stable
    return first, second


def edges_of(pairs: Sequence[Pair]) -> dict[tuple[int, int], str]:
    """Return the operation, which may be ``none``, on each edge of a cell that has no edge twice.

    An edge is written (source, target). Both are states of the cell, of which 0 and 1 are inputs and 2 … 5 nodes.
    """
    return {(source, N_INPUTS + index // 2): operation for index, (operation, source) in enumerate(pairs)}


def derive(probabilities: np.ndarray) -> Genotype:
    """Return the genotype that a distribution over the operations of every edge stands for.

    Every edge takes its most probable operation other than ``none``. A node then keeps the two edges whose
    operations have the largest probabilities. Among equal ones the first edge and the first operation win.

    Args:
        probabilities: Shape (2, 14, 8): normal and reduction cell, edges, operations.

    Raises:
        TegnasError: When the shape is a different one or a value is not finite.

    Source: DARTS (ICLR 2019), Section 2.4, and the released code.
    """
    values = _checked(probabilities, (len(CELLS), len(EDGES), len(OPERATIONS)), "probabilities").astype(float)
    values[..., NONE] = -np.inf
    strongest, best = values.max(-1), values.argmax(-1)
    chosen = [[two_largest(strongest[cell], node) for node in range(N_NODES)] for cell in range(len(CELLS))]
    return from_edges(np.sort(chosen), best)


def from_edges(edges: np.ndarray, operations: np.ndarray) -> Genotype:
    """Return the genotype in which each node keeps two edges of cells with an operation on every edge.

    Args:
        edges: Rows of `EDGES`, shape (2, 4, 2): the two edges that each of the four nodes of each cell keeps.
        operations: Indices into `OPERATIONS`, shape (2, 14); those on edges that are not kept have no effect.

    Raises:
        TegnasError: When a shape is a different one, or an edge does not lead to its node.
    """
    edges = _checked(edges, (len(CELLS), N_NODES, 2), "edges").astype(int)
    operations = _checked(operations, (len(CELLS), len(EDGES)), "operations").astype(int)
    if operations.min() < 0 or operations.max() >= len(OPERATIONS):
        raise TegnasError(f"operations are indices 0 … {len(OPERATIONS) - 1}")
    return Genotype(*(_cell(rows, of) for rows, of in zip(edges, operations, strict=True)))


def ops_on_edges(genotype: Genotype) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the operation on each of the 14 edges of the normal and of the reduction cell.

    Unused edges have ``none``. A node that reads the same source twice is first changed as in
    `resolve_duplicates`.
    """
    cells = []
    for pairs in _cells(resolve_duplicates(genotype)):
        operations = ["none"] * len(EDGES)
        for index, (operation, source) in enumerate(pairs):
            operations[edge(index // 2, source)] = operation
        cells.append(tuple(operations))
    return cells[0], cells[1]


def one_hot(genotype: Genotype) -> np.ndarray:
    """Return an array of shape (2, 14, 8) with a one where a kept edge has its operation and zeros elsewhere."""
    code = np.zeros((len(CELLS), len(EDGES), len(OPERATIONS)))
    for cell, pairs in enumerate(_cells(genotype)):
        for index, (operation, source) in enumerate(pairs):
            code[cell, edge(index // 2, source), OPERATIONS.index(operation)] = 1
    return code


def resolve_duplicates(genotype: Genotype) -> Genotype:
    """Return the genotype that the released code evaluates when a node reads the same source twice.

    Of the two operations only the one with the lower index stays, and the node's other pair becomes ``none`` on
    the first other source. A genotype without such nodes is returned unchanged.

    Source: the mask in the reward generator of the released code.
    """
    cells = []
    for pairs in _cells(genotype):
        nodes = (_resolved(pairs[i], pairs[i + 1]) for i in range(0, len(pairs), 2))
        cells.append(tuple(pair for node in nodes for pair in node))
    return Genotype(*cells)


@cache
def possible_nodes(node: int, operations: tuple[str, ...], duplicates: bool) -> tuple[Node, ...]:
    """Return every way in which a node can read its two states, with its pairs sorted by source."""
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
    """Return the cell that these four nodes make."""
    return tuple(pair for node in nodes for pair in node)


def nodes_of(genotype: Genotype) -> list[Node]:
    """Return the eight nodes of a genotype, beginning with those of the normal cell."""
    pairs = genotype.normal + genotype.reduce
    return [(pairs[i], pairs[i + 1]) for i in range(0, len(pairs), 2)]


def replaced(genotype: Genotype, slot: Slot, pair: Pair) -> Genotype:
    """Return the genotype with a different pair in one place."""
    cells = [genotype.normal, genotype.reduce]
    cell, index = slot
    cells[cell] = (*cells[cell][:index], pair, *cells[cell][index + 1 :])
    return Genotype(*cells)


def node_distance(first: Node, second: Node) -> int:
    """Count the operations and sources in which two nodes differ when their pairs are matched best, 0 … 4."""
    straight = _pair_distance(first[0], second[0]) + _pair_distance(first[1], second[1])
    crossed = _pair_distance(first[0], second[1]) + _pair_distance(first[1], second[0])
    return min(straight, crossed)


def _resolved(first: Pair, second: Pair) -> tuple[Pair, Pair]:
    if first[1] != second[1]:
        return first, second
    source = first[1]
    return min(first, second, key=lambda pair: OPERATIONS.index(pair[0])), ("none", 1 if source == 0 else 0)


def _pair_distance(first: Pair, second: Pair) -> int:
    return (first[0] != second[0]) + (first[1] != second[1])


def _cells(genotype: Genotype) -> tuple[Cell, Cell]:
    return genotype.normal, genotype.reduce


def _cell(rows: np.ndarray, operations: np.ndarray) -> Cell:
    pairs = []
    for node, kept in enumerate(rows.tolist()):
        for row in kept:
            if row not in rows_of(node):
                raise TegnasError(
                    f"edge {row} does not lead to node {node}, whose edges are {list(rows_of(node))}"
                )
            pairs.append((OPERATIONS[operations[row]], row - _FIRST[node]))
    return tuple(pairs)


def _checked(values: np.ndarray, shape: tuple[int, ...], name: str) -> np.ndarray:
    array = np.asarray(values)
    if array.shape != shape or not np.issubdtype(array.dtype, np.number) or not np.isfinite(array).all():
        raise TegnasError(f"{name} need finite numbers of shape {shape}, got shape {array.shape}")
    return array
