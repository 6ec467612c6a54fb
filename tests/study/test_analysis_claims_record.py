"""What is recorded for the ledger: each statistic is what its name says, and the committed record is so too."""

import itertools

import numpy as np
import pandas as pd
import pytest
from made_up_atlas import SPACE, made_up_benchmark, write_atlas, write_rivals

from tegnas_core.indicators.names import TEG
from tegnas_study.analysis import claims_record, rivals
from tegnas_study.analysis.across_draws import draw_tables
from tegnas_study.analysis.claims_record import RETRAINED, TEST
from tegnas_study.analysis.inputs import Inputs
from tegnas_study.analysis.records import read_record
from tegnas_study.analysis.subsets import oriented, subset, with_predictors
from tegnas_study.data.benchmark import load_benchmark
from tegnas_study.paths import ATLAS
from tegnas_study.tables.atlases import atlas, seed_tables
from tegnas_study.tables.ranking import kendall_tau, rank_sum

pytestmark = pytest.mark.slow

CLASSES = SPACE.classes()[:150]
ACCURACY = TEST["CIFAR-10"]


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("atlas")
    for seed in range(4):
        name = "made-up" if seed == 0 else f"made-up-seed{seed}"
        write_atlas(folder, itertools.product(CLASSES, (0,)), name=name)
    write_rivals(folder, [(a, 0) for a in CLASSES], name=rivals.TABLE)
    return Inputs("made-up", (made_up_benchmark(),), seed=0, n_draws=3, folder=folder)


@pytest.fixture(scope="module")
def tables(inputs):
    return claims_record.claims_record(inputs)


def value(table: pd.DataFrame, quantity: str, of: str, accuracy: str = "", among: str = "") -> pd.DataFrame:
    chosen = (table["quantity"] == quantity) & (table["of"] == of)
    return table[chosen & (table["accuracy"] == accuracy) & (table["among"] == among)]


def test_names_are_given_once(tables):
    names = ["quantity", "of", "accuracy", "among"]
    assert not tables["intervals"].duplicated(names).any()
    assert not tables["each"].duplicated([*names, "draw"]).any()


def test_each_draw_has_its_agreement(tables, inputs):
    found = value(tables["each"], "agreement", "rank_sum", ACCURACY, "all").set_index("draw")["value"]
    for draw, table in draw_tables(inputs.table, "made-up", folder=inputs.folder).items():
        rows = subset(table, "all", ACCURACY)
        assert found[draw] == pytest.approx(kendall_tau(oriented(rows, "rank_sum"), rows[ACCURACY]).tau)
    assert len(found) == 4


def test_a_gap_is_the_difference_of_two_agreements(tables):
    both = [value(tables["each"], "agreement", name, ACCURACY, "classes") for name in ("rank_sum", "parameters")]
    gap = value(tables["each"], "sum of ranks above", "parameters", ACCURACY, "classes")["value"]
    assert gap.to_numpy() == pytest.approx(both[0]["value"].to_numpy() - both[1]["value"].to_numpy())


def test_three_of_four_draws_can_be_averaged_in_four_ways(tables):
    found = value(tables["each"], "agreement of three", "condition_number", ACCURACY)
    assert len(found) == 4
    end = value(tables["intervals"], "agreement of three", "condition_number", ACCURACY).iloc[0]
    assert end["low"] <= end["high"]


def test_the_average_of_three_is_that_of_the_atlas():
    tables = [
        pd.DataFrame({"condition_number": [k, 2.0], "linear_regions": [r, 1.0], "regression_error": [1.0, e]})
        for k, r, e in ((1.0, 10.0, 2.0), (10.0, 20.0, 3.0), (100.0, 60.0, 4.0))
    ]
    found = claims_record._average(tables)
    assert found["condition_number"].tolist() == pytest.approx([10.0, 2.0])
    assert found["linear_regions"].tolist() == [30.0, 1.0]
    assert found["regression_error"].tolist() == [1.0, 3.0]
    assert found["rank_sum"].tolist() == rank_sum(found[[*TEG]]).tolist()


def test_a_rise_is_told_by_more_than_two_coins():
    pairs = pd.DataFrame(
        {
            "change_accuracy": [1.0, 1.0, -1.0, -1.0, 0.1],
            "better_condition_number": [1, -1, 1, -1, 1],
            "better_linear_regions": [-1, 1, -1, -1, 1],
        }
    )
    found = claims_record._shares(pairs, margin=0.5)(np.ones(5, int))
    assert found == {"better": 0.5, "either when better": 1.0, "either above chance": 0.5, "cases": 2.0}


@pytest.mark.parametrize("draw", seed_tables()[:2])
@pytest.mark.parametrize("name", ["condition_number", "linear_regions", "regression_error", "rank_sum"])
def test_the_committed_record_is_what_the_atlas_says(name, draw):
    """By the accuracies that every machine has; the others need files of the benchmark."""
    table = with_predictors(atlas(draw, repeats=1, folder=ATLAS, benchmark=load_benchmark("analog")))
    rows = subset(table, "all", RETRAINED)
    found = value(read_record("claims").tables["each"].fillna(""), "agreement", name, RETRAINED, "all")
    recorded = found.set_index("draw")["value"][draw]
    assert recorded == pytest.approx(kendall_tau(oriented(rows, name), rows[RETRAINED]).tau, abs=1e-5)


def test_the_committed_record_holds_draws_of_the_atlas():
    """A draw may join the atlas before the record is made anew."""
    found = value(read_record("claims").tables["each"], "agreement", "rank_sum", ACCURACY, "all")
    assert list(found["draw"]) == list(seed_tables())[: len(found)]
    assert len(found) > 1


def test_both_records_of_draws_say_the_same():
    """Chapters read one, the ledger the other; where both were made of the same draws they must not differ."""
    recorded, chapters = read_record("claims").tables["intervals"].fillna(""), read_record("draws").tables
    each = read_record("claims").tables["each"]
    shared = chapters["agreements"]
    shared = shared[shared["accuracy"].isin(TEST.values()) & (shared["statistic"] == "rank_sum")]
    assert len(shared) > 5
    for row in shared.itertuples():
        found = value(recorded, "agreement", "rank_sum", row.accuracy, row.subset).iloc[0]
        if len(value(each, "agreement", "rank_sum", row.accuracy, row.subset)) == row.draws:
            assert tuple(found[["value", "low", "high"]]) == pytest.approx((row.mean, row.low, row.high), abs=2e-6)
