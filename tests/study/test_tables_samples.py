"""The same architectures from several tables: of classes, of raw strings, of some that are not there."""

import pytest
from made_up_atlas import SPACE, made_up_row, write_atlas

from tegnas_core.errors import TegnasError
from tegnas_core.settings import make_settings
from tegnas_study.tables.samples import same_architectures

SAMPLE = SPACE.sample_many(50, seed=0)
CLASSES = tuple(dict.fromkeys(SPACE.representative(a) for a in SAMPLE))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("atlas")
    write_atlas(path, [(a, r) for a in CLASSES for r in (0, 1)], name="base")
    write_atlas(path, [(a, 0) for a in SAMPLE[:40]], name="raw", preset="released")
    write_atlas(path, [(a, 0) for a in SPACE.classes() if a not in CLASSES][:5], name="others")
    return path


def test_rows_are_those_that_all_tables_have(folder):
    found = same_architectures({"ours": "base", "theirs": "raw"}, ["linear_regions"], folder=folder)
    expected = [str(a) for a in SPACE.all() if a in SAMPLE[:40]]
    assert {words: rows.index.tolist() for words, rows in found.items()} == dict.fromkeys(found, expected)
    assert all(
        rows.columns.tolist() == ["representative", "connected", "linear_regions"] for rows in found.values()
    )
    raw = made_up_row(SAMPLE[3], 0, make_settings("released"))["linear_regions"]
    assert found["theirs"].loc[str(SAMPLE[3]), "linear_regions"] == raw
    assert found["theirs"].loc[str(SAMPLE[3]), "representative"] == str(SPACE.representative(SAMPLE[3]))


def test_repeats_can_be_fewer(folder):
    once, twice = (
        same_architectures({"a": "base"}, ["linear_regions"], repeats=r, folder=folder)["a"] for r in (1, 2)
    )
    assert not once["linear_regions"].equals(twice["linear_regions"])
    first = made_up_row(SPACE.representative(SAMPLE[0]), 0, make_settings("teg"))["linear_regions"]
    assert once.loc[str(SAMPLE[0]), "linear_regions"] == first


def test_a_table_that_is_not_there_is_left_out_unless_it_is_the_first(folder):
    assert [*same_architectures({"a": "base", "b": "nothing"}, [], folder=folder)] == ["a"]
    with pytest.raises(TegnasError, match="there is no table 'nothing'"):
        same_architectures({"b": "nothing", "a": "base"}, [], folder=folder)


def test_nothing_in_common_is_told(folder):
    with pytest.raises(TegnasError, match="base, others have no architecture of the sample in common"):
        same_architectures({"a": "base", "b": "others"}, [], folder=folder)
