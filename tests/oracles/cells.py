"""What a cell computes, worked out edge by edge: the twin of `spaces.structure`.

Two views. `value_at_output` puts plain functions of a number on the edges and looks what comes out.
`labelled_sum` writes the output down as a sum of terms in which every convolution carries the edge it stands on,
so it knows whether two equal terms share their weights.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping

from tegnas_core.spaces.architecture import EDGES, Architecture

Edge = tuple[int, int]
CONVOLUTIONS = ("nor_conv_1x1", "nor_conv_3x3")
ROUTES = (((0, 3),), ((0, 1), (1, 3)), ((0, 2), (2, 3)), ((0, 1), (1, 2), (2, 3)))  # all ways from 0 to 3


def paths(architecture: Architecture) -> list[tuple[Edge, ...]]:
    """All ways from the input to the output without a `none`."""
    return [route for route in ROUTES if all(architecture[edge] != "none" for edge in route)]


def value_at_output(
    architecture: Architecture, functions: Mapping[str, Callable[[float], float]], x: float
) -> float:
    """Node 3, when node 0 is x and every operation is a function of one number that maps 0 to 0."""
    nodes = [x, 0.0, 0.0, 0.0]
    for source, target in sorted(EDGES, key=lambda edge: edge[1]):
        nodes[target] += functions[architecture[source, target]](nodes[source])
    return nodes[3]


def labelled_sum(architecture: Architecture, labels: Mapping[Edge, object] | None = None) -> tuple:
    """Node 3 as a sorted sum of terms (operation, label of its weights, what it reads)."""
    nodes = [(("x",),), (), (), ()]
    for source, target in sorted(EDGES, key=lambda edge: edge[1]):
        operation, read = architecture[source, target], nodes[source]
        if operation == "none" or not read:
            continue
        if operation == "skip_connect":
            terms = read
        else:
            label = (labels or {}).get((source, target), (source, target))
            terms = ((operation, label if operation in CONVOLUTIONS else "", read),)
        nodes[target] = tuple(sorted(nodes[target] + terms, key=repr))
    return nodes[3]


def live_convolutions(architecture: Architecture) -> list[Edge]:
    """The edges with a convolution on a way from input to output, in order."""
    live = {edge for path in paths(architecture) for edge in path}
    return [edge for edge in EDGES if edge in live and architecture[edge] in CONVOLUTIONS]


def function_key(architecture: Architecture) -> str:
    """The same text for two cells exactly when renaming weights turns one into the other."""
    return min(repr(labelled_sum(architecture, labels)) for labels in _renamings(architecture))


def weight_map(first: Architecture, second: Architecture) -> dict[Edge, Edge] | None:
    """Which convolution of `first` plays which of `second` for both to be one function; None if they are two."""
    wanted = labelled_sum(second)
    convolutions = live_convolutions(first)
    for order in itertools.permutations(live_convolutions(second)):
        labels = dict(zip(convolutions, order, strict=False))
        if len(order) == len(convolutions) and labelled_sum(first, labels) == wanted:
            return labels
    return None


def _renamings(architecture: Architecture) -> Iterator[dict[Edge, int]]:
    """Number the convolutions of each size in every order."""
    convolutions = live_convolutions(architecture)
    groups = [[edge for edge in convolutions if architecture[edge] == name] for name in CONVOLUTIONS]
    for orders in itertools.product(*(itertools.permutations(range(len(group))) for group in groups)):
        yield {
            edge: k
            for group, order in zip(groups, orders, strict=True)
            for edge, k in zip(group, order, strict=True)
        }
