"""Cells of the DARTS space are counted by the longest way through them."""

from itertools import combinations, product

import pytest

from tegnas_study.exercises import check


def ways(n_nodes, *, deeper=max, of_cell=max):
    counted = [0] * n_nodes
    for sources in product(*(combinations(range(node + 2), 2) for node in range(n_nodes))):
        depths = [0, 0]
        for pair in sources:
            depths.append(1 + deeper(depths[source] for source in pair))
        counted[of_cell(depths[2:]) - 1] += 1
    return counted


def test_the_ways_to_each_depth_are_let_in():
    assert check("ex-write-depths", ways).right
    assert sum(ways(4)) == 1 * 3 * 6 * 10


@pytest.mark.parametrize(
    "nearly",
    [
        lambda n: ways(n, deeper=min),
        lambda n: ways(n, of_cell=lambda depths: depths[-1]),
        lambda n: ways(n)[::-1],
        lambda n: [7 ** (2 * n) * k for k in ways(n)],
    ],
    ids=["the shorter way", "the last node only", "the deepest first", "operations counted too"],
)
def test_what_is_nearly_right_is_not(nearly):
    assert not check("ex-write-depths", nearly).right
