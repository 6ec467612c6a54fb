"""Agreement in the parts of the space against scipy's τ and ρ, and for a perfect indicator."""

import numpy as np
import pandas as pd
import pytest
from made_up_atlas import sample_table
from scipy import stats

from tegnas_study.analysis.cards.agreement import agreements
from tegnas_study.analysis.cards.scored import scored
from tegnas_study.tables.ranking import partial_tau
from tegnas_study.tables.sizes import complexity_table


@pytest.fixture(scope="module")
def table():
    made_up = sample_table(400)
    sizes = complexity_table().set_index("architecture")["parameters"]
    return made_up.assign(parameters=made_up["architecture"].map(sizes).astype(float))


def judged(table, values, n_draws=10, higher_is_better=True):
    by_name = table.set_index("architecture")
    found = scored(
        pd.DataFrame({"value": values}, index=by_name.index),
        table[["architecture", "representative", "connected", "parameters"]],
        by_name["test_accuracy"],
        {"value": higher_is_better},
        what="made up",
    )
    return {a.part: a for a in agreements(found, seed=0, n_draws=n_draws)}


def one_of(members):
    """The representative of a class where it is there, and otherwise its first member."""
    own = members[members["architecture"] == members["representative"]]
    return (own if len(own) else members).index[0]


def test_agreements_are_those_of_scipy(table):
    values = table["linear_regions"].to_numpy(float)
    found = judged(table, values)
    for part, rows in (
        ("all", table),
        ("classes", table.loc[[one_of(rows) for _, rows in table.groupby("representative")]]),
        ("top tenth", table[table["test_accuracy"] >= np.sort(table["test_accuracy"])[-40]]),
    ):
        x, y, z = rows["linear_regions"], rows["test_accuracy"], rows["parameters"]
        xy, xz, yz = (stats.kendalltau(*pair).statistic for pair in ((x, y), (x, z), (y, z)))
        assert found[part].n == len(rows)
        assert found[part].tau.value == pytest.approx(xy)
        assert found[part].rho.value == pytest.approx(stats.spearmanr(x, y).statistic)
        assert found[part].partial.value == pytest.approx((xy - xz * yz) / ((1 - xz**2) * (1 - yz**2)) ** 0.5)
        assert found[part].beyond_parameters.value == pytest.approx(xy - yz)
        assert found[part].tau.low <= found[part].tau.high


def test_pairs_of_equal_size_are_compared_within_their_size(table):
    found = judged(table, table["linear_regions"].to_numpy(float))["equal size"]
    total, weights = 0.0, 0
    sizes = table[table["connected"]].groupby("parameters")
    for rows in (rows for _, rows in sizes if len(rows) > 1):
        tau = stats.kendalltau(rows["linear_regions"], rows["test_accuracy"]).statistic
        if np.isfinite(tau):
            weights += len(rows) * (len(rows) - 1) / 2
            total += tau * len(rows) * (len(rows) - 1) / 2
    assert found.tau.value == pytest.approx(total / weights)
    assert found.beyond_parameters == found.tau
    assert np.isnan(found.partial.value)


def test_a_perfect_indicator_agrees_by_one_everywhere(table):
    for sign in (1, -1):
        found = judged(table, sign * table["test_accuracy"].to_numpy(), higher_is_better=sign > 0)
        for agreement in found.values():
            assert agreement.tau.numbers == pytest.approx((1, 1, 1))
            assert agreement.rho.numbers == pytest.approx((1, 1, 1))
        assert found["all"].partial.value == pytest.approx(1)


def test_the_number_of_parameters_is_not_beyond_itself(table):
    found = judged(table, table["parameters"].to_numpy())
    assert found["all"].beyond_parameters.numbers == (0, 0, 0)
    assert np.isnan(found["all"].partial.value)  # nothing is left
    assert np.isnan(found["equal size"].tau.value)


def test_partial_tau_of_what_both_owe_to_a_third_is_zero():
    assert partial_tau(0.12, 0.3, 0.4) == pytest.approx(0)
    assert partial_tau([0.5, 0.5], [0.0, 1.0], [0.0, 0.2]) == pytest.approx([0.5, np.nan], nan_ok=True)
