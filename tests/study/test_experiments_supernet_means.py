"""Means over the cells of a supernet, against going through the cells one by one, and TE-NAS on the atlas."""

import itertools

import numpy as np
import pandas as pd
import pytest

from tegnas_core.errors import TegnasError
from tegnas_core.search import TENAS, Objective, search
from tegnas_core.spaces import NASBench201
from tegnas_core.spaces.mixtures import Mixture
from tegnas_study.experiments.request import make_request
from tegnas_study.experiments.run import run_search
from tegnas_study.experiments.supernet_means import supernet_means, supernet_source
from tegnas_study.tables.atlases import atlas

SPACE = NASBench201()
EDGES = ((1, 4), (0, 3), (2,), (1, 2, 3), (4,), (0, 1))


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    names = [str(architecture) for architecture in SPACE.all()]
    numbers = {name: np.exp(rng.normal(size=len(names))) for name in ("condition_number", "linear_regions")}
    return pd.DataFrame({"architecture": names, **numbers, "regression_error": rng.random(len(names))})


def cells_of(edges) -> list[str]:
    return [str(SPACE.compose(options)) for options in itertools.product(*edges)]


def test_every_cell_counts_once(table):
    found = supernet_means(table)(Mixture(EDGES))
    cells = table.set_index("architecture").loc[cells_of(EDGES)]
    assert len(cells) == 24
    assert found["linear_regions"] == pytest.approx(cells["linear_regions"].mean())
    assert found["regression_error"] == pytest.approx(cells["regression_error"].mean())
    assert found["condition_number"] == pytest.approx(np.exp(np.log(cells["condition_number"]).mean()))


def test_one_cell_is_its_row(table):
    row = table.iloc[77]
    mixture = Mixture(tuple((option,) for option in SPACE.decisions(SPACE.parse(row["architecture"]))))
    found = supernet_means(table)(mixture)
    assert all(value == pytest.approx(row[name]) for name, value in found.items())


def test_failures_are_left_out_and_nothing_at_all_is_nan(table):
    first, *others = cells_of(EDGES)
    worse = table.set_index("architecture")
    worse.loc[first, "condition_number"] = np.inf
    worse.loc[first, "linear_regions"] = np.nan
    found = supernet_means(worse.reset_index())(Mixture(EDGES))
    assert found["condition_number"] == pytest.approx(np.exp(np.log(worse.loc[others, "condition_number"]).mean()))
    assert found["linear_regions"] == pytest.approx(worse.loc[others, "linear_regions"].mean())
    one = Mixture(tuple((options[0],) for options in EDGES))
    assert np.isnan(supernet_means(worse.reset_index())(one)["condition_number"])


def test_rows_that_are_not_there_are_left_out(table):
    cells = cells_of(EDGES)
    part = table[table["architecture"].isin(cells[:5])]
    found = supernet_means(part, columns=("regression_error",))(Mixture(EDGES))
    assert found == {"regression_error": pytest.approx(part["regression_error"].mean())}


def test_pruning_by_it_finds_the_best_cell_of_a_separable_table():
    worth = np.random.default_rng(0).permutation(30).reshape(6, 5)
    rows = [(str(a), worth[range(6), SPACE.decisions(a)].sum()) for a in SPACE.all()]
    evaluate = supernet_means(pd.DataFrame(rows, columns=["architecture", "x"]), columns=("x",))
    method = TENAS(SPACE, rng=np.random.default_rng(0))
    found = search(method, evaluate, [Objective("x", True)]).derived
    assert SPACE.decisions(found) == tuple(1 + worth[:, 1:].argmax(1))


def test_other_supernets_and_tables_are_refused(table):
    evaluate = supernet_means(table)
    for wrong in (Mixture(((1,),) * 5), Mixture(((1,), (), *((2,),) * 4))):
        with pytest.raises(TegnasError, match="not a supernet"):
            evaluate(wrong)
    with pytest.raises(TegnasError, match="no column 'accuracy'"):
        supernet_means(table, columns=("accuracy",))


@pytest.mark.parametrize("reward", ["kappa+regions", "teg"])
def test_a_search_on_the_atlas_takes_three_rounds_and_is_the_same_for_a_seed(reward):
    request = make_request("te-nas", reward=reward)
    first, again = (run_search(request, seed=3) for _ in range(2))
    assert first.table().equals(again.table()) and first.derived == again.derived
    assert first.n_evaluations == 3 + 24 + 18 + 12
    assert SPACE.contains(first.derived)
    assert "none" not in first.derived.operations
    assert first.table()["seconds"].isna().any() and np.isfinite(first.table()["linear_regions"]).all()


def test_the_supernet_of_one_cell_has_the_row_of_the_cell():
    table = atlas()
    row = table[table["connected"]].iloc[1234]
    decisions = SPACE.decisions(SPACE.parse(row["architecture"]))
    values = supernet_source(make_request("te-nas"))(Mixture(tuple((option,) for option in decisions)))
    for name in ("condition_number", "linear_regions", "regression_error"):
        assert values[name] == pytest.approx(row[name])
