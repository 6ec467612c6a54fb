"""Means, gaps and shares over seeds, against numbers that can be checked by hand."""

import numpy as np
import pandas as pd
import pytest

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.searches.estimates import (
    ACCURACIES,
    as_printed,
    by_seed,
    found_accuracies,
    gap,
    gaps_by_draw,
    mean_accuracies,
    paired_gaps,
    summary,
    with_row_columns,
)
from tegnas_study.tables.study_rows import ROW, StudyRow, ValueSource, columns_of

GOOD, BAD, ONCE = StudyRow("random", "teg"), StudyRow("random", "params"), StudyRow("te-nas")
SEEDS = {"seed": 1, "n_draws": 1000}


def outcomes(rows):
    return pd.DataFrame([{**columns_of(row), "seed": seed, "accuracy": value} for row, seed, value in rows])


@pytest.fixture
def paired():
    noise = np.random.default_rng(0).normal(scale=5.0, size=40)
    pairs = [(GOOD, seed, 80 + value) for seed, value in enumerate(noise)]
    pairs += [(BAD, seed, 79 + value) for seed, value in enumerate(noise)]
    return outcomes([*pairs, (ONCE, 0, 90.0)])


def means_of(outcomes, n_draws):
    return {"accuracy": mean_accuracies(outcomes, "accuracy", seed=2, n_draws=n_draws)}


def test_means_are_over_the_seeds_a_row_has(paired):
    means = mean_accuracies(paired, "accuracy", **SEEDS)
    by_hand = paired[paired["reward"] == "params"]["accuracy"].mean()
    assert means.value[BAD] == pytest.approx(by_hand)
    assert means.value[ONCE] == 90.0
    once = means.estimate(ONCE)
    assert (once.low, once.high) == (90.0, 90.0)


def test_a_gap_is_paired_by_seed(paired):
    means = mean_accuracies(paired, "accuracy", **SEEDS)
    found = gap(means, GOOD, BAD)
    assert (found.value, found.low, found.high) == pytest.approx((1.0, 1.0, 1.0))
    alone = means.estimate(GOOD)
    assert alone.high - alone.low > 1.0
    assert gap(means, BAD, GOOD) == -found


def test_the_interval_of_a_mean_is_the_usual_one(paired):
    rows = summary(paired, means_of(paired, n_draws=2000)).loc[GOOD]
    half = 1.96 * rows["sd"] / np.sqrt(rows["n"])
    assert (rows["high"] - rows["low"]) / 2 == pytest.approx(half, rel=0.1)
    assert rows["sd"] == pytest.approx(paired[paired["reward"] == "teg"]["accuracy"].iloc[:40].std())


def test_the_accuracies_of_the_tables_are_found_by_their_names(paired):
    columns = {name: paired["accuracy"] + shift for shift, name in enumerate(ACCURACIES.values())}
    means, table = found_accuracies(paired.assign(**columns), **SEEDS)
    alone = mean_accuracies(paired, "accuracy", **SEEDS).estimate(GOOD)
    assert [*means] == [*ACCURACIES]
    for shift, name in enumerate(ACCURACIES):
        assert means[name].value[GOOD] == pytest.approx(alone.value + shift)
        row = table[table["accuracy"] == ACCURACIES[name]].loc[GOOD]
        assert (row["low"], row["high"]) == pytest.approx((alone.low + shift, alone.high + shift))


def test_a_search_that_is_there_twice_is_refused():
    with pytest.raises(TegnasError, match="twice"):
        by_seed(outcomes([(GOOD, 0, 1.0), (GOOD, 0, 2.0)]), "accuracy")


def test_a_row_that_is_not_there_is_named(paired):
    means = mean_accuracies(paired, "accuracy", **SEEDS)
    with pytest.raises(TegnasError, match=r"no row \(local, teg, teg, atlas\)"):
        gap(means, GOOD, StudyRow("local"))


def test_a_summary_is_printed_as_papers_do(paired):
    found = summary(paired, means_of(paired, n_draws=9))
    printed = as_printed(found)
    row = found.loc[BAD]
    assert printed.loc[BAD, "accuracy"] == f"{row['mean']:.2f} ± {row['sd']:.2f}"
    assert printed.loc[ONCE, "accuracy"] == "90.00"


def test_the_fields_of_a_row_become_columns(paired):
    rows = with_row_columns(summary(paired, means_of(paired, n_draws=9)))
    assert [StudyRow(**row) for row in rows[[*ROW]].to_dict("records")] == [GOOD, BAD, ONCE]


def test_gaps_come_with_their_verdict(paired):
    means = {"accuracy": mean_accuracies(paired, "accuracy", **SEEDS)}
    found = paired_gaps(means, {"up": (GOOD, BAD), "down": (BAD, GOOD)}).set_index("claim")
    assert found["verdict"].to_dict() == {"up": "holds", "down": "does not hold"}
    assert found.loc["down", "high"] == pytest.approx(-1.0)


def test_single_draws_are_compared_one_by_one():
    draws = [StudyRow("random", source=ValueSource(repeat=k)) for k in range(2)]
    rows = [(draws[0], 0, 5.0), (draws[0], 1, 7.0), (draws[1], 0, 1.0), (GOOD, 0, 9.0), (BAD, 0, 4.0)]
    means = mean_accuracies(outcomes(rows), "accuracy", **SEEDS)
    gaps = gaps_by_draw(means, "random", BAD)
    assert gaps == {ValueSource(repeat=0): 2.0, ValueSource(repeat=1): -3.0}
