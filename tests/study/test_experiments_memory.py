"""What a search remembers survives a crash, and nothing else is believed."""

import json
import math
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tegnas_core.errors import TegnasError
from tegnas_study.experiments.memory import Memory
from tegnas_study.storage.journal import journal_path

REQUEST = {"method": "random", "sizes": {}}
VALUES = {
    "kappa": math.inf,
    "low": -math.inf,
    "regions": 1 / 3,
    "third": 1 / 3,
    "unknown": math.nan,
    "status": "ok",
}


def no_computation():
    raise AssertionError("this is known")


def equal(first, second):
    return str(first) == str(second)  # nan is nan, and repr keeps every bit


def test_what_was_computed_once_is_remembered_in_the_file(tmp_path):
    out = tmp_path / "a.parquet"
    with Memory(out, REQUEST) as memory:
        assert equal(memory.recall((3, "cell"), lambda: VALUES), VALUES)
        assert equal(memory.recall((3, "cell"), no_computation), VALUES)
    with Memory(out, REQUEST, resume=True) as memory:
        assert equal({**memory.recall((3, "cell"), no_computation)}, VALUES)
        memory.forget_file()
    assert os.listdir(tmp_path) == []


def test_seeds_are_apart(tmp_path):
    memory = Memory(tmp_path / "a.parquet", REQUEST)
    assert memory.recall((0, "cell"), lambda: {"x": 0.0}) != memory.recall((1, "cell"), lambda: {"x": 1.0})
    memory.close()


def test_a_search_that_never_evaluated_leaves_nothing(tmp_path):
    def fail():
        raise TegnasError("there are no images")

    with pytest.raises(TegnasError, match="no images"), Memory(tmp_path / "a.parquet", REQUEST) as memory:
        memory.recall((0, "cell"), fail)
    assert os.listdir(tmp_path) == []


def test_another_search_or_an_unasked_file_is_refused_and_kept(tmp_path):
    out = tmp_path / "a.parquet"
    with Memory(out, REQUEST) as memory:
        memory.recall((0, "cell"), lambda: VALUES)
    before = journal_path(out).read_bytes()
    with pytest.raises(TegnasError, match="unfinished search; go on with it by --resume"):
        Memory(out, REQUEST)
    with pytest.raises(TegnasError, match="another search"):
        Memory(out, {"method": "local"}, resume=True)
    assert journal_path(out).read_bytes() == before


def test_nothing_to_resume_is_said(tmp_path):
    with pytest.raises(TegnasError, match=r"no unfinished search beside .*leave out --resume"):
        Memory(tmp_path / "a.parquet", REQUEST, resume=True)


def test_the_journal_of_a_sweep_is_no_search(tmp_path):
    import sweep_fakes as fakes

    out = tmp_path / "a.parquet"
    fakes.write(out, fakes.names(2), publish=False)
    before = journal_path(out).read_bytes()
    with pytest.raises(TegnasError, match="journal of another command, whose rows are named by architecture"):
        Memory(out, REQUEST, resume=True)
    assert journal_path(out).read_bytes() == before


def lines(n=5):
    """A file as searches left it before there was one journal."""
    values = {"x": 1 / 3, "kappa": "+inf", "low": "-inf", "unknown": None, "status": "ok"}
    entries = [{"key": f"{i} |a~0|+|b~0|", "values": values} for i in range(n)]
    return [json.dumps(line, sort_keys=True) + "\n" for line in ({"search": REQUEST}, *entries)]


KNOWN = {"x": 1 / 3, "kappa": math.inf, "low": -math.inf, "unknown": math.nan, "status": "ok"}


@given(cut=st.integers(15, 900))
def test_a_search_of_before_goes_on_and_a_line_cut_short_is_dropped(tmp_path_factory, cut):
    out = tmp_path_factory.mktemp("old") / "a.parquet"
    content = "".join(lines()).encode()[:cut]
    journal_path(out).write_bytes(content)
    n_complete = max(0, content.count(b"\n") - 1)
    if b"\n" not in content:
        with pytest.raises(TegnasError, match="is damaged; remove the file"):
            Memory(out, REQUEST, resume=True)
        assert journal_path(out).read_bytes() == content
        return
    for _ in range(2):  # and again, from what it became
        if not journal_path(out).exists():
            assert n_complete == 0
            break
        with Memory(out, REQUEST, resume=True) as memory:
            assert [*memory.known] == [(i, "|a~0|+|b~0|") for i in range(n_complete)]
            assert all(equal({key: values[key] for key in KNOWN}, KNOWN) for values in memory.known.values())


@pytest.mark.parametrize("garbage", ["[1, 2]\n", '{"key": 1}\n', "\ufffd\n", '{"key": "0 a", "values": [3]}\n'])
def test_garbage_ends_what_is_believed_of_a_search_of_before(tmp_path, garbage):
    out = tmp_path / "a.parquet"
    journal_path(out).write_text("".join([*lines(2), garbage, *lines()[-1:]]))
    with Memory(out, REQUEST, resume=True) as memory:
        assert len(memory.known) == 2


def test_another_search_of_before_is_refused(tmp_path):
    out = tmp_path / "a.parquet"
    journal_path(out).write_text("".join(lines()))
    with pytest.raises(TegnasError, match="belongs to another search"):
        Memory(out, {"method": "local"}, resume=True)
