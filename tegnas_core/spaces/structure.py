"""What an architecture of NAS-Bench-201 computes: equivalence at six levels, connectedness, depth.

Different strings can name the same function: an edge that reads only zeros is dead, a skip only hands a sum on.
`canonical` writes down what node 3 computes, simplified as far as a *level* allows; architectures with the same
text are equivalent at that level.
"""

from collections import Counter
from typing import Literal, get_args

from tegnas_core.errors import TegnasError
from tegnas_core.spaces.architecture import EDGES, N_NODES, Architecture

Level = Literal["raw", "skip", "skip-zero", "zero-propagated", "function", "linear-pool"]
LEVELS: tuple[Level, ...] = get_args(Level)

# A node is a sum: a multiset of terms. A term is text such as "((x)@nor_conv_3x3)". No term at all is zero.
Terms = tuple[str, ...]


def canonical(architecture: Architecture, level: Level = "function") -> str:
    """Return the text of what the cell computes; equal texts mean equivalent cells.

    ============== ============================================================ =======
    level          simplification                                               classes
    ============== ============================================================ =======
    raw            none: the benchmark's string                                  15,625
    skip           skips removed, ``none`` kept as an operation                   12,751
    skip-zero      and ``none``, or an operation on the text "0", written as 0     6,466
    zero-propagated a node whose every input is zero is zero                        5,819
    function       and sums flattened through skips                               4,930
    linear-pool    and average pooling distributed over sums                      4,660
    ============== ============================================================ =======

    The first three levels are the benchmark's own strings; "function" is the one to cache by. Its members compute
    the same function up to the names of their weights, but for one thing: the text does not say whether two equal
    terms share their convolution, so 2·f(x) and f(x) + g(x) are one class. 488 of the 15,625 architectures thus
    have a representative that draws two convolutions where they have one, or one where they have two; telling
    them apart makes 5,260 classes.

    Raises:
        TegnasError: When the level is unknown.
    """
    if level not in LEVELS:
        raise TegnasError(f"unknown level {level!r}; known are {', '.join(LEVELS)}")
    if level == "raw":
        return str(architecture)
    if level in ("skip", "skip-zero"):
        return _benchmark_text(architecture, zero=level == "skip-zero")
    nodes: list[Terms] = [("x",)]
    for target in range(1, N_NODES):
        terms: list[str] = []
        for source in range(target):
            terms.extend(_apply(architecture[source, target], nodes[source], level))
        nodes.append(tuple(sorted(terms)))
    return _text(nodes[-1])


def _benchmark_text(architecture: Architecture, *, zero: bool) -> str:
    """Write node 3 the way the benchmark's own code does, which does not see a sum of zeros as zero."""
    nodes = ["0"]
    for target in range(1, N_NODES):
        inputs = []
        for source in range(target):
            operation = architecture[source, target]
            if zero and (operation == "none" or nodes[source] == "#"):
                inputs.append("#")
            elif operation == "skip_connect":
                inputs.append(nodes[source])
            else:
                inputs.append(f"({nodes[source]})@{operation}")
        nodes.append("+".join(sorted(inputs)))
    return nodes[-1]


def _apply(operation: str, terms: Terms, level: Level) -> Terms:
    if operation == "none" or not terms:
        return ()
    if operation == "skip_connect":
        return (f"({_text(terms)})",) if level == "zero-propagated" and len(terms) > 1 else terms
    if operation == "avg_pool_3x3" and level == "linear-pool":
        return tuple(f"{term}@{operation}" for term in terms)
    return (f"({_text(terms)})@{operation}",)


def _text(terms: Terms) -> str:
    return "+".join(terms) if terms else "0"


def live_edges(architecture: Architecture) -> tuple[bool, ...]:
    """Say for each edge whether it lies on a path of non-``none`` edges from input to output."""
    from_input = {0}
    for (source, target), operation in zip(EDGES, architecture.operations, strict=True):
        if operation != "none" and source in from_input:
            from_input.add(target)
    to_output = {N_NODES - 1}
    for (source, target), operation in sorted(
        zip(EDGES, architecture.operations, strict=True), key=lambda item: -item[0][1]
    ):
        if operation != "none" and target in to_output:
            to_output.add(source)
    return tuple(
        operation != "none" and source in from_input and target in to_output
        for (source, target), operation in zip(EDGES, architecture.operations, strict=True)
    )


def without_dead_edges(architecture: Architecture) -> Architecture:
    """Return the architecture with ``none`` on every edge off all input-output paths: the same function."""
    return Architecture(
        tuple(
            name if alive else "none"
            for name, alive in zip(architecture.operations, live_edges(architecture), strict=True)
        )
    )


def is_connected(architecture: Architecture) -> bool:
    """Say whether any path of non-``none`` edges joins input and output (341 of 15,625 have none)."""
    return any(live_edges(architecture))


def depth(architecture: Architecture, *, count_skips: bool = True) -> int | None:
    """Return the number of connections on the longest path from input to output; None when there is no path.

    The definition of Shu et al. (2020), which the paper's Fig. 2 uses; ``count_skips=False`` gives the
    effective depth, in which a skip has length 0.
    """
    longest: dict[int, int] = {0: 0}
    for (source, target), operation in zip(EDGES, architecture.operations, strict=True):
        if operation != "none" and source in longest:
            step = 0 if operation == "skip_connect" and not count_skips else 1
            longest[target] = max(longest.get(target, 0), longest[source] + step)
    return longest.get(N_NODES - 1)


def operation_counts(architecture: Architecture, *, live_only: bool = False) -> Counter[str]:
    """Count the operations on the six edges, or only on the edges of an input-output path."""
    live = live_edges(architecture) if live_only else (True,) * len(EDGES)
    return Counter(name for name, counted in zip(architecture.operations, live, strict=True) if counted)
