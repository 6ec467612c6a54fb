"""An output has one writer, is a regular file, and is all that a writer leaves behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tegnas_core.errors import TegnasError
from tegnas_study.storage.atomic import partial_path
from tegnas_study.storage.lock import checked_output, writer_lock


def test_the_lock_is_gone_when_the_writer_is(tmp_path):
    out = tmp_path / "a.parquet"
    for _ in range(2):
        with writer_lock(out):
            assert [path.name for path in tmp_path.iterdir()] == ["a.parquet.lock"]
        assert [*tmp_path.iterdir()] == []


def test_what_a_killed_writer_left_is_removed_by_the_next_and_nothing_else_is(tmp_path):
    out, other = tmp_path / "a.parquet", tmp_path / "a.parquet.parquet"
    for path in (out, other):
        partial_path(path).write_bytes(b"PAR1 and then nothing")
    with writer_lock(out):
        pass
    assert [*tmp_path.iterdir()] == [partial_path(other)]


def test_one_writer_at_a_time_also_by_another_name(tmp_path):
    out, link = tmp_path / "a.parquet", tmp_path / "link"
    link.symlink_to(out)
    words = f"is being written by process {os.getpid()} on"
    with writer_lock(out), pytest.raises(TegnasError, match=words), writer_lock(link):
        raise AssertionError("it was let in")
    with writer_lock(link) as path:
        assert path == out


RACE = """
import sys, pathlib, time
from tegnas_core.errors import TegnasError
from tegnas_study.storage.lock import writer_lock
out, counter, n = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3])
while n:
    try:
        with writer_lock(out):
            before = int(counter.read_text())
            time.sleep(0.0005)
            counter.write_text(str(before + 1))
            n -= 1
    except TegnasError:
        pass
"""


@pytest.mark.slow
def test_writers_who_race_for_a_lock_that_comes_and_goes_lose_no_turn(tmp_path):
    counter, turns = tmp_path / "counter", 60
    counter.write_text("0")
    command = [sys.executable, "-c", RACE, tmp_path / "a", counter, str(turns)]
    racers = [subprocess.Popen(command) for _ in range(3)]
    assert [racer.wait(timeout=120) for racer in racers] == [0, 0, 0]
    assert int(counter.read_text()) == 3 * turns


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "is a folder; name a file in it"),
        ("folder", "is a folder"),
        ("missing/a.parquet", "missing does not exist; create it"),
        ("file/a.parquet", "file does not exist; create it"),
        ("pipe", "pipe is no regular file"),
        ("link-to-device", "link-to-device is no regular file"),
        ("x" * 5000, "cannot write"),
        ("null\0byte", "cannot write"),
        ("circle", "(cannot write|circle)"),
    ],
)
def test_what_is_no_file_of_its_own_is_refused_and_nothing_is_touched(tmp_path, monkeypatch, name, message):
    from pathlib import Path

    home = tmp_path / "home"
    (home / "folder").mkdir(parents=True)
    (home / "file").write_text("kept")
    os.mkfifo(home / "pipe")
    (home / "link-to-device").symlink_to(os.devnull)
    (home / "circle").symlink_to("circle")
    monkeypatch.chdir(home)
    before = {path: path.lstat().st_mtime_ns for path in tmp_path.rglob("*")}
    with pytest.raises(TegnasError, match=message) as caught, writer_lock(Path(name)):
        raise AssertionError("it was let in")
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 400
    assert {path: path.lstat().st_mtime_ns for path in tmp_path.rglob("*")} == before


@given(name=st.text(max_size=40))
def test_any_text_is_a_file_or_one_line(tmp_path_factory, name):
    try:
        path = checked_output(tmp_path_factory.getbasetemp() / name)
    except TegnasError as error:
        assert len(str(error).splitlines()) == 1
    else:
        assert path.parent.is_dir() and not path.is_dir()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder in which nobody can write")
def test_a_folder_that_takes_no_file_is_said_to_be_one():
    with (
        pytest.raises(TegnasError, match="cannot write in the folder /proc"),
        writer_lock(Path("/proc/x.parquet")),
    ):
        pass
