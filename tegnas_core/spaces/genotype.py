"""Genotypes of the DARTS space as plain, frozen values, and the notation in which the literature prints them.

A genotype is a normal and a reduction cell. A cell has two inputs, state 0 (the output of cell k-2) and state 1
(of cell k-1), and four nodes, states 2 … 5; each node adds up two edges from earlier states, and the output of the
cell is the four nodes stacked. Source: Liu, Simonyan & Yang, DARTS (ICLR 2019); paper Section 5.4.
"""

from dataclasses import dataclass
from typing import Self

from tegnas_core.errors import TegnasError
from tegnas_core.spaces.genotype_notation import FIELDS, read_fields, shorten

OPERATIONS = (
    "none",
    "skip_connect",
    "sep_conv_3x3",
    "sep_conv_5x5",
    "dil_conv_3x3",
    "dil_conv_5x5",
    "avg_pool_3x3",
    "max_pool_3x3",
)
N_INPUTS = 2  # states 0 and 1
N_NODES = 4  # states 2 … 5
N_PAIRS = 2 * N_NODES  # a node reads two states

CONCAT = tuple(range(N_INPUTS, N_INPUTS + N_NODES))

Pair = tuple[str, int]  # (operation, source state)
Cell = tuple[Pair, ...]  # eight pairs, two a node, in node order


@dataclass(frozen=True, eq=False)
class Genotype:
    """One architecture of the DARTS space: what each node of the normal and of the reduction cell reads, and how.

    A node adds its two pairs up, so their order means nothing: it is kept for printing, but genotypes that differ
    in it only are equal. What is not a proper member of the space but occurs in the literature is representable:
    the operation ``none``, and the same source twice in one node (the evolution of the released code makes both).
    `spaces.Darts` says whether it contains them.

    Attributes:
        normal: Eight pairs (operation, source) of the normal cell, two a node in node order; the source is 0 or 1
            for the outputs of cells k-2 and k-1, and 2 … for earlier nodes.
        reduce: The same of the reduction cell.
        normal_concat: The states whose stack is the normal cell's output, always (2, 3, 4, 5).
        reduce_concat: The same of the reduction cell.

    Raises:
        TegnasError: When a cell has not eight pairs, an operation is unknown, a source is not an earlier state,
            or other states are stacked.
    """

    normal: Cell
    reduce: Cell
    normal_concat: tuple[int, ...] = CONCAT
    reduce_concat: tuple[int, ...] = CONCAT

    def __post_init__(self) -> None:
        for name in ("normal", "reduce"):
            _check_cell(name, getattr(self, name))
            concat = getattr(self, f"{name}_concat")
            if concat != CONCAT:
                raise TegnasError(f"{name}_concat must be the four nodes, [2, 3, 4, 5], not {shorten(concat)}")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Genotype):
            return NotImplemented
        return self is other or _sorted_cells(self) == _sorted_cells(other)

    def __hash__(self) -> int:
        return hash(_sorted_cells(self))

    def __str__(self) -> str:
        """Print the usual notation, ``Genotype(normal=[('sep_conv_3x3', 0), …], normal_concat=[2, 3, …], …)``."""
        values = ", ".join(f"{name}={list(getattr(self, name))}" for name in FIELDS)
        return f"Genotype({values})"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the notation of the literature; the inverse of ``str``.

        Lists and tuples, either kind of quotes, line breaks, trailing commas and ``range(2, 6)`` are understood;
        nothing is ever executed.

        Raises:
            TegnasError: When the text is no such notation or describes no genotype.
        """
        return cls(**read_fields(text))

    def sorted(self) -> Self:
        """Return the equal genotype whose pairs are sorted by source in every node: one text an architecture."""
        return type(self)(*_sorted_cells(self))

    def node(self, cell: str, node: int) -> tuple[Pair, Pair]:
        """Return the two pairs (operation, source) of a node, 0 … 3, of the cell "normal" or "reduce"."""
        pairs = {"normal": self.normal, "reduce": self.reduce}[cell]
        return pairs[2 * node], pairs[2 * node + 1]


def _sorted_cells(genotype: Genotype) -> tuple[Cell, Cell]:
    return _sorted_cell(genotype.normal), _sorted_cell(genotype.reduce)


def _sorted_cell(cell: Cell) -> Cell:
    nodes = (sorted(cell[i : i + 2], key=_source_and_operation) for i in range(0, N_PAIRS, 2))
    return tuple(pair for node in nodes for pair in node)


def _source_and_operation(pair: Pair) -> tuple[int, int]:
    operation, source = pair
    return source, OPERATIONS.index(operation)


def _check_cell(name: str, pairs: Cell) -> None:
    if not isinstance(pairs, tuple) or len(pairs) != N_PAIRS:
        found = f"{len(pairs)} of them" if isinstance(pairs, tuple) else shorten(pairs)
        raise TegnasError(f"the {name} cell needs a tuple of {N_PAIRS} pairs (operation, source), got {found}")
    for index, pair in enumerate(pairs):
        _check_pair(name, index // 2, pair)


def _check_pair(name: str, node: int, pair: Pair) -> None:
    where = f"node {node} of the {name} cell"
    if not isinstance(pair, tuple) or len(pair) != 2:
        raise TegnasError(f"{where} needs pairs (operation, source), got {shorten(pair)}")
    operation, source = pair
    if operation not in OPERATIONS:
        raise TegnasError(f"{where}: unknown operation {shorten(operation)}; known are {', '.join(OPERATIONS)}")
    if type(source) is not int or not 0 <= source < node + N_INPUTS:
        last = node + N_INPUTS - 1
        raise TegnasError(f"{where} can read the states 0 … {last}, not {shorten(source)}")
