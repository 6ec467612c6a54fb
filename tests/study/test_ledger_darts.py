"""The DARTS space in the ledger: sizes, distances, costs, and whether a search has settled."""

from types import SimpleNamespace

import pandas as pd
import pytest

from tegnas_core.spaces import NAMED, Darts
from tegnas_study.analysis.searches import live
from tegnas_study.data.quoted import quoted_table
from tegnas_study.ledger import darts

RESAMPLING = {"seed": 0, "n_draws": 1000}


def sources(**tables: pd.DataFrame) -> SimpleNamespace:
    return SimpleNamespace(seed=0, resampling=RESAMPLING, on_darts=SimpleNamespace(**tables))


def test_a_published_cell_is_counted():
    found = darts.published_size(sources(), table="table-3", row="REINFORCE + TEG")
    assert str(found) == "3.56 million" and "TEGNAS_RL" in found.population


def test_the_authors_file_for_fp_nas_is_the_cell_of_te_nas():
    assert darts.published_distance(sources(), first="TEGNAS_PROBNAS", second="TENAS_CIFAR10").estimate.value == 0
    apart = darts.published_distance(sources(), first="TEGNAS_RL", second="TENAS_CIFAR10").estimate.value
    assert apart == Darts().distance(NAMED["TEGNAS_RL"], NAMED["TENAS_CIFAR10"]) > 0


def test_a_cell_that_is_found_again_has_distance_zero():
    cell = str(NAMED[live.PUBLISHED["reinforce"]])
    outcomes = pd.DataFrame({"method": "reinforce", "seed": [0, 1], "derived": cell})
    found = darts.distance_to_published(sources(outcomes=outcomes), method="reinforce")
    assert (found.n, found.estimate.value) == (2, 0)


def test_days_are_those_of_three_repeats():
    outcomes = pd.DataFrame({"method": ["reinforce", "evolution"], "seconds": [28_800.0, 1.0]})
    assert darts.search_days(sources(outcomes=outcomes), method="reinforce").estimate.value == pytest.approx(1.0)


def test_a_policy_that_still_narrows_is_seen():
    steps = range(1, 101)
    falling = [live.full_entropy() * (1 - step / 100) for step in steps]
    rows = {"method": "reinforce", "step": steps, "evaluations": steps, "diversity": None}
    histories = pd.concat(
        [
            pd.DataFrame({**rows, "seed": 0, "entropy": falling}),
            pd.DataFrame({**rows, "seed": 1, "entropy": live.full_entropy() / 2}),
        ]
    )
    found = darts.still_narrowing(sources(histories=histories), method="reinforce")
    assert found.each.to_dict() == pytest.approx({0: 0.2, 1: 0.0})


def test_the_paper_s_own_ratio_is_the_smallest():
    printed = quoted_table("table-3").set_index("row")["gpu_days"]
    found = darts.smallest_printed_ratio(sources(), table="table-3", column="gpu_days")
    assert found.estimate.value == pytest.approx(printed["FP-NAS"] / printed["FP-NAS + TEG"])
