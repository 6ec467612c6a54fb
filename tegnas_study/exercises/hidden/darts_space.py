"""The functions to write in the chapter on the DARTS space: two counts over the nodes of a cell."""

import math

from tegnas_study.exercises.tasks import Cases, WriteFunction


def _count(n_nodes: int, n_operations: int) -> int:
    return math.prod(math.comb(node + 2, 2) * n_operations**2 for node in range(n_nodes))


def _cells() -> Cases:
    return {
        "a single node": (1, 7),
        "two nodes": (2, 7),
        "a cell of DARTS": (4, 7),
        "six nodes and three operations": (6, 3),
    }


def _lost(n_nodes: int) -> float:
    return sum(2 * (1 - 2 / (node + 2)) for node in range(n_nodes))


def _sizes() -> Cases:
    return {"a single node": (1,), "two nodes": (2,), "a cell of DARTS": (4,), "ten nodes": (10,)}


TASKS = {
    "ex-write-count": WriteFunction(
        reference=_count, cases=_cells, hint="Node i, counted from 0, chooses two of i + 2 states."
    ),
    "ex-lost-operations": WriteFunction(
        reference=_lost,
        cases=_sizes,
        hint="The reduction cell has a given edge of a node that reads two of m states with probability 2/m.",
    ),
}
