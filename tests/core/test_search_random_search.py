"""Random search: uniform draws, and the best of them."""

import numpy as np
import pytest
from contracts.search_method import ONES, SearchMethodContract

from tegnas_core.errors import TegnasError
from tegnas_core.search import RandomSearch, search
from tegnas_core.spaces import Toy


class TestContract(SearchMethodContract):
    def make(self, space, rng):
        return RandomSearch(space, rng=rng, n_steps=40)


def test_it_draws_uniformly_and_returns_the_best_drawn():
    history = search(RandomSearch(Toy(3), rng=np.random.default_rng(0), n_steps=4000), _ones, ONES)
    counts = history.table()["architecture"].value_counts()
    assert len(counts) == 8 and counts.min() > 400
    assert history.derived.ones == 3
    assert history.stopped == "all steps taken"


def test_a_search_of_no_steps_is_refused():
    with pytest.raises(TegnasError, match="at least 1 step"):
        RandomSearch(Toy(3), rng=np.random.default_rng(0), n_steps=0)


def _ones(bits):
    return {"ones": bits.ones}
