"""An indicator beside itself: τ of the common classes, and what was changed in words."""

import pytest
from made_up_atlas import SPACE, made_up_row, write_rows
from scipy import stats

from tegnas_core.settings import NETWORKS, make_settings
from tegnas_study.analysis.cards import sensitivity
from tegnas_study.analysis.cards.measured import grounds, measurements
from tegnas_study.analysis.cards.sensitivity import changed, sensitivities

CLASSES = [a for a in SPACE.classes()[:90] if made_up_row(a, 0, make_settings("teg"))["status"] == "ok"]


def write(
    folder, name, architectures, *, repeats=(0,), seed=0, images="cifar10", preset="teg", **settings_changed
):
    settings = make_settings(preset, **settings_changed)
    rows = [made_up_row(a, r, settings) | {"repeat": k} for a in architectures for k, r in enumerate(repeats)]
    write_rows(folder, [row | {"seed": seed, "images": images} for row in rows], settings, name=name)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("atlas")
    write(path, "main", CLASSES, repeats=(0, 1))
    write(path, "seed1", CLASSES[:60], seed=1, repeats=(5,))
    write(path, "seed2", CLASSES[10:], seed=2, repeats=(6,))
    write(path, "batch", CLASSES, batch_size=16, repeats=(0, 1))
    write(path, "network", CLASSES, **NETWORKS["benchmark"])
    write(path, "images", CLASSES, images="noise")
    write(path, "several", CLASSES, initialisation="orthogonal", batch_size=8)
    write(path, "few", CLASSES[:20], initialisation="orthogonal")
    return path


@pytest.fixture(scope="module")
def reference(folder):
    return next(m for m in measurements("linear_regions", folder) if m.table == "main")


def test_the_fullest_table_is_the_reference(folder, reference):
    assert grounds("linear_regions", folder)[0] == reference


def test_changes_are_named_by_what_they_are_about(folder, reference):
    found = {m.table: changed(m, reference) for m in measurements("linear_regions", folder)}
    assert found == {
        "main": ("", ""),
        "seed1": ("draw", "other weights and another batch"),
        "seed2": ("draw", "other weights and another batch"),
        "batch": ("batch", "batch_size=16"),
        "network": ("network", "width=16, cells_per_stage=5"),
        "images": ("images", "images noise"),
        "several": ("settings", "initialisation=orthogonal, batch_size=8"),
        "few": ("initialisation", "initialisation=orthogonal"),
    }


@pytest.fixture
def without_sample(monkeypatch):
    monkeypatch.setattr(sensitivity, "_sample", frozenset)


def test_the_sample_of_all_tables_is_taken_where_it_is_there(folder, reference):
    found = {row.change: row for row in sensitivities(reference, folder, seed=0, n_draws=2)}["images noise"]
    sampled = {SPACE.representative(a) for a in SPACE.sample_many(1000, seed=0)} & {*CLASSES}
    assert found.n == (len(sampled) if len(sampled) >= 30 else len(CLASSES))


def test_tau_is_that_of_the_common_classes(folder, reference, without_sample):
    rows = {row.change: row for row in sensitivities(reference, folder, seed=0, n_draws=5)}
    assert "initialisation=orthogonal" not in rows  # twenty classes are too few
    draw, settings = rows["other weights and another batch"], make_settings("teg")
    assert (draw.tables, draw.repeats, draw.n) == (("seed1", "seed2"), 1, 50)
    values = {r: [made_up_row(a, r, settings)["linear_regions"] for a in CLASSES[10:60]] for r in (0, 5, 6)}
    taus = [stats.kendalltau(values[0], values[r]).statistic for r in (5, 6)]
    assert draw.tau.value == pytest.approx(sum(taus) / 2)


def test_equal_values_agree_by_one(folder, reference, without_sample):
    rows = {row.change: row for row in sensitivities(reference, folder, seed=0, n_draws=5)}
    assert rows["batch_size=16"].tau.numbers == pytest.approx((1, 1, 1)) and rows["batch_size=16"].repeats == 2
    assert next(row.kind for row in rows.values()) == "draw"
