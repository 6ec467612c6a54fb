"""The atlas as one table: classes, raw strings, growing tables, what is wrong with a file."""

import itertools
import math

import pandas as pd
import pyarrow.parquet as pq
import pytest
from made_up_atlas import SPACE, made_up_rivals, made_up_row, write_atlas, write_rivals, write_rows

import tegnas_study
from tegnas_core.errors import TegnasError
from tegnas_core.settings import make_settings
from tegnas_core.spaces.architecture import Architecture
from tegnas_study.data.benchmark import Benchmark
from tegnas_study.tables.atlases import (
    Coverage,
    atlas,
    atlas_coverage,
    atlas_names,
    atlas_repeats,
    atlas_settings,
    seed_tables,
)
from tegnas_study.tables.sizes import complexity_of

CLASSES = SPACE.classes()
NONE = Architecture(("none",) * 6)
SKIPS = Architecture(("skip_connect",) * 6)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Every class once, the first hundred and the disconnected one twice; and a few raw strings."""
    path = tmp_path_factory.mktemp("atlas")
    first = [(a, 0) for a in CLASSES]
    write_atlas(path, [*first, *((a, 1) for a in CLASSES[:100])], name="growing")
    write_atlas(path, itertools.product((*CLASSES[:50], NONE), (0, 1)), name="partial")
    write_atlas(
        path, [(SPACE.all()[0], 0), (SPACE.representative(SPACE.all()[1]), 0)], name="few", preset="released"
    )
    write_rivals(path, itertools.product((*CLASSES[:60], NONE), (0, 1)), name="rivals")
    return path


@pytest.fixture(scope="module")
def growing(folder):
    return atlas("growing", folder=folder)


def test_every_architecture_has_its_row_in_index_order(growing):
    assert growing["architecture"].tolist() == [str(a) for a in SPACE.all()]
    assert growing.index.name == "index"
    assert growing.index.tolist() == list(range(15_625))
    assert growing.attrs["images"] == "synthetic"
    assert growing.attrs["seed"] == 0


def test_members_of_a_class_share_the_numbers_of_their_representative(growing):
    assert growing["representative"].nunique() == 5_260
    assert growing.groupby("representative")["linear_regions"].nunique().eq(1).all()
    row = growing.iloc[7]
    expected = made_up_row(Architecture.parse(row["representative"]), 0, make_settings("teg"))
    assert row["linear_regions"] == expected["linear_regions"]
    assert row["control_permuted"] == expected["control_permuted"]


def test_structure_stands_beside_the_numbers(growing):
    row = growing.set_index("architecture").loc[str(SKIPS)]
    assert row["connected"]
    assert (row["depth"], row["effective_depth"], row["n_live_edges"], row["n_skip_connect"]) == (3, 0, 6, 6)
    assert (~growing["connected"]).sum() == growing["depth"].isna().sum() == 341
    assert (growing["status"] == "disconnected").sum() == 341
    assert (growing["n_convolutions"] == growing["n_nor_conv_1x1"] + growing["n_nor_conv_3x3"]).all()
    assert (growing["n_live_convolutions"] <= growing["n_convolutions"]).all()
    assert (growing["n_live_convolutions"] == 0).sum() == 1_983


def test_averages_are_over_equally_many_repeats_unless_more_are_asked_for(folder, growing):
    assert set(growing["n_repeats"]) == {1}
    more = atlas("growing", repeats=2, folder=folder)
    assert set(more["n_repeats"]) == {1, 2}
    twice = more[more["n_repeats"] == 2].iloc[0]
    settings = make_settings("teg")
    kappas = [
        made_up_row(Architecture.parse(twice["representative"]), r, settings)["condition_number"] for r in (0, 1)
    ]
    assert twice["condition_number"] == pytest.approx(math.sqrt(kappas[0] * kappas[1]))


def test_missing_stays_missing(folder):
    table = atlas("partial", folder=folder)
    missing = table[table["status"] == "missing"]
    assert missing["condition_number"].isna().all()
    assert (missing["n_repeats"] == 0).all()
    present = table[table["status"] != "missing"]
    assert present["representative"].isin([str(a) for a in (*CLASSES[:50], NONE)]).all()
    assert set(present["n_repeats"]) == {2}


def test_raw_numbers_belong_to_their_string_alone(folder):
    table = atlas("few", folder=folder)
    present = table[table["status"] != "missing"]
    assert set(present["architecture"]) == {str(SPACE.all()[0]), str(SPACE.representative(SPACE.all()[1]))}
    assert (table["representative"] == table["architecture"]).all()


def test_rows_name_their_class(tmp_path):
    other = next(a for a in SPACE.all() if SPACE.representative(a) != a)
    write_atlas(tmp_path, [(other, 0), (SPACE.representative(other), 0)])
    rows = atlas_repeats("made-up", folder=tmp_path)
    assert rows["architecture"].tolist() == [str(SPACE.representative(other))]
    assert atlas_settings("made-up", folder=tmp_path) == make_settings("teg")


def test_coverage_counts_what_is_there(folder):
    assert atlas_names(folder) == ("few", "growing", "partial", "rivals")
    found = atlas_coverage("growing", folder=folder)
    assert found == Coverage(5_260, 5_260, 15_625, 15_625, complete=1, by_repeat=(5_260, 100))
    assert str(found) == "5,260 of 5,260 classes, 15,625 of 15,625 architectures, 1 repeat each"
    partial = atlas_coverage("partial", folder=folder)
    assert (partial.n_groups, partial.complete, partial.by_repeat) == (51, 2, (51, 51))
    assert 51 <= partial.n_architectures < 15_625
    assert str(atlas_coverage("few", folder=folder)) == "2 of 15,625 architectures, 1 repeat each"


def test_a_benchmark_is_joined_by_architecture(folder):
    order = [2, 0, 1]
    accuracies = pd.DataFrame(
        {"architecture": [str(SPACE.all()[i]) for i in order], "cifar10_test_200": [92.0, 90.0, 91.0]}, index=order
    )
    table = atlas("growing", benchmark=Benchmark("few", "three accuracies", accuracies), folder=folder)
    assert len(table) == 15_625
    assert table["cifar10_test_200"].head(3).tolist() == [90, 91, 92]
    assert table["cifar10_test_200"].iloc[3:].isna().all()


def test_rivals_are_averaged_and_joined_by_class(folder, growing):
    table = atlas("growing", rivals="rivals", folder=folder)
    pd.testing.assert_frame_equal(table[growing.columns], growing)
    present = table[table["representative"] == str(CLASSES[7])]
    both = [made_up_rivals(CLASSES[7], repeat, make_settings("teg")) for repeat in (0, 1)]
    for name in ("naswot", "snip", "log_synflow"):
        assert present[name].tolist() == pytest.approx([sum(row[name] for row in both) / 2] * len(present))
    assert (table.loc[~table["connected"], "naswot"] == -math.inf).all()
    missing = ~table["representative"].isin([str(a) for a in (*CLASSES[:60], NONE)])
    assert table.loc[missing, "naswot"].isna().all()
    assert len(table.loc[missing]) > 10_000


def test_sizes_come_with_the_rivals(folder):
    row = atlas("growing", rivals="rivals", folder=folder).iloc[3]
    expected = complexity_of(SPACE.all()[3])
    assert (row["parameters"], row["flops"]) == (expected.parameters, expected.flops)


def test_alignment_is_that_of_the_controls(folder, tmp_path):
    assert "label_gradient_alignment" not in atlas(
        "growing", rivals="rivals", folder=folder
    )  # it has no control_lga
    rows = [made_up_row(a, 0, make_settings("teg")) | {"control_lga": 0.25} for a in CLASSES[:3]]
    rows.append(made_up_row(NONE, 0, make_settings("teg")) | {"control_lga": math.nan})
    write_rows(tmp_path, rows)
    write_rivals(tmp_path, [(a, 0) for a in (*CLASSES[:3], NONE)], name="rivals")
    found = atlas("made-up", rivals="rivals", folder=tmp_path).set_index("representative")[
        "label_gradient_alignment"
    ]
    assert set(found[[str(a) for a in CLASSES[:3]]]) == {0.25}
    assert set(found[[str(NONE)]]) == {-math.inf}  # failed
    assert found[[str(CLASSES[9])]].isna().all()  # not evaluated


def test_the_package_offers_the_atlas_by_its_name(growing):
    assert tegnas_study.atlas is atlas
    assert "atlas" in tegnas_study.__all__


@pytest.mark.parametrize(
    "call, told",
    [
        (
            lambda f: atlas("nothing", folder=f),
            "no table 'nothing' in the atlas; there are: few, growing, partial, rivals",
        ),
        (lambda f: atlas("growing", repeats=0, folder=f), "at least one repeat, got repeats=0"),
        (
            lambda f: atlas("growing", rivals="partial", folder=f),
            "the table 'partial' holds no rivals; sweep with --indicators rivals",
        ),
    ],
)
def test_wrong_input_is_told_in_one_line(folder, call, told):
    with pytest.raises(TegnasError, match=told) as caught:
        call(folder)
    assert "\n" not in str(caught.value)


def test_an_empty_folder_or_table_says_so(tmp_path):
    with pytest.raises(TegnasError, match="there are: none"):
        atlas(folder=tmp_path)
    write_atlas(tmp_path, [])
    with pytest.raises(TegnasError, match="no rows yet"):
        atlas("made-up", folder=tmp_path)


def test_a_table_of_two_settings_is_refused(tmp_path):
    path = write_atlas(tmp_path, [(NONE, 0)])
    table = pq.read_table(path)
    provenance = table.schema.metadata[b"tegnas"].replace(b'{"settings": {', b'{"settings": {"other:0": {}, ')
    pq.write_table(table.replace_schema_metadata({b"tegnas": provenance}), path, write_page_checksum=True)
    with pytest.raises(TegnasError, match="holds 2 settings"):
        atlas("made-up", folder=tmp_path)


def test_tables_of_other_seeds_are_found_by_their_names(tmp_path):
    for name in ("x", "x-seed10", "x-seed2", "x-seedling", "x-seed", "y-seed1", "x-seed3-sample"):
        (tmp_path / f"{name}.parquet").touch()
    assert seed_tables("x", folder=tmp_path) == ("x", "x-seed2", "x-seed10")
    with pytest.raises(TegnasError, match="there is no table 'y' in the atlas"):
        seed_tables("y", folder=tmp_path)
