"""The functions to write in the chapter on the DARTS space: cells by their depth, and operations that are lost."""

from itertools import combinations, product

from tegnas_study.exercises.tasks import Cases, WriteFunction


def _ways_by_depth(n_nodes: int) -> list[int]:
    """Return the number of choices by depth, from a list of all choices."""
    ways = [0] * n_nodes
    for sources in product(*(combinations(range(node + 2), 2) for node in range(n_nodes))):
        depths = [0, 0]
        for pair in sources:
            depths.append(1 + max(depths[source] for source in pair))
        ways[max(depths) - 1] += 1
    return ways


def _cells() -> Cases:
    return {"a single node": (1,), "two nodes": (2,), "a cell of DARTS": (4,), "five nodes": (5,)}


def _lost(n_nodes: int) -> float:
    return sum(2 * (1 - 2 / (node + 2)) for node in range(n_nodes))


def _sizes() -> Cases:
    return {"a single node": (1,), "two nodes": (2,), "a cell of DARTS": (4,), "ten nodes": (10,)}


TASKS = {
    "ex-write-depths": WriteFunction(
        reference=_ways_by_depth, cases=_cells, hint="A node lies one deeper than the deeper of its two sources."
    ),
    "ex-lost-operations": WriteFunction(
        reference=_lost,
        cases=_sizes,
        hint="The reduction cell has a given edge of a node that reads two of m states with probability 2/m.",
    ),
}
