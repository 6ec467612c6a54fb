"""NAS-Bench-201 architectures as plain, frozen values: an architecture is not a network.

A NAS-Bench-201 cell has four nodes, from 0 (the input) to 3 (the output), and one operation on each of its six
edges. Everything that has six entries follows the order of `EDGES`, which is sorted by target and then by source.
Source: Dong & Yang, NAS-Bench-201 (ICLR 2020); paper Section 5.3.
"""

from dataclasses import dataclass
from typing import Self

from tegnas_core.errors import TegnasError, quoted

OPERATIONS = ("none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3")
EDGES = ((0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3))  # (source, target)
N_NODES = 4

EXAMPLE = "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_3x3~2|"


@dataclass(frozen=True, order=True)
class Architecture:
    """One NAS-Bench-201 cell: an operation for each of the six edges.

    >>> cell = Architecture(("nor_conv_3x3", "none", "skip_connect", "avg_pool_3x3", "none", "nor_conv_1x1"))
    >>> cell[0, 1]
    'nor_conv_3x3'
    >>> print(cell)
    |nor_conv_3x3~0|+|none~0|skip_connect~1|+|avg_pool_3x3~0|none~1|nor_conv_1x1~2|

    Attributes:
        operations: Six names from `OPERATIONS`, in the order of `EDGES`.

    Raises:
        TegnasError: When there are not six operations or one of them is unknown.
    """

    operations: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.operations) != len(EDGES):
            raise TegnasError(f"an architecture has {len(EDGES)} operations, got {len(self.operations)}")
        for operation in self.operations:
            if operation not in OPERATIONS:
                known = ", ".join(OPERATIONS)
                raise TegnasError(f"unknown operation {quoted(operation)}; known are {known}")

    def __str__(self) -> str:
        """Print the benchmark's string, ``|op~0|+|op~0|op~1|+|op~0|op~1|op~2|``."""
        first, second, third, fourth, fifth, sixth = self.operations
        return f"|{first}~0|+|{second}~0|{third}~1|+|{fourth}~0|{fifth}~1|{sixth}~2|"

    def __getitem__(self, edge: tuple[int, int]) -> str:
        """Return the operation on the edge (source, target)."""
        return self.operations[EDGES.index(edge)]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the benchmark's string; this is the inverse of ``str``.

        >>> Architecture.parse("|skip_connect~0|+|none~0|none~1|+|none~0|nor_conv_3x3~1|none~2|").operations
        ('skip_connect', 'none', 'none', 'none', 'nor_conv_3x3', 'none')

        Raises:
            TegnasError: When the text is not such a string or names an unknown operation.
        """
        nodes = text.strip().split("+")
        if len(nodes) != N_NODES - 1:
            raise TegnasError(f"not a NAS-Bench-201 string: {quoted(text)}; it should look like {EXAMPLE}")
        operations = []
        for target, node in enumerate(nodes, start=1):
            entries = node[1:-1].split("|") if node.startswith("|") and node.endswith("|") else []
            for source, entry in enumerate(entries):
                operation, tilde, index = entry.partition("~")
                if not tilde or index != str(source):
                    raise TegnasError(
                        f"not a NAS-Bench-201 string: entry {quoted(entry)} of node {target} should read "
                        f"operation~{source}, as in {EXAMPLE}"
                    )
                operations.append(operation)
            if len(entries) != target:
                raise TegnasError(
                    f"not a NAS-Bench-201 string: node {target} has {len(entries)} entries and needs {target}, "
                    f"as in {EXAMPLE}"
                )
        return cls(tuple(operations))

    def replace(self, edge_index: int, operation: str) -> Self:
        """Return the architecture with another operation on one edge."""
        return type(self)((*self.operations[:edge_index], operation, *self.operations[edge_index + 1 :]))
