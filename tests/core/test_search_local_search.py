"""Local search: up the nearest hill, and again."""

import numpy as np
from contracts.search_method import GuidedMethodContract

from tegnas_core.search import LocalSearch
from tegnas_core.spaces import Toy


class TestContract(GuidedMethodContract):
    def make(self, space, rng):
        return LocalSearch(space, rng=rng, n_steps=300)


def test_it_moves_to_better_neighbours_only_and_restarts_at_a_local_optimum():
    space, starts = Toy(6), 0
    method = LocalSearch(space, rng=np.random.default_rng(0), n_steps=200)
    while not method.finished():
        before = None if method.here is None else method.visited[method.here]
        waiting = len(method.waiting)
        (asked,) = method.ask()
        if method.here is None:
            assert before is None or (
                waiting == 0 and before.ones == 6
            )  # only the optimum has no better neighbour
            starts += 1
        else:
            assert space.distance(before, asked) == 1
        method.tell(np.array([[float(asked.ones)]]))
        moved = method.visited[method.here] == asked
        assert moved == (before is None or waiting == 0 or asked.ones > before.ones)
    assert starts > 2
