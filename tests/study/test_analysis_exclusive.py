"""Exclusive sets by their definition, their profiles by hand, chance and stability."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_atlas import sample_table

from tegnas_study.analysis.exclusive import (
    QUANTITIES,
    beside_chance,
    exclusive_sets,
    jaccard,
    members,
    overlaps,
    profile,
    profiles,
    random_profiles,
    stability,
)
from tegnas_study.tables.ranking import TEG

inf = math.inf
values = st.sampled_from([1.0, 2.0, 3.0, 4.0, inf])


@pytest.fixture(scope="module")
def table():
    return sample_table(700)


@given(st.integers(1, 30).flatmap(lambda n: st.lists(st.tuples(values, values, values), min_size=n, max_size=n)))
def test_sets_are_those_of_equations_10_to_12(rows):
    table = pd.DataFrame(rows, columns=TEG)
    found = exclusive_sets(table, 0.3)
    position = math.ceil(round(0.3 * len(table), 9)) - 1
    kappa, mse = (np.sort(table[name])[position] for name in ("condition_number", "regression_error"))
    regions = np.sort(table["linear_regions"].replace(inf, -inf))[::-1][position]
    for i, row in table.iterrows():
        good = {
            "condition_number": row["condition_number"] <= kappa and row["condition_number"] < inf,
            "linear_regions": regions <= row["linear_regions"] < inf,
            "regression_error": row["regression_error"] <= mse and row["regression_error"] < inf,
        }
        expected = {name: good[name] and sum(good.values()) == 1 for name in TEG}
        assert found.loc[i].to_dict() == expected
    assert found.sum(axis=1).max() <= 1


def test_different_values_give_tenths(table):
    rng = np.random.default_rng(0)
    shuffled = table.assign(**{name: rng.permutation(700) + 1.0 for name in TEG})
    sets = exclusive_sets(shuffled)
    assert (sets.sum() <= 70).all()
    assert (sets.sum() > 45).all()  # 70 · 0.9² when the three know nothing of each other


def test_a_profile_by_hand(table):
    chosen = (table["architecture"] == table["architecture"].iloc[0]).to_numpy()
    row = table.iloc[0]
    found = profile(members(table), chosen)
    assert found["size"] == 1
    assert found["share"] == pytest.approx(1 / 700)
    assert found["share_none"] == pytest.approx(row["n_none"] / 6)
    assert found["share_convolutions"] == pytest.approx((row["n_nor_conv_1x1"] + row["n_nor_conv_3x3"]) / 6)
    assert found["test_accuracy"] == pytest.approx(row["test_accuracy"])
    everything = profile(members(table), np.ones(700, bool))
    assert sum(everything[q] for q in QUANTITIES[:5]) == pytest.approx(1)
    assert everything["depth"] == pytest.approx(table["depth"].dropna().astype(float).mean())
    assert 1 <= everything["effective_depth"] + 1 <= 4


def test_profiles_are_those_of_the_sets(table):
    found = profiles(table, seed=0, n_draws=20)
    sets = exclusive_sets(table)
    for name in TEG:
        inside = table[sets[name]]
        assert found.value[name, "size"] == len(inside)
        assert found.value[name, "share_avg_pool_3x3"] == pytest.approx(inside["n_avg_pool_3x3"].mean() / 6)
    sizes = found.draws[[(name, "size") for name in TEG]]
    assert (sizes.std() > 0).all()
    gap = found.estimate(lambda s: s["linear_regions", "depth"] - s["condition_number", "depth"])
    assert gap.low <= gap.value <= gap.high


def test_an_empty_set_has_no_mean(table):
    same = table.assign(**{name: table["linear_regions"].rank() for name in TEG})
    same[["condition_number", "regression_error"]] *= -1  # all three agree: nothing is exclusive
    found = profiles(same, seed=0, n_draws=3)
    assert found.value["condition_number", "size"] == 0
    assert math.isnan(found.value["condition_number", "depth"])


def test_random_sets_have_the_size_and_are_whole_classes(table):
    found = random_profiles(table, {"a": 50, "b": 200}, seed=0, n_draws=30)
    sizes = found[found["quantity"] == "size"].groupby("set")["value"].unique()
    assert sizes["a"].tolist() == [50]
    assert sizes["b"].tolist() == [200]
    shares = found[found["quantity"] == "share_none"].groupby("set")["value"]
    connected = table[table["connected"]]
    assert shares.mean()["b"] == pytest.approx(connected["n_none"].mean() / 6, abs=0.02)
    assert shares.std()["a"] > shares.std()["b"]


def test_sets_stand_beside_random_ones(table):
    found = profiles(table, seed=0, n_draws=3)
    sizes = {name: int(found.value[name, "size"]) for name in TEG}
    drawn = random_profiles(table, sizes, seed=0, n_draws=40)
    rows = beside_chance(found, drawn).set_index(["set", "quantity"])
    assert len(rows) == len(found.value)
    for name in TEG:
        assert rows.loc[(name, "depth"), "value"] == found.value[name, "depth"]
        assert rows.loc[(name, "size"), ["random_low", "random_high"]].tolist() == [sizes[name]] * 2
    assert (rows["random_low"] <= rows["random_high"]).all()


def test_overlaps_by_hand():
    table = pd.DataFrame(
        {
            "condition_number": [1.0, 2.0, 3.0, 4.0],
            "linear_regions": [9.0, 1.0, 8.0, 2.0],
            "regression_error": [1.0, 2.0, 3.0, 4.0],
        }
    )
    found = overlaps(table, 0.5)
    assert found.loc["condition_number"].tolist() == [2, 0, 1, 1]
    assert found.loc["linear_regions"].tolist() == [2, 1, 0, 1]
    assert found["alone"].tolist() == exclusive_sets(table, 0.5)[list(TEG)].sum().tolist()


def test_random_sets_depend_on_the_seed_alone(table):
    first, again, other = (
        random_profiles(table, {"a": 9}, seed=s, n_draws=2)["value"].tolist() for s in (1, 1, 2)
    )
    assert first == again != other


@pytest.mark.parametrize(
    "first, second, expected", [([1, 1, 0], [1, 0, 0], 0.5), ([1, 0], [0, 1], 0), ([1, 1], [1, 1], 1)]
)
def test_jaccard_by_hand(first, second, expected):
    assert jaccard(np.array(first, bool), np.array(second, bool)) == expected


def test_two_empty_sets_have_no_overlap_to_speak_of():
    assert math.isnan(jaccard(np.zeros(2, bool), np.zeros(2, bool)))


def rows_of(table, shuffled):
    """Two repeats of each class; in the second the values are shuffled or not."""
    classes = table.drop_duplicates("representative").rename(columns={"representative": "x", "architecture": "y"})
    first = classes[["x", "status", *TEG]].rename(columns={"x": "architecture"})
    order = np.random.default_rng(0).permutation(len(first)) if shuffled else np.arange(len(first))
    second = first.assign(**{name: first[name].to_numpy()[order] for name in TEG})
    return pd.concat([first.assign(repeat=0), second.assign(repeat=1)], ignore_index=True)


def test_equal_repeats_have_equal_sets(table):
    found = stability(table, rows_of(table, shuffled=False))
    assert found["set"].tolist() == [*TEG]
    assert found["jaccard"].tolist() == found["tenth"].tolist() == [1, 1, 1]
    assert (found["chance"] < 0.2).all()


def test_shuffled_repeats_overlap_by_chance(table):
    found = stability(table, rows_of(table, shuffled=True))
    assert (found["jaccard"] - found["chance"]).abs().max() < 0.15


def test_one_repeat_has_no_stability(table):
    rows = rows_of(table, shuffled=False)
    assert stability(table, rows[rows["repeat"] == 0]).empty
