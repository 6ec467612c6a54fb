"""What a search remembers survives a crash, and nothing else is believed."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tegnas_core.errors import TegnasError
from tegnas_study.experiments.memory import Memory

HEADER = {"method": "random"}
VALUES = {"kappa": math.inf, "low": -math.inf, "regions": 3.25, "unknown": math.nan, "status": "ok"}


def no_computation():
    raise AssertionError("this is known")


def test_what_was_computed_once_is_remembered_in_the_file(tmp_path):
    path = tmp_path / "a.journal"
    with Memory(path, HEADER) as memory:
        assert memory.recall("k", lambda: VALUES) == VALUES
        assert memory.recall("k", no_computation) == VALUES
    with Memory(path, HEADER, resume=True) as memory:
        found = memory.recall("k", no_computation)
        assert math.isnan(found.pop("unknown"))
        assert found == {key: value for key, value in VALUES.items() if key != "unknown"}


@given(cut=st.integers(0, 400))
def test_a_line_cut_short_is_dropped_and_the_others_stay(tmp_path_factory, cut):
    path = tmp_path_factory.mktemp("cut") / "a.journal"
    with Memory(path, HEADER) as memory:
        for i in range(5):
            memory.recall(str(i), lambda i=i: {"value": float(i)})
    whole = path.read_bytes()
    path.write_bytes(whole[:cut])
    complete = whole[:cut].count(b"\n")
    with Memory(path, HEADER, resume=True) as memory:
        assert memory.known == {str(i): {"value": float(i)} for i in range(max(0, complete - 1))}
        for i in range(5):
            memory.recall(str(i), lambda i=i: {"value": float(i)})
    assert path.read_bytes() == whole


def test_another_search_or_an_unasked_file_is_refused_and_kept(tmp_path):
    path = tmp_path / "a.journal"
    Memory(path, HEADER).close()
    before = path.read_bytes()
    with pytest.raises(TegnasError, match="--resume"):
        Memory(path, HEADER)
    with pytest.raises(TegnasError, match="another search"):
        Memory(path, {"method": "local"}, resume=True)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "garbage", [b"[1, 2]\n", b'{"key": 1}\n', b"\xff\xfe\n", b'{"key": "a", "values": [3]}\n']
)
def test_garbage_ends_what_is_believed(tmp_path, garbage):
    path = tmp_path / "a.journal"
    with Memory(path, HEADER) as memory:
        memory.recall("a", lambda: {"value": 1.0})
    path.write_bytes(path.read_bytes() + garbage + b'{"key": "b", "values": {"value": 2.0}}\n')
    with Memory(path, HEADER, resume=True) as memory:
        assert memory.known == {"a": {"value": 1.0}}


def test_a_folder_that_is_not_there_is_one_line(tmp_path):
    with pytest.raises(TegnasError, match="cannot write"):
        Memory(tmp_path / "no" / "a.journal", HEADER)
