"""Fig. 4 in the ledger: the same numbers as in the chapter, over tables and parents."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from tegnas_study.analysis.landscapes.draws import Draws
from tegnas_study.ledger import landscapes
from tegnas_study.ledger.sources import Sources

RESAMPLING = {"seed": 0, "n_draws": 1000}


def test_children_are_compared_with_independent_searches():
    table = pd.DataFrame({"seed": [0, 0, 1, 1], "at": [0, 50, 0, 50], "apart": [0.5, 0.2, 0.5, 0.4]})
    sources = SimpleNamespace(pairs={"a": table, "b": table}, resampling=RESAMPLING)
    found = landscapes.children_closer(sources, at=50)
    assert found.each.to_dict() == pytest.approx({"a": 0.2, "b": 0.2})
    assert found.unit == "averages of three draws"


def test_ends_are_judged_by_draws_that_no_search_was_told():
    n = 100
    names = pd.Index([f"cell {i}" for i in range(n)])
    order = np.arange(n, dtype=float)
    values = np.stack([np.stack([1 + order, -order, 1 + order], axis=1)] * 2)  # cell 0 is best by all three
    draws = Draws((("x", 0), ("y", 0)), names, values)
    ends = pd.DataFrame(
        {"part": "end", "seed": [0, 0, 1, 1], "architecture": ["cell 0", "cell 1", "cell 50", "cell 2"]}
    )
    sources = SimpleNamespace(spawned={"teg-cifar10": ends}, other_draws=draws, resampling=RESAMPLING)
    found = landscapes.all_good(sources)
    assert found.each.to_dict() == pytest.approx({"x": 0.75 - 0.1, "y": 0.75 - 0.1})


@pytest.mark.slow
def test_the_recorded_searches_on_darts_have_one_number_a_parent():
    sources = Sources()
    parents = sources.spawned_on_darts["seed"].nunique()
    apart, valley = landscapes.further_on_darts(sources, at=50), landscapes.valley_on_darts(sources, at=50)
    assert apart.n == parents >= valley.n > 1
