import os

import pandas as pd
import pytest

from tegnas_core.errors import TegnasError
from tegnas_study.data.benchmark import kept
from tegnas_study.data.benchmark.analog import find_analog, load_analog
from tegnas_study.data.benchmark.kept import kept_path, load_kept_analog

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def packaged():
    return load_analog(find_analog())


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of caches of this test's own."""
    monkeypatch.setattr(kept.platformdirs, "user_cache_dir", lambda name: str(tmp_path / "caches" / name))
    return tmp_path / "caches" / "tegnas"


@pytest.fixture
def reading(packaged, monkeypatch):
    """Says how often the pickle was read."""
    calls = []
    monkeypatch.setattr(kept, "load_analog", lambda path: calls.append(path) or packaged)
    return calls


def same(benchmark, packaged):
    pd.testing.assert_frame_equal(benchmark.table, packaged.table, check_exact=True)
    return (benchmark.name, benchmark.description) == (packaged.name, packaged.description)


def test_the_copy_is_what_the_pickle_holds_and_the_pickle_is_read_once(folder, reading, packaged):
    for _ in range(3):
        assert same(load_kept_analog(find_analog()), packaged)
    assert len(reading) == 1
    assert [file.name for file in folder.iterdir()] == [kept_path(find_analog()).name]


@pytest.mark.parametrize("content", [b"", b"PAR1", b"no table at all" * 100])
def test_a_damaged_copy_is_made_anew(content, folder, reading, packaged):
    folder.mkdir(parents=True)
    kept_path(find_analog()).write_bytes(content)
    for _ in range(2):
        assert same(load_kept_analog(find_analog()), packaged)
    assert len(reading) == 1


def test_a_folder_that_cannot_be_written_only_costs_time(folder, reading, packaged):
    folder.parent.write_text("a file lies where the folder should be")
    for _ in range(2):
        assert same(load_kept_analog(find_analog()), packaged)
    assert len(reading) == 2


def test_another_pickle_has_another_copy_and_a_bad_one_has_none(folder, tmp_path):
    path = tmp_path / "data.anb"
    path.write_bytes(os.urandom(64))
    assert kept_path(path) != kept_path(find_analog())
    with pytest.raises(TegnasError, match=r"data\.anb"):
        load_kept_analog(path)
    assert not folder.exists()
