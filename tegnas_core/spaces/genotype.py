"""Genotypes of the DARTS space as plain, frozen values, and the notation in which the literature prints them.

A genotype is a normal and a reduction cell. A cell has two inputs, state 0 (the output of cell k-2) and state 1
(of cell k-1), and four nodes, states 2 … 5. Each node adds up two edges from earlier states, and the output of the
cell is the four nodes stacked.

The notation is Python, but it is read without executing it: the text is parsed to a syntax tree of which only
names, strings, small whole numbers, lists, tuples and ``range(a, b)`` are understood.

Source: Liu, Simonyan & Yang, DARTS (ICLR 2019), and the code that they published; paper Section 5.4.
"""

import ast
import warnings
from dataclasses import dataclass
from typing import Self

from tegnas_core.errors import TegnasError, quoted

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
N_PAIRS = 2 * N_NODES  # each node reads two states

CONCAT = tuple(range(N_INPUTS, N_INPUTS + N_NODES))

Pair = tuple[str, int]  # (operation, source state)
Cell = tuple[Pair, ...]  # eight pairs, two for each node, in the order of the nodes
Value = str | int | tuple["Value", ...]  # what the notation can hold

_FIELDS = ("normal", "normal_concat", "reduce", "reduce_concat")
_LONGEST_TEXT = 10_000  # characters; a genotype in full has about 550
_EXAMPLE = "Genotype(normal=[('sep_conv_3x3', 0), …], normal_concat=[2, 3, 4, 5], reduce=[…], reduce_concat=[…])"


@dataclass(frozen=True, eq=False)
class Genotype:
    """One architecture of the DARTS space: what each node of the normal and of the reduction cell reads, and how.

    A node adds its two pairs up, so their order has no meaning. It is kept for printing, but genotypes that differ
    only in this order are equal. Two things that occur in the literature can be written down although they are
    not proper members of the space: the operation ``none``, and a node that reads the same source twice (the
    evolution of the released code makes both). `spaces.Darts` says whether it contains them.

    >>> pairs = (("sep_conv_3x3", 0), ("skip_connect", 1)) * 4
    >>> genotype = Genotype(normal=pairs, reduce=pairs)
    >>> genotype.node("reduce", 3)
    (('sep_conv_3x3', 0), ('skip_connect', 1))
    >>> Genotype.parse(str(genotype)) == genotype
    True

    Attributes:
        normal: The eight pairs (operation, source) of the normal cell, two for each node in the order of the
            nodes. A source is 0 or 1 for the outputs of cells k-2 and k-1, and 2 … for earlier nodes.
        reduce: The eight pairs of the reduction cell.
        normal_concat: The states that are stacked to the normal cell's output, always (2, 3, 4, 5).
        reduce_concat: The states that are stacked to the reduction cell's output, always the same four.

    Raises:
        TegnasError: When a cell does not have eight pairs, an operation is unknown, a source is not an earlier
            state, or other states are stacked.
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
                raise TegnasError(f"{name}_concat must be the four nodes, [2, 3, 4, 5], not {quoted(concat)}")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Genotype):
            return NotImplemented
        return self is other or _sorted_cells(self) == _sorted_cells(other)

    def __hash__(self) -> int:
        return hash(_sorted_cells(self))

    def __str__(self) -> str:
        """Print the usual notation, ``Genotype(normal=[('sep_conv_3x3', 0), …], normal_concat=[2, 3, …], …)``."""
        values = ", ".join(f"{name}={list(getattr(self, name))}" for name in _FIELDS)
        return f"Genotype({values})"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the notation of the literature; this is the inverse of ``str``.

        Lists and tuples, either kind of quotes, line breaks, trailing commas and ``range(2, 6)`` are understood,
        and the two ``…_concat`` may be left out. Nothing is ever executed.

        Raises:
            TegnasError: When the text is not such a notation or does not describe a genotype.
        """
        return cls(**_read_fields(text))

    def sorted(self) -> Self:
        """Return the equal genotype whose pairs are sorted by source in every node: equal ones print alike."""
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
        found = f"{len(pairs)} of them" if isinstance(pairs, tuple) else quoted(pairs)
        raise TegnasError(f"the {name} cell needs a tuple of {N_PAIRS} pairs (operation, source), got {found}")
    for index, pair in enumerate(pairs):
        _check_pair(name, index // 2, pair)


def _check_pair(name: str, node: int, pair: Pair) -> None:
    where = f"node {node} of the {name} cell"
    if not isinstance(pair, tuple) or len(pair) != 2:
        raise TegnasError(f"{where} needs pairs (operation, source), got {quoted(pair)}")
    operation, source = pair
    if operation not in OPERATIONS:
        raise TegnasError(f"{where}: unknown operation {quoted(operation)}; known are {', '.join(OPERATIONS)}")
    if type(source) is not int or not 0 <= source < node + N_INPUTS:
        last = node + N_INPUTS - 1
        raise TegnasError(f"{where} can read the states 0 … {last}, not {quoted(source)}")


def _read_fields(text: str) -> dict[str, Value]:
    """Return the fields of a printed genotype as nested tuples; `Genotype` checks whether they describe one."""
    if len(text) > _LONGEST_TEXT:
        raise TegnasError(f"not a genotype: the text has {len(text):,} characters; it should read {_EXAMPLE}")
    call = _call(text)
    names = [*_FIELDS[: len(call.args)], *(keyword.arg for keyword in call.keywords)]
    wrong = [name for name in names if name not in _FIELDS or names.count(name) > 1]
    missing = [name for name in ("normal", "reduce") if name not in names]
    if wrong or missing or len(call.args) > len(_FIELDS):
        raise TegnasError(f"not a genotype: the fields of {quoted(text)} should be once each {', '.join(_FIELDS)}")
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    return {name: _value(value, text) for name, value in zip(names, values, strict=True)}


def _call(text: str) -> ast.Call:
    try:
        with warnings.catch_warnings():  # odd literals cause warnings, and they are refused anyway
            warnings.simplefilter("ignore")
            tree = ast.parse(text.strip(), mode="eval").body
    # the ways in which Python's parser refuses a text; the last two mean brackets that are nested too deeply
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _not_a_genotype(text) from error
    if not (isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id == "Genotype"):
        raise _not_a_genotype(text)
    return tree


def _value(node: ast.expr, text: str, depth: int = 0) -> Value:
    """Read one value; a cell is a list of pairs, so nothing is nested deeper than two brackets."""
    match node:
        case ast.Constant(value=str() as value):
            return value
        case ast.Constant(value=int() as value) if type(value) is int and value < 100:
            return value
        case ast.List(elts=items) | ast.Tuple(elts=items) if depth < 2:
            return tuple(_value(item, text, depth + 1) for item in items)
        case ast.Call(func=ast.Name(id="range"), args=[ast.Constant(), ast.Constant()] as ends, keywords=[]):
            first, last = (_value(end, text, depth + 1) for end in ends)
            if isinstance(first, int) and isinstance(last, int) and 0 <= last - first <= 10:
                return tuple(range(first, last))
        case ast.Call(func=ast.Name(id="list" | "tuple"), args=[inner], keywords=[]) if depth < 2:
            return _value(inner, text, depth + 1)
    raise _not_a_genotype(text)


def _not_a_genotype(text: str) -> TegnasError:
    return TegnasError(f"not a genotype: {quoted(text)}; it should read {_EXAMPLE}")
