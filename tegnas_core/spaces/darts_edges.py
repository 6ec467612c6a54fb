"""The edges of a DARTS cell in the order of every array, and the ways between arrays and genotypes.

Node i of 0 … 3 may read the i + 2 earlier states, so a cell has 2 + 3 + 4 + 5 = 14 possible edges. Arrays hold the
normal cell before the reduction cell and one row an edge, sorted by node and then by source: 0←0, 0←1, 1←0, … 3←4.
Source: Liu, Simonyan & Yang, DARTS (ICLR 2019), Section 2.
"""

from collections.abc import Sequence

import numpy as np

from tegnas_core.errors import TegnasError
from tegnas_core.spaces.genotype import N_INPUTS, N_NODES, OPERATIONS, Cell, Genotype, Pair

CELLS = ("normal", "reduce")
EDGES = tuple((source, node) for node in range(N_NODES) for source in range(node + N_INPUTS))  # (source, node)
NONE = OPERATIONS.index("none")

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
    """Return the rows of a node's two edges with the largest weights, shape (14,); among equals the first wins."""
    first, second = sorted(rows_of(node), key=lambda row: -weights[row])[:2]  # sorted is stable
    return first, second


def edges_of(pairs: Sequence[Pair]) -> dict[tuple[int, int], str]:
    """Return the operation, ``none`` too, on each edge of a cell without doubled edges.

    An edge is (source, target), both states of the cell: 0 and 1 are its inputs, 2 … 5 its nodes.
    """
    return {(source, N_INPUTS + index // 2): operation for index, (operation, source) in enumerate(pairs)}


def derive(probabilities: np.ndarray) -> Genotype:
    """Read the genotype that a distribution over the operations of every edge stands for.

    A node keeps the two edges on which the most probable operation other than ``none`` is the most probable; on
    each of them stands that operation. Among equals the first edge and the first operation win.

    Args:
        probabilities: Shape (2, 14, 8): normal and reduction cell, edges, operations.

    Raises:
        TegnasError: When the shape is another one or a value is not finite.

    Source: DARTS (ICLR 2019), Section 2.4, and the released code.
    """
    values = _checked(probabilities, (len(CELLS), len(EDGES), len(OPERATIONS)), "probabilities").astype(float)
    values[..., NONE] = -np.inf
    strongest, best = values.max(-1), values.argmax(-1)
    chosen = [[two_largest(strongest[cell], node) for node in range(N_NODES)] for cell in range(len(CELLS))]
    return from_edges(np.sort(chosen), best)


def from_edges(edges: np.ndarray, operations: np.ndarray) -> Genotype:
    """Return the genotype that keeps two edges a node out of a cell with an operation on every edge.

    Args:
        edges: Rows of `EDGES`, shape (2, 4, 2): of each cell's four nodes, the two edges it keeps.
        operations: Indices into `OPERATIONS`, shape (2, 14); those on edges not kept play no role.

    Raises:
        TegnasError: When a shape is another one, or an edge does not lead to its node.
    """
    edges = _checked(edges, (len(CELLS), N_NODES, 2), "edges").astype(int)
    operations = _checked(operations, (len(CELLS), len(EDGES)), "operations").astype(int)
    if operations.min() < 0 or operations.max() >= len(OPERATIONS):
        raise TegnasError(f"operations are indices 0 … {len(OPERATIONS) - 1}")
    return Genotype(*(_cell(rows, of) for rows, of in zip(edges, operations, strict=True)))


def ops_on_edges(genotype: Genotype) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the operation on each of the 14 edges of the normal and of the reduction cell, ``none`` where unused.

    A node that reads the same source twice is taken as in `resolve_duplicates`.
    """
    cells = []
    for pairs in _cells(resolve_duplicates(genotype)):
        operations = ["none"] * len(EDGES)
        for index, (operation, source) in enumerate(pairs):
            operations[edge(index // 2, source)] = operation
        cells.append(tuple(operations))
    return cells[0], cells[1]


def one_hot(genotype: Genotype) -> np.ndarray:
    """Return ones where a kept edge has its operation and zeros elsewhere, shape (2, 14, 8)."""
    code = np.zeros((len(CELLS), len(EDGES), len(OPERATIONS)))
    for cell, pairs in enumerate(_cells(genotype)):
        for index, (operation, source) in enumerate(pairs):
            code[cell, edge(index // 2, source), OPERATIONS.index(operation)] = 1
    return code


def resolve_duplicates(genotype: Genotype) -> Genotype:
    """Return what the released code evaluates where a node reads the same source twice.

    Of the two operations only the one with the lower index stays; the node's other pair becomes ``none`` on the
    first other source. A genotype without such nodes is returned as it is.

    Source: released code, the mask of the reward generator.
    """
    cells = []
    for pairs in _cells(genotype):
        nodes = (_resolved(pairs[i], pairs[i + 1]) for i in range(0, len(pairs), 2))
        cells.append(tuple(pair for node in nodes for pair in node))
    return Genotype(*cells)


def _resolved(first: Pair, second: Pair) -> tuple[Pair, Pair]:
    if first[1] != second[1]:
        return first, second
    source = first[1]
    return min(first, second, key=lambda pair: OPERATIONS.index(pair[0])), ("none", 1 if source == 0 else 0)


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
