"""Regularised evolution, against its definition."""

import itertools

import numpy as np
import pytest
from contracts.search_method import ONES, GuidedMethodContract

from tegnas_core.errors import TegnasError
from tegnas_core.search import Evolution, search
from tegnas_core.spaces import NASBench201, Toy


class TestContract(GuidedMethodContract):
    def make(self, space, rng):
        return Evolution(space, rng=rng, n_steps=700, population_size=30, tournament_size=8)


def make(space, **options):
    defaults = {"n_steps": 30, "population_size": 12, "tournament_size": 4}
    return Evolution(space, rng=np.random.default_rng(0), **{**defaults, **options})


def test_the_oldest_leaves_and_the_population_keeps_its_size():
    method = make(Toy(8))
    born = []
    while not method.finished():
        born += method.ask()
        method.tell(np.array([[float(bits.ones)] for bits in method.asked]))
        assert list(method.population) == born[-12:]
    assert len(born) == 12 + 30


def test_a_child_is_a_mutation_of_the_best_of_all_when_the_tournament_is_the_population():
    method = make(Toy(8), tournament_size=12)
    first = method.ask()
    values = np.array([[float(bits.ones)] for bits in first])
    method.tell(values)
    winners = [a for a, v in zip(first, values[:, 0], strict=True) if v == values.max()]
    (child,) = method.ask()
    assert min(Toy(8).distance(child, winner) for winner in winners) == 1


@pytest.mark.parametrize("space", [Toy(9), NASBench201()])
def test_diversity_is_the_mean_distance_of_pairs(space):
    method = make(space)
    for step in range(6):
        asked = method.ask()
        told = method.tell(np.arange(len(asked), dtype=float)[:, None] + step)
        pairs = [space.distance(a, b) for a, b in itertools.combinations(method.population, 2)]
        assert told.diversity == pytest.approx(np.mean(pairs))


def test_it_stops_when_the_diversity_stays():
    history = search(make(Toy(3), n_steps=5000, patience=20), lambda bits: {"ones": bits.ones}, ONES)
    assert history.stopped == "diversity stopped falling" and history.n_steps < 2000


def test_the_result_is_the_best_of_the_last_population_only():
    method = make(Toy(4), n_steps=12)
    while not method.finished():
        asked = method.ask()
        method.tell(np.full((len(asked), 1), -float(method.n_children)))  # ever worse
    assert method.derive() == method.population[0]


def test_a_tournament_larger_than_the_population_is_refused():
    with pytest.raises(TegnasError, match="tournament of 13"):
        make(Toy(4), tournament_size=13)
