"""What is said about supernets follows from the record, and few seeds say nothing about others."""

import math

import numpy as np
import pandas as pd
import pytest

from tegnas_core.errors import TegnasError
from tegnas_core.spaces import NASBench201
from tegnas_study.analysis import weight_sharing as sharing
from tegnas_study.analysis.verdicts import Verdict, verdict
from tegnas_study.tables.atlases import atlas
from tegnas_study.tables.ranking import rank_sum

OPTIONS = {"seed": 0, "n_draws": 1000}
CELLS = [str(cell) for cell in NASBench201().sample_many(40, seed=3)]
TRUTH = pd.Series(np.arange(40.0), index=CELLS)


def record(n_seeds=3):
    rows = [
        {
            "method": method,
            "size": "reduced",
            "seed": seed,
            "epoch": epoch,
            "derived": CELLS[epoch],
            "seconds": 2.0,
        }
        | {"derived cifar10 test": 90.0 + seed + (method == "gdas")}
        for method in ("gdas", "rsps")
        for seed in range(n_seeds)
        for epoch in (2, 1)
    ]
    return pd.DataFrame(rows)


def test_a_training_ends_with_its_last_epoch_and_costs_all_of_them():
    last = sharing.ends(record())
    assert len(last) == 6 and set(last["epoch"]) == {2} and set(last["seconds"]) == {4.0}


def test_cells_stand_in_the_papers_order():
    cells = sharing.sharing_cells(record(), {"CIFAR-10": "derived cifar10 test"})
    assert [*cells.index] == ["RSPS", "GDAS"]
    assert cells.loc["GDAS", "CIFAR-10"] == "92.00 ± 1.00" and cells.loc["GDAS", "seeds"] == 3
    one = sharing.sharing_cells(record(1), {"CIFAR-10": "derived cifar10 test"})
    assert one.loc["RSPS", "CIFAR-10"] == "90.00"


def test_the_interval_over_seeds_is_students():
    found = sharing.mean_of_seeds([1.0, 2.0, 3.0], seed=0, n_draws=20_000)
    half = 4.303 / math.sqrt(3)
    assert found.value == 2 and abs(found.low - (2 - half)) < 0.2 and abs(found.high - (2 + half)) < 0.2


def test_two_seeds_decide_nothing():
    found = sharing.mean_of_seeds([93.0, 93.1], **OPTIONS)
    assert found.value == pytest.approx(93.05) and math.isnan(found.low)
    assert verdict(found, above=90) is Verdict.UNKNOWN
    gap = sharing.gap_of_seeds([93.0, 93.1], [50.0, 51.0, 52.0], **OPTIONS)
    assert verdict(gap) is Verdict.UNKNOWN
    with pytest.raises(TegnasError):
        sharing.mean_of_seeds([], **OPTIONS)


def test_a_clear_gap_is_seen():
    gap = sharing.gap_of_seeds([93.0, 93.1, 93.2, np.nan], [50.0, 51.0, 52.0, 53.0], **OPTIONS)
    assert verdict(gap) is Verdict.HOLDS and verdict(-gap) is Verdict.FAILS


def test_every_row_says_how_it_was_run():
    found = sharing.how_each_was_run(["a", "b", "c", "d"], live=["b"], looked_up=["a", "b"], reduced=["c"])
    assert found.to_dict() == {
        "a": "looked up",
        "b": "run here",
        "c": "run here, reduced size",
        "d": "quoted only",
    }


def test_our_cells_stand_beside_the_papers():
    how = pd.Series({"a": "run here", "b": "quoted only"})
    ours = pd.DataFrame({"x": {"a": "1.00"}})
    table = sharing.beside_paper(how, ours, {"x": pd.Series({"b": "3", "a": "2"})})
    assert table.loc["a"].tolist() == ["run here", "1.00", "2"]
    assert table.loc["b"].tolist() == ["quoted only", "", "3"]


def test_teg_finds_more_with_more_seconds():
    table = atlas("teg-cifar10", repeats=1)
    good = -rank_sum(table)
    accuracy = pd.Series(good.to_numpy(float), index=table["architecture"])  # what TEG itself values
    options = {"n": 5, "seed": 0, "tables": ["teg-cifar10", "teg-cifar10-seed1"]}
    rows = [("few", 0, 3.2, 1.0), ("few", 1, 3.0, 0.5), ("many", 0, 50.0, 0.5)]
    trainings = sharing.with_evaluations(pd.DataFrame(rows, columns=["method", "seed", "seconds", "teg_seconds"]))
    assert trainings["evaluations"].tolist() == [3, 6, 100]
    found = sharing.teg_in_the_same_seconds(trainings, accuracy, **options)
    assert [*found.index] == options["tables"] and (found["many"] > found["few"]).all()
    with pytest.raises(TegnasError, match="no evaluation"):
        sharing.with_evaluations(trainings.assign(seconds=0.4))


def test_seeds_are_told_in_words():
    assert sharing.seeds_in_words([3, 3]) == "3 seeds" and sharing.seeds_in_words([1]) == "1 seed"
