"""What a cell is made of, in every space: operations on edges, each with a weight."""

from typing import NamedTuple


class Entry(NamedTuple):
    """An operation on an edge of a cell.

    Attributes:
        source: The state it reads: the cell's inputs come first, one on NAS-Bench-201 and two on DARTS.
        target: The node that it is added to.
        operation: Its name.
        weight: What its output is multiplied by.
    """

    source: int
    target: int
    operation: str
    weight: float = 1.0
