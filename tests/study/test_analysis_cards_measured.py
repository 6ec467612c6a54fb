"""Where an indicator was measured is found by columns, and the best table of each network is chosen."""

import numpy as np
import pytest
from made_up_atlas import SPACE, made_up_row, write_rivals, write_rows

from tegnas_core.errors import TegnasError
from tegnas_core.indicators.names import INDICATORS
from tegnas_core.settings import NETWORKS, make_settings
from tegnas_study.analysis.cards.measured import (
    NAMES,
    counted,
    directions,
    grounds,
    measurements,
    space_table,
    values,
)
from tegnas_study.tables.sizes import complexity_table

CLASSES = SPACE.classes()[:60]


def write_with(folder, name, architectures, *, repeats=1, seed=0, images="cifar10", extra=None, **changed):
    settings = make_settings("teg", **changed)
    rows = [made_up_row(a, r, settings) for a in architectures for r in range(repeats)]
    rows = [row | {"seed": seed, "images": images} | (extra or {}) for row in rows]
    write_rows(folder, rows, settings, name=name)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("atlas")
    write_with(path, "a-sample", CLASSES[:40], repeats=3)
    write_with(path, "b-small-batch", CLASSES, batch_size=16, repeats=3)
    write_with(path, "c-other-seed", CLASSES, seed=5)
    write_with(path, "d-main", CLASSES, extra={"control_lga": 0.5})
    write_with(path, "e-benchmark", CLASSES[:50], **NETWORKS["benchmark"])
    write_with(path, "f-other", CLASSES[:35], width=8)
    write_rivals(path, [(a, 0) for a in CLASSES])
    return path


def test_every_known_indicator_is_a_name_once():
    assert sorted(NAMES) == sorted([*INDICATORS, "rank_sum"])


def test_tables_are_found_by_their_columns(folder):
    assert [m.table for m in measurements("naswot", folder)] == ["made-up-rivals"]
    teg = [m.table for m in measurements("rank_sum", folder)]
    assert teg == ["a-sample", "b-small-batch", "c-other-seed", "d-main", "e-benchmark", "f-other"]
    assert measurements("parameters", folder) == ()
    with pytest.raises(TegnasError, match="there is no indicator 'x'"):
        measurements("x", folder)


def test_the_ground_of_a_network_is_the_fullest_table_with_the_default_settings(folder):
    found = {m.network: m.table for m in grounds("condition_number", folder)}
    assert found == {"proxy": "d-main", "benchmark": "e-benchmark", "8 channels, 1 cells a stage": "f-other"}
    assert [*found] == ["proxy", "benchmark", "8 channels, 1 cells a stage"]


def test_alignment_is_a_control_of_the_main_table(folder):
    (found,) = measurements("label_gradient_alignment", folder)
    table = values(found, folder)
    assert found.table == "d-main" and set(table["label_gradient_alignment"]) == {0.5}


def test_values_are_of_what_was_measured(folder):
    table = values(grounds("condition_number", folder)[0], folder)
    assert {*table["representative"]} == {str(a) for a in CLASSES}
    assert {"condition_number", "connected"} <= {*table.columns}


def test_directions_are_those_of_the_names():
    assert directions("rank_sum") == {
        "condition_number": False,
        "linear_regions": True,
        "regression_error": False,
    }
    assert directions("naswot") == {"naswot": True}


def test_what_is_counted_needs_no_table():
    sizes = complexity_table().set_index("architecture")
    assert counted("flops")["flops"].tolist() == sizes["flops"].tolist()
    depth = counted("depth")["depth"]
    assert depth.isna().sum() == sizes["depth"].isna().sum() > 0
    assert np.nanmax(depth) == 3


def test_the_space_has_classes_and_sizes(folder):
    space = space_table(folder)
    assert len(space) == 15_625 and space["parameters"].notna().all()
    assert set(space.columns) == {"architecture", "representative", "connected", "parameters"}


def test_a_folder_without_tables_still_knows_the_space(tmp_path):
    assert len(space_table(tmp_path)) == 15_625
    assert grounds("naswot", tmp_path) == ()
