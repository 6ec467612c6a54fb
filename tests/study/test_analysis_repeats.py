"""Single repeats and redrawn ones, on a made-up atlas with one, two and partial repeats."""

import math

import numpy as np
import pandas as pd
import pytest
from made_up_atlas import sample_table

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.repeats import (
    agreement_between,
    agreement_of_each,
    resampled_repeats,
    usable_repeats,
)
from tegnas_study.tables.ranking import TEG, kendall_tau
from tegnas_study.tables.repeats import of_repeat


def rows_of(table, *, noise, n_repeats, seed=0):
    """One row a class and repeat: the table's own values, with noise on a logarithmic scale."""
    rng, parts = np.random.default_rng(seed), []
    classes = table.drop_duplicates("representative")
    for repeat in range(n_repeats):
        part = classes[["representative", "status", *TEG]].rename(columns={"representative": "architecture"})
        for name in TEG:
            part[name] = part[name] * np.exp(noise * rng.normal(size=len(part)))
        parts.append(part.assign(repeat=repeat))
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def table():
    return sample_table(500)


@pytest.mark.parametrize(
    "counts, expected", [([10], 1), ([10, 10, 10], 3), ([10, 5, 10], 3), ([10, 4, 10], 1), ([0, 10], 0), ([], 0)]
)
def test_a_repeat_counts_when_half_of_them_have_it(counts, expected):
    rows = [(f"cell-{i}", repeat) for repeat, n in enumerate(counts) for i in range(n)]
    assert usable_repeats(pd.DataFrame(rows, columns=["architecture", "repeat"])) == expected


def test_a_repeat_takes_the_place_of_the_averages(table):
    rows = rows_of(table, noise=0.5, n_repeats=2)
    alone = of_repeat(table, rows, 1)
    assert len(alone) == len(table)
    chosen = rows[rows["repeat"] == 1].set_index("architecture")
    assert alone["linear_regions"].tolist() == [chosen.loc[r, "linear_regions"] for r in table["representative"]]
    partial = of_repeat(table, rows.drop(index=rows[rows["repeat"] == 1].index[:9]), 1)
    assert 0 < len(partial) < len(table)
    with pytest.raises(TegnasError, match="there is no repeat 7"):
        of_repeat(table, rows, 7)


def test_each_repeat_has_its_own_agreement(table):
    rows = rows_of(table, noise=0.3, n_repeats=3)
    found = agreement_of_each(table, rows).set_index(["repeat", "predictor"])["tau"]
    assert len(found) == 3 * 4
    alone = of_repeat(table, rows, 2)
    expected = kendall_tau(alone["linear_regions"], alone["test_accuracy"]).tau
    assert found[2, "linear_regions"] == pytest.approx(expected)
    assert found[0, "condition_number"] != found[1, "condition_number"]


def test_repeats_without_noise_agree_completely(table):
    found = agreement_between(table, rows_of(table, noise=0.0, n_repeats=3))
    assert len(found) == 3 * 4
    assert found["tau"].tolist() == pytest.approx([1.0] * 12)


def test_noise_lowers_the_agreement_of_two_repeats(table):
    found = agreement_between(table, rows_of(table, noise=0.5, n_repeats=2)).set_index("predictor")["tau"]
    assert 0.1 < found["condition_number"] < 0.9


def test_redrawn_repeats_without_noise_leave_no_doubt(table):
    rows = rows_of(table, noise=0.0, n_repeats=2)
    found = resampled_repeats(table, rows, average="geometric", seed=0, n_draws=4).estimate("rank_sum")
    assert found.low == pytest.approx(found.high) == pytest.approx(found.value)


def test_redrawn_repeats_are_averaged_by_the_rule(table):
    rows = rows_of(table, noise=1.0, n_repeats=3)
    found = resampled_repeats(table, rows, average="geometric", seed=0, n_draws=10)
    matrix = rows.pivot(index="architecture", columns="repeat", values="condition_number")
    kappa = np.exp(np.log(matrix).mean(axis=1)).replace(np.nan, math.inf)
    expected = kendall_tau(-table["representative"].map(kappa), table["test_accuracy"]).tau
    assert found.value["condition_number"] == pytest.approx(expected)
    other = resampled_repeats(table, rows, average="arithmetic", seed=0, n_draws=10)
    assert found.value["condition_number"] != other.value["condition_number"]
    assert found.value["linear_regions"] == other.value["linear_regions"]
    assert found.draws["condition_number"].std() > 0


def test_one_repeat_cannot_be_redrawn(table):
    rows = rows_of(table, noise=0.1, n_repeats=1)
    assert resampled_repeats(table, rows, average="geometric", seed=0, n_draws=4) is None
    assert agreement_between(table, rows).empty
