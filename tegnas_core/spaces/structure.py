"""What a NAS-Bench-201 architecture computes: equivalence at seven levels, connectedness, depth.

Different strings can name the same function: an edge that reads only zeros is dead, and a skip only hands a sum
on. `canonical` writes down what node 3 computes, simplified as far as a *level* allows. Architectures with the
same text are equivalent at that level.
"""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Literal, get_args

from tegnas_core.errors import TegnasError, quoted
from tegnas_core.spaces.architecture import EDGES, N_NODES, Architecture

Level = Literal["raw", "skip", "skip-zero", "zero-propagated", "shared-weights", "function", "linear-pool"]
LEVELS: tuple[Level, ...] = get_args(Level)

Edge = tuple[int, int]
# A node is a sum: a multiset of terms. A term is text such as "((x)@nor_conv_3x3)". No term at all is zero.
Terms = tuple[str, ...]

_CONVOLUTIONS = ("nor_conv_1x1", "nor_conv_3x3")
_NO_NUMBERS: Mapping[Edge, str] = MappingProxyType({})


def canonical(architecture: Architecture, level: Level = "shared-weights") -> str:
    """Return the text of what the cell computes; equal texts mean equivalent cells.

    =============== ============================================================== =======
    level           simplification                                                 classes
    =============== ============================================================== =======
    raw             none: the benchmark's string                                    15,625
    skip            skips are removed, ``none`` is kept as an operation             12,751
    skip-zero       ``none``, or an operation on the text "0", is written as 0       6,466
    zero-propagated a node is zero when all its inputs are zero                      5,819
    shared-weights  sums are flattened through skips; convolutions keep identities   5,260
    function        sums are flattened through skips                                 4,930
    linear-pool     average pooling is distributed over sums                         4,660
    =============== ============================================================== =======

    The first three levels are the benchmark's own strings. The study evaluates one member of each class
    at "shared-weights", which is the default.

    At "shared-weights" two cells are equivalent exactly when they compute the same function up to the names of
    their weights, where the linearity of average pooling is not used. One convolution whose output is used twice,
    2·f(x), then differs from two convolutions that read the same input, f(x) + g(x), whose equal texts get
    numbers. Except for "raw", no other level makes this difference. At "function" the two are one class, and for
    488 of the 15,625 architectures the representative is of the other kind: it draws two convolutions where the
    architecture has one, or one where it has two.

    >>> two = Architecture.parse("|nor_conv_3x3~0|+|none~0|none~1|+|nor_conv_3x3~0|skip_connect~1|none~2|")
    >>> canonical(two)
    '(x)@nor_conv_3x3#1+(x)@nor_conv_3x3#2'
    >>> canonical(two, "function")
    '(x)@nor_conv_3x3+(x)@nor_conv_3x3'

    Raises:
        TegnasError: When the level is unknown.
    """
    if level not in LEVELS:
        raise TegnasError(f"unknown level {quoted(level)}; known are {', '.join(LEVELS)}")
    if level == "raw":
        return str(architecture)
    if level in ("skip", "skip-zero"):
        return _benchmark_text(architecture, zero=level == "skip-zero")
    if level == "shared-weights":
        live = without_dead_edges(architecture)
        return min(_text(_nodes(live, level, numbers)[-1]) for numbers in _numberings(live))
    return _text(_nodes(architecture, level)[-1])


def _benchmark_text(architecture: Architecture, *, zero: bool) -> str:
    """Write node 3 the way the benchmark's own code does, which does not see that a sum of zeros is zero."""
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


def _nodes(architecture: Architecture, level: Level, numbers: Mapping[Edge, str] = _NO_NUMBERS) -> list[Terms]:
    """Return what the four nodes are; `numbers` is appended to the operations on some of the edges."""
    nodes: list[Terms] = [("x",)]
    for target in range(1, N_NODES):
        terms: list[str] = []
        for source in range(target):
            edge = source, target
            terms.extend(_apply(architecture[edge], nodes[source], level, numbers.get(edge, "")))
        nodes.append(tuple(sorted(terms)))
    return nodes


def _apply(operation: str, terms: Terms, level: Level, number: str) -> Terms:
    if operation == "none" or not terms:
        return ()
    if operation == "skip_connect":
        return (f"({_text(terms)})",) if level == "zero-propagated" and len(terms) > 1 else terms
    if operation == "avg_pool_3x3" and level == "linear-pool":
        return tuple(f"{term}@{operation}" for term in terms)
    return (f"({_text(terms)})@{operation}{number}",)


def _text(terms: Terms) -> str:
    return "+".join(terms) if terms else "0"


def _numberings(architecture: Architecture) -> Iterator[dict[Edge, str]]:
    """Yield every way to number the convolutions that look alike, "#1", "#2", …; most cells have one way.

    Two convolutions look alike when they are of the same size and the texts of what they read are equal. The names
    of weights mean nothing, so the smallest text over all ways is the one that belongs to the function.
    """
    nodes = _nodes(architecture, "function")
    alike: dict[tuple[str, Terms], list[Edge]] = defaultdict(list)
    for edge, operation in zip(EDGES, architecture.operations, strict=True):
        if operation in _CONVOLUTIONS:
            alike[operation, nodes[edge[0]]].append(edge)
    groups = [edges for edges in alike.values() if len(edges) > 1]
    for orders in itertools.product(*map(itertools.permutations, groups)):
        yield {edge: f"#{number}" for order in orders for number, edge in enumerate(order, start=1)}


def live_edges(architecture: Architecture) -> tuple[bool, ...]:
    """Say for each edge whether it lies on a path of non-``none`` edges from input to output."""
    return _live(tuple(operation != "none" for operation in architecture.operations))


@cache  # 64 patterns for 15,625 architectures
def _live(present: tuple[bool, ...]) -> tuple[bool, ...]:
    edges = list(zip(EDGES, present, strict=True))  # in the order of their targets
    from_input, to_output = {0}, {N_NODES - 1}
    for (source, target), there in edges:
        if there and source in from_input:
            from_input.add(target)
    for (source, target), there in reversed(edges):
        if there and target in to_output:
            to_output.add(source)
    return tuple(there and source in from_input and target in to_output for (source, target), there in edges)


def without_dead_edges(architecture: Architecture) -> Architecture:
    """Return the architecture with ``none`` on every edge off all input-output paths; its function is the same."""
    return Architecture(
        tuple(
            name if alive else "none"
            for name, alive in zip(architecture.operations, live_edges(architecture), strict=True)
        )
    )


def is_connected(architecture: Architecture) -> bool:
    """Say whether a path of non-``none`` edges joins input and output (341 of the 15,625 have none)."""
    return any(live_edges(architecture))


def depth(architecture: Architecture, *, count_skips: bool = True) -> int | None:
    """Return the number of connections on the longest path from input to output, or None when there is no path.

    This is the definition of Shu et al. (2020), which the paper's Fig. 2 uses. With ``count_skips=False`` a skip
    has length 0, which gives the effective depth.
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
