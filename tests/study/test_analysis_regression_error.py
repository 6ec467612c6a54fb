"""The parts of the error, its variants and partial τ, on errors made up from known parts."""

import math

import numpy as np
import pytest
from made_up_atlas import sample_table

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.regression_error import (
    PARTIALS,
    VARIANTS,
    estimates,
    label_shares,
    partial,
    value_table,
    variant_agreements,
    with_parts,
)
from tegnas_study.analysis.subsets import with_predictors
from tegnas_study.tables.ranking import kendall_tau

TRIVIAL = 0.9


@pytest.fixture(scope="module")
def table():
    """Errors with known parts: the norm follows the accuracy, the alignment is noise."""
    made_up = with_predictors(sample_table(900))
    rng, n = np.random.default_rng(0), len(made_up)
    quality = (made_up["test_accuracy"] - 80) / 10
    made_up["control_norm"] = np.exp(0.05 * rng.normal(size=n) - quality)
    made_up["control_alignment"] = 0.05 * rng.random(n)
    made_up["regression_error"] = made_up["control_norm"] - 2 * made_up["control_alignment"] + TRIVIAL
    made_up["control_permuted"] = made_up["control_norm"] + TRIVIAL
    made_up["control_ridge_1"] = TRIVIAL + 0.1 * rng.normal(size=n)
    made_up["control_last"] = TRIVIAL + rng.random(n)
    made_up["control_kappa_cells"] = made_up["condition_number"] * np.exp(0.1 * rng.normal(size=n))
    for name in ("control_permuted", "control_norm", "regression_error", "control_last"):
        made_up.loc[~made_up["connected"], name] = math.inf
    made_up.loc[~made_up["connected"], "control_alignment"] = math.nan
    return with_parts(made_up)


@pytest.fixture(scope="module")
def found(table):
    return variant_agreements(table, seed=0, n_draws=20)


def test_the_trivial_error_follows_from_the_parts(table):
    connected = table[table["connected"]]
    assert connected["trivial"].tolist() == pytest.approx([TRIVIAL] * len(connected))
    assert connected["label_gain"].tolist() == pytest.approx((2 * connected["control_alignment"]).tolist())
    assert table.loc[~table["connected"], ["trivial", "label_gain"]].isna().all(axis=None)


def test_a_table_without_controls_says_so():
    with pytest.raises(TegnasError, match="no controls; sweep with --controls"):
        with_parts(sample_table(5).drop(columns="control_permuted"))


def test_variants_are_turned_so_that_larger_is_better(table, found):
    connected = table[table["connected"]]
    expected = kendall_tau(-connected["regression_error"], connected["test_accuracy"]).tau
    assert found.value["regression_error"] == pytest.approx(expected)
    assert found.value["control_alignment"] == pytest.approx(
        kendall_tau(connected["control_alignment"], connected["test_accuracy"]).tau
    )
    assert found.value["control_norm"] > 0.4
    assert abs(found.value["control_ridge_1"]) < 0.1


def test_variants_that_are_absent_are_left_out(found):
    assert "control_lga" in VARIANTS
    assert "control_lga" not in found.value
    assert "regression_error ~ condition_number" in found.value


def test_every_member_is_connected(table):
    above = variant_agreements(
        table.assign(test_accuracy=95.0 + table.index / 1e4), name="above 90", seed=0, n_draws=1
    )
    connected = table[table["connected"]]
    expected = kendall_tau(-connected["regression_error"], connected.index).tau
    assert above.value["regression_error"] == pytest.approx(expected)


def test_partial_tau_is_its_formula():
    s = {"regression_error": 0.5, "condition_number": 0.4, "regression_error ~ condition_number": 0.6}
    expected = (0.5 - 0.6 * 0.4) / math.sqrt((1 - 0.6**2) * (1 - 0.4**2))
    assert partial("regression_error", "condition_number")(s) == pytest.approx(expected)
    other_way = (0.4 - 0.6 * 0.5) / math.sqrt((1 - 0.6**2) * (1 - 0.5**2))
    assert partial("condition_number", "regression_error")(s) == pytest.approx(other_way)


def test_partial_tau_given_a_stranger_changes_nothing():
    s = {"regression_error": 0.5, "parameters": 0.0, "regression_error ~ parameters": 0.0}
    assert partial("regression_error", "parameters")(s) == 0.5


def test_estimates_hold_statistics_partials_and_differences(found):
    rows = estimates(found).set_index("statistic")
    assert {*found.value.index} <= {*rows.index}
    assert {f"{x} | {z}" for x, z in PARTIALS} <= {*rows.index}
    gap = rows.loc["regression_error − control_permuted"]
    values = found.value
    assert gap["value"] == pytest.approx(values["regression_error"] - values["control_permuted"])
    assert gap["low"] <= gap["value"] <= gap["high"]
    assert gap["value"] != rows.loc["regression_error − control_last", "value"]


def test_values_stand_beside_the_trivial_error(table):
    values = value_table(table)
    assert values.loc["control_permuted", "below"] == 0
    assert values.loc["control_ridge_1", "below"] == pytest.approx(0.5, abs=0.1)
    connected = table[table["connected"]]
    assert values.loc["regression_error", "median"] == pytest.approx(connected["regression_error"].median())
    assert values.loc["control_last", "smallest"] == pytest.approx(connected["control_last"].min())
    assert "control_norm" not in values.index


def test_label_shares(table):
    shares = label_shares(table)
    assert shares["true_is_smaller"] == 1
    assert shares["ratio"] < 1
    assert shares["norm_share"] == pytest.approx(1, abs=0.1)
    assert 0 < shares["alignment_share"] < 0.1
