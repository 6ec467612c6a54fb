"""What the wrong normal cells move: counted by hand, and on tables whose answer is known."""

import math
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from tegnas_core.errors import TegnasError
from tegnas_core.networks.darts_bug import wrong_normal_cell
from tegnas_core.networks.darts_cell import entries_of
from tegnas_core.settings import PRESETS
from tegnas_core.spaces import Darts
from tegnas_study.analysis import normal_cell_bug as bug
from tegnas_study.sweep.output import write_table
from tegnas_study.sweep.rows import make_table

TEG = PRESETS["teg"]
GENOTYPES = Darts().sample_many(40, seed=0)


def made_up(change=lambda value, right: value, *, repeats: int = 2) -> pd.DataFrame:
    """Rows right and wrong with random indicators; `change` makes the wrong value of the right one."""
    rng = np.random.default_rng(0)
    rows = []
    for genotype in GENOTYPES:
        for repeat in range(repeats):
            right = {
                "condition_number": 10 ** rng.uniform(1, 4),
                "linear_regions": rng.integers(1, 3000),
                "regression_error": rng.uniform(1, 3),
            }
            for space in (bug.RIGHT, bug.WRONG):
                values = {k: v if space == bug.RIGHT else change(v, right) for k, v in right.items()}
                key = {"space": space, "settings": TEG.label, "images": "made up", "seed": 0, "repeat": repeat}
                rows.append({"architecture": str(genotype), **key, **values, "status": "ok", "seconds": 1.0})
    return make_table(rows).to_pandas()


def test_lost_and_spurious_operations_are_those_of_the_network():
    for genotype in (*GENOTYPES, *Darts.released().sample_many(10, seed=1)):
        dropped, spurious = bug.dropped_and_spurious(genotype)
        wrong = wrong_normal_cell(genotype)
        assert sum(entry.weight < 1 for entry in wrong) == 7 * spurious // 8  # none adds nothing
        if all(operation != "none" for operation, _ in genotype.normal) and Darts().contains(genotype):
            assert len(set(entries_of(genotype.normal)) - set(wrong)) == dropped


def test_three_of_eight_operations_are_lost_on_average():
    """Nodes of 2, 3, 4, 5 possible sources lose 2 (1 − 2/n) edges each: 0 + 2/3 + 1 + 6/5 = 2.87."""
    counts = [bug.dropped_and_spurious(genotype) for genotype in Darts().sample_many(2000, seed=0)]
    assert sum(lost for lost, _ in counts) / len(counts) == pytest.approx(2 / 3 + 1 + 6 / 5, abs=0.1)
    assert all(spurious == 8 * lost for lost, spurious in counts)


def test_nothing_moves_when_right_and_wrong_are_equal():
    table = bug.compared(made_up(), TEG)
    assert list(table.architecture) == [*map(str, GENOTYPES)]
    found = bug.movement(table, seed=0, n_draws=20)
    assert (found[["tau", "low", "high", "ratio_5", "ratio_50", "ratio_95"]] == 1).all(axis=None)
    assert (found["failed"] == 0).all()


def test_a_factor_moves_values_and_not_their_order():
    table = bug.compared(made_up(lambda value, _: 4 * value), TEG)
    found = bug.movement(table, seed=0, n_draws=20)
    assert np.allclose(found[["ratio_5", "ratio_50", "ratio_95"]], 4) and (found["tau"] == 1).all()
    assert np.allclose(table[f"{bug.TEG[0]}_decades"], math.log10(4))


def test_an_inverse_turns_the_order_around():
    found = bug.movement(bug.compared(made_up(lambda value, _: 1 / value, repeats=1), TEG), seed=0, n_draws=20)
    assert np.allclose(found["tau"], -1)


def test_a_failure_counts_as_worst_and_has_no_ratio():
    rows = made_up()
    failed = (rows["space"] == bug.WRONG) & (rows["architecture"] == str(GENOTYPES[0])) & (rows["repeat"] == 1)
    rows.loc[failed, "condition_number"] = math.inf
    table = bug.compared(rows, TEG).set_index("architecture")
    assert math.isnan(table.loc[str(GENOTYPES[0]), "condition_number_decades"])
    found = bug.movement(table, seed=0, n_draws=20).set_index("indicator")
    assert found.loc["condition_number", "failed"] == 1 and found.loc["linear_regions", "failed"] == 0
    assert found.loc["condition_number", "tau"] < 1


def test_only_what_both_sides_have_is_compared(tmp_path):
    rows = made_up()
    lonely = (rows["space"] == bug.WRONG) & (rows["architecture"] == str(GENOTYPES[3]))
    path = tmp_path / "r.parquet"
    write_table(path, make_table(rows[~lonely].to_dict("records")), {"settings": {}, "runs": []})
    found = bug.rows_of_both(TEG, path)
    assert str(GENOTYPES[3]) not in set(found["architecture"]) and found["architecture"].nunique() == 39
    with pytest.raises(
        TegnasError, match=r"r\.parquet has no genotype evaluated right and wrong with settings rel"
    ):
        bug.rows_of_both(PRESETS["released"], path)


@pytest.mark.parametrize("preset", ["teg", "released"])
def test_the_record_holds_200_genotypes_and_moves_none_that_loses_nothing(preset):
    table = bug.compared(bug.rows_of_both(PRESETS[preset]), PRESETS[preset])
    assert set(table["architecture"]) == set(map(str, Darts().sample_many(200, seed=0)))
    same = table[table["dropped"] == 0]
    for name in ("condition_number", "linear_regions", "regression_error"):
        assert len(same) and np.allclose(same[f"{name}_right"], same[f"{name}_wrong"], rtol=1e-3)


def test_agreements_are_means_of_single_repeats_with_intervals():
    rows = made_up(lambda value, _: 1 / value, repeats=3)
    found = bug.agreements_of_orders(rows, seed=0, n_draws=30).set_index(["indicator", "pair"])
    for name in bug.TEG:
        wide = rows.pivot(index="architecture", columns=["space", "repeat"], values=name)
        taus = wide.corr(method="kendall")
        weights = [taus.loc[(bug.RIGHT, r), (bug.RIGHT, s)] for r, s in combinations(range(3), 2)]
        assert found.loc[(name, bug.PAIRS[0]), "tau"] == pytest.approx(-1)
        assert found.loc[(name, bug.PAIRS[1]), "tau"] == pytest.approx(np.mean(weights))
    assert (found["low"] <= found["tau"]).all() and (found["tau"] <= found["high"]).all()
    assert np.allclose(found.xs(bug.PAIRS[0], level="pair")[["low", "high"]], -1)


def test_with_one_repeat_nothing_is_said_of_weights():
    assert set(bug.agreements_of_orders(made_up(repeats=1), seed=0, n_draws=2)["pair"]) == {bug.PAIRS[0]}


def test_the_evaluated_cell_holds_what_the_network_computes():
    for genotype in (*GENOTYPES, *Darts.released().sample_many(10, seed=1)):
        cell, wrong = bug.evaluated_cell(genotype), wrong_normal_cell(genotype)
        assert len(cell) == 8
        kept = {(operation, source) for operation, source in cell if operation not in (bug.MIXTURE, "none")}
        assert kept == {(entry.operation, entry.source) for entry in wrong if entry.weight == 1}
        mixtures = sum(operation == bug.MIXTURE for operation, _ in cell)
        assert mixtures * 8 == bug.dropped_and_spurious(genotype)[1]
