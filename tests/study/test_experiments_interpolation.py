"""The ways between two architectures: every step one edge, every stop an architecture."""

import itertools
import math

import numpy as np
import pytest

from tegnas_core.spaces import Darts, NASBench201
from tegnas_study.experiments.interpolation import edge_flips, edges_apart

SPACES = {"nas-bench-201": NASBench201(), "darts": Darts()}


@pytest.fixture(params=SPACES)
def space(request):
    return SPACES[request.param]


def pairs(space, n=60):
    drawn = space.sample_many(2 * n, seed=4)
    return list(zip(drawn[:n], drawn[n:], strict=True))


def test_a_way_leads_from_the_first_to_the_second_through_architectures_of_the_space(space):
    for number, (first, second) in enumerate(pairs(space)):
        way = list(edge_flips(first, second, rng=np.random.default_rng(number)))
        assert way[0] == first and way[-1] == second and len(way) == edges_apart(first, second) + 1
        assert all(space.contains(stop) for stop in way)
        assert all(edges_apart(a, b) == 1 for a, b in itertools.pairwise(way))
        assert [edges_apart(stop, second) for stop in way] == [*range(len(way))][::-1]


def test_no_way_is_needed_to_where_one_is(space):
    architecture = space.sample(np.random.default_rng(0))
    assert list(edge_flips(architecture, architecture, rng=np.random.default_rng(0))) == [architecture]


def test_the_distance_is_the_spaces_own(space):
    distance = space.distance if isinstance(space, NASBench201) else space.pairs_apart
    for first, second in pairs(space):
        assert edges_apart(first, second) == distance(first, second) == edges_apart(second, first)


def test_all_orders_are_equally_probable():
    first, second = NASBench201().compose((0,) * 6), NASBench201().compose((1, 1, 1, 0, 0, 0))
    rng = np.random.default_rng(1)
    ways = [tuple(edge_flips(first, second, rng=rng)) for _ in range(1200)]
    counts = [ways.count(way) for way in set(ways)]
    assert len(counts) == math.factorial(3)
    assert max(counts) < 200 + 5 * math.sqrt(200) and min(counts) > 200 - 5 * math.sqrt(200)
