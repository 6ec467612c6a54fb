"""Rivals on two networks, combinations and the ceiling as tables: their columns, and numbers by SciPy."""

import pytest
from made_up_atlas import NEWER, SPACE, made_up_benchmark, write_atlas, write_newer_rivals, write_rivals
from scipy import stats

from tegnas_study.analysis import together as t
from tegnas_study.analysis.combinations import INDICATORS, NAMED, chooses, measured
from tegnas_study.tables.atlases import atlas

ACCURACY, OPTIONS = "cifar10_test_200", {"seed": 0, "n_draws": 10}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """An atlas of 200 classes; 120 have rivals of the benchmark's network, 100 of them also those of the proxy."""
    folder, cells = tmp_path_factory.mktemp("atlas"), SPACE.classes()
    write_atlas(folder, [(cell, 0) for cell in cells[:200]], name="teg-cifar10")
    write_newer_rivals(folder, cells[:120], name=t.BENCHMARK_TABLE)
    write_rivals(folder, [(cell, 0) for cell in cells[20:150]], name=t.TABLE)
    return folder, atlas("teg-cifar10", benchmark=made_up_benchmark(), folder=folder)


def test_every_network_is_judged_on_the_same_classes(made):
    folder, table = made
    found = t.network_table(table, ACCURACY, folder=folder, **OPTIONS)
    assert set(found["n"]) == {100} and set(found["network"]) == {"none", "proxy", "benchmark's network"}
    row = found[(found["network"] == "proxy") & (found["predictor"] == "naswot")].iloc[0]
    chosen = table[table["architecture"].isin([str(cell) for cell in SPACE.classes()[20:120]])]
    values = atlas(t.TABLE, folder=folder).loc[chosen.index, "naswot"].replace(-float("inf"), -1e9)
    assert row["tau"] == pytest.approx(stats.kendalltau(values, chosen[ACCURACY]).statistic)
    assert row["rho"] == pytest.approx(stats.spearmanr(values, chosen[ACCURACY]).statistic)
    assert (found["low"] <= found["high"]).all()
    assert {*found.loc[found["network"] == "benchmark's network", "predictor"]} == {*NEWER}


def test_a_network_without_tables_is_left_out(made, tmp_path):
    folder, table = made
    (tmp_path / f"{t.TABLE}.parquet").symlink_to(folder / f"{t.TABLE}.parquet")
    found = t.network_table(table, ACCURACY, folder=tmp_path, **OPTIONS)
    assert set(found["network"]) == {"none", "proxy"} and set(found["n"]) == {130}


def test_what_one_half_chose_is_reported_in_the_other(made):
    folder, table = made
    rows = measured(table, ACCURACY, folder=folder)
    found = t.combination_tables(rows, ACCURACY, most=1, **OPTIONS)
    mine = chooses(rows["representative"])
    assert set(found["chosen"]["n"]) == {mine.sum()} and set(found["reported"]["n"]) == {(~mine).sum()}
    best = found["chosen"].set_index("choice")["combination"]
    assert best["chosen"].removesuffix(" (log ranks)") in INDICATORS
    assert best[t.WITHOUT_SIZE] not in ("parameters", "flops")
    reported = found["reported"].set_index("name")["tau"]
    assert {*NAMED, "chosen", t.WITHOUT_SIZE, "meco"} <= {*reported.index}
    gains = found["gains"].set_index(["choice", "over"])["difference"]
    assert gains["chosen", "TEG"] == pytest.approx(reported["chosen"] - reported["TEG"])


def test_the_ceiling_has_a_row_for_each_kind_of_features_and_each_number_of_classes(made):
    folder, table = made
    rows = measured(table, ACCURACY, folder=folder)
    found = t.ceiling_table(rows, ACCURACY, n_trees=5, n_folds=2, **OPTIONS)
    assert found["features"].value_counts().to_dict() == dict.fromkeys(("cell", "indicators", "both"), 2)
    assert found["learned"].tolist()[:2] == [25, 60]
    assert found.notna().all(axis=None)
