"""Landscapes by steps that change one decision, against plain loops on small spaces."""

import itertools

import numpy as np
import pytest

from tegnas_core.errors import TegnasError
from tegnas_core.spaces import NASBench201
from tegnas_study.analysis.landscapes.neighbourhood import (
    distances_to,
    fitness_distance,
    landscape,
    landscape_row,
    neighbours,
    subsets,
)
from tegnas_study.analysis.searches.exact_gradient import every_architecture

SHAPE = (3, 2, 4)


def near_by_hand(shape):
    options = list(itertools.product(*map(range, shape)))
    number = {option: i for i, option in enumerate(options)}
    return [
        {number[other] for other in options if sum(a != b for a, b in zip(option, other, strict=True)) == 1}
        for option in options
    ]


def climb_by_hand(fitness, near):
    """Climb from every start, walking across equal neighbours: a slow twin."""
    ends = []
    for start in range(len(fitness)):
        here = plateau_of(start, fitness, near)
        while True:
            around = set().union(*(near[i] for i in here)) - here
            best = max(around, key=lambda i: fitness[i])
            if fitness[best] <= fitness[next(iter(here))]:
                break
            here = plateau_of(best, fitness, near)
        ends.append(frozenset(here))
    return ends


def plateau_of(start, fitness, near):
    found, new = {start}, {start}
    while new:
        new = {j for i in new for j in near[i] if fitness[j] == fitness[start]} - found
        found |= new
    return found


def test_neighbours_differ_in_one_decision():
    assert [set(row) for row in neighbours(SHAPE).tolist()] == near_by_hand(SHAPE)


def test_neighbours_of_cells_are_the_spaces_own():
    space = NASBench201()
    cells = every_architecture(space)
    for i in (0, 7_777, 15_624):
        assert {cells[j] for j in neighbours()[i]} == set(space.neighbours(cells[i]))


def test_distances_are_counted_to_the_nearest():
    found = distances_to([0, 23], SHAPE)
    options = list(itertools.product(*map(range, SHAPE)))
    apart = [[sum(a != b for a, b in zip(o, options[g], strict=True)) for g in (0, 23)] for o in options]
    assert found.tolist() == [min(both) for both in apart]


@pytest.mark.parametrize("seed", range(8))
def test_ascent_ends_where_a_plain_loop_ends(seed):
    # different numbers, then numbers with ties and plateaus
    rng = np.random.default_rng(seed)
    fitness = rng.permutation(24).astype(float) if seed < 4 else rng.integers(0, 5, 24).astype(float)
    found, near = landscape(fitness, SHAPE), near_by_hand(SHAPE)
    by_hand = climb_by_hand(fitness, near)
    ours = [frozenset(np.flatnonzero(found.plateau == top)) for top in found.top]
    if seed < 4:
        assert ours == by_hand
    assert set(ours) == set(by_hand)
    assert all(fitness[next(iter(top))] >= fitness[i] for i, top in enumerate(ours))
    assert len(found.optima) == len(set(by_hand)) and found.basins.sum() == 24
    assert found.is_optimum.tolist() == [i in set().union(*by_hand) for i in range(24)]


def test_a_single_hill_has_one_optimum_and_leads_straight_to_it():
    fitness = -distances_to([5], SHAPE).astype(float)
    found = landscape(fitness, SHAPE)
    assert found.basins.tolist() == [24] and found.global_basin == 1
    assert fitness_distance(fitness, [5], SHAPE) == pytest.approx(-1)
    assert found.reached(np.arange(24) == 5) == 1
    assert found.mean_at_end(np.arange(24)) == 5


def test_a_constant_is_one_plateau():
    found = landscape(np.zeros(24), SHAPE)
    assert len(found.optima) == 1 and found.mean_at_end(np.arange(24)) == pytest.approx(11.5)


def test_where_everything_fails_there_is_no_optimum():
    fitness = np.full(24, -np.inf)
    assert len(landscape(fitness, SHAPE).optima) == 0
    fitness[3] = 1.0
    assert landscape(fitness, SHAPE).basins.tolist() == [24]  # the failures are one plateau, beside it


def test_random_numbers_have_an_optimum_for_every_twenty_fifth():
    counts = [len(landscape(np.random.default_rng(s).random(15_625)).optima) for s in range(5)]
    assert np.mean(counts) == pytest.approx(625, abs=4 * 20 / np.sqrt(5))


def test_a_row_says_what_the_landscape_is_like():
    accuracy = -distances_to([100]).astype(float)
    row = landscape_row(accuracy, accuracy)
    assert row == {
        "optima": 1,
        "largest_basin": 1.0,
        "global_basin": 1.0,
        "to_best": pytest.approx(-1),
        "to_most_accurate": pytest.approx(-1),
        "reached": 1.0,
    }


@pytest.mark.parametrize("bad", [np.zeros(23), np.full(24, np.nan), np.zeros((24, 1))])
def test_a_landscape_needs_a_number_everywhere(bad):
    with pytest.raises(TegnasError, match="24 architectures"):
        landscape(bad, SHAPE)


def test_sets_of_draws_are_different_and_not_too_many():
    rng = np.random.default_rng(0)
    assert subsets(4, 2, most=6, rng=rng) == list(itertools.combinations(range(4), 2))
    chosen = subsets(9, 4, most=5, rng=rng)
    assert len(set(chosen)) == 5 and all(len(c) == 4 for c in chosen)
