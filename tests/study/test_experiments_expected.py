"""TE-NAS on the committed atlas."""

import numpy as np
import pytest

from tegnas_core.spaces import NASBench201
from tegnas_core.spaces.mixtures import Mixture
from tegnas_study.experiments.expected import expected_source
from tegnas_study.experiments.request import make_request
from tegnas_study.experiments.run import run_search
from tegnas_study.tables.atlases import atlas


@pytest.mark.parametrize("reward", ["kappa+regions", "teg"])
def test_a_search_on_the_atlas_takes_three_rounds_and_is_the_same_for_a_seed(reward):
    request = make_request("te-nas", reward=reward)
    first, again = (run_search(request, seed=3) for _ in range(2))
    assert first.table().equals(again.table()) and first.derived == again.derived
    assert first.n_evaluations == 3 + 24 + 18 + 12
    assert NASBench201().contains(first.derived)
    assert "none" not in first.derived.operations
    assert first.table()["seconds"].isna().any() and np.isfinite(first.table()["linear_regions"]).all()


def test_the_supernet_of_one_cell_has_the_row_of_the_cell():
    table = atlas()
    row = table[table["connected"]].iloc[1234]
    decisions = NASBench201().decisions(NASBench201().parse(row["architecture"]))
    values = expected_source(make_request("te-nas"))(Mixture(tuple((option,) for option in decisions)))
    for name in ("condition_number", "linear_regions", "regression_error"):
        assert values[name] == pytest.approx(row[name])
