"""`tegnas spawn`, as a user sees it."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time

import pandas as pd
import pytest
from command_line import run, small_images

from tegnas_study.experiments.memory import KEY_TYPES
from tegnas_study.experiments.spawn_files import read_spawned
from tegnas_study.storage.journal import Journal

SHORT = ("spawn", "--steps", 8, "--at", 3)


@pytest.fixture(autouse=True)
def fresh_machine(monkeypatch):
    monkeypatch.delenv("TEGNAS_DATA", raising=False)


def test_children_are_spawned_from_the_atlas_and_recorded(capsys, tmp_path):
    out = tmp_path / "a.parquet"
    said = run(capsys, *SHORT, "--at", 0, "--seed", 5, "--seeds", 2, "--orders", 2, "--out", out)
    assert (said.code, said.err) == (0, "")
    assert "seed 5, spawned after 0 steps:" in said.out and "seed 6, spawned after 3 steps:" in said.out
    file = read_spawned(out)
    assert file.provenance["plan"]["at"] == [0, 3] and str(tmp_path) not in str(file.provenance)
    assert set(file.table["part"]) == {"trunk", "parent", "child", "end", "path"}
    assert {path.name for path in tmp_path.iterdir()} <= {"a.parquet", "a.parquet.lock"}


def test_only_ends_are_recorded_when_asked(capsys, tmp_path):
    assert run(capsys, *SHORT, "--ends-only", "--out", tmp_path / "a.parquet").code == 0
    assert read_spawned(tmp_path / "a.parquet").table["part"].tolist() == ["parent", "end", "end"]


@pytest.mark.parametrize("resume", [(), ("--resume",)])
def test_what_is_finished_is_not_run_again(capsys, tmp_path, resume):
    spawn = (*SHORT, "--seeds", 2, "--out", tmp_path / "a.parquet")
    first, whole = run(capsys, *spawn), (tmp_path / "a.parquet").read_bytes()
    again = run(capsys, *spawn, *resume)
    assert (again.code, again.out) == (0, first.out) and "is finished already" in again.err
    assert "made with at [3], not [2, 3]" in run(capsys, *spawn, "--at", 2, *resume).mistake
    assert "made with seeds 0 to 1, not 0" in run(capsys, *SHORT, "--out", spawn[-1], *resume).mistake
    assert (tmp_path / "a.parquet").read_bytes() == whole


BAD = {
    "no file": (SHORT, "--out"),
    "too late": ((*SHORT, "--at", 8, "--out", "a.parquet"), "cannot be spawned after 8"),
    "twice": ((*SHORT, "--at", 3, "--out", "a.parquet"), "different steps"),
    "before the start": ((*SHORT, "--at", -1, "--out", "a.parquet"), "--at"),
    "no number": (("spawn", "--at", "soon", "--out", "a.parquet"), "--at"),
    "no atlas of darts": ((*SHORT, "--space", "darts", "--out", "a.parquet"), "--source live"),
    "no such table": ((*SHORT, "--atlas", "nowhere", "--out", "a.parquet"), "nowhere"),
    "no such reward": ((*SHORT, "--reward", "beauty", "--out", "a.parquet"), "beauty"),
    "no parent": ((*SHORT, "--parent", "gone.parquet", "--out", "a.parquet"), "gone.parquet"),
    "no folder": ((*SHORT, "--out", "gone/a.parquet"), "gone"),
    "nothing to resume": ((*SHORT, "--resume", "--out", "a.parquet"), "no unfinished command"),
    "images of a look-up": ((*SHORT, "--images", "cifar10", "--out", "a.parquet"), "--images has no effect"),
    "a table of networks": ((*SHORT, "--source", "live", "--atlas", "a", "--out", "a.parquet"), "--atlas has no"),
    "no whole number": (("spawn", "--at", "1e3", "--out", "a.parquet"), "--at"),
    "a seed beyond": ((*SHORT, "--seed", 2**63 - 1, "--seeds", 2, "--out", "a.parquet"), "last of 2 seeds"),
    "negative orders": ((*SHORT, "--orders", -2, "--out", "a.parquet"), "--orders"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_mistake_is_one_line(capsys, tmp_path, monkeypatch, what):
    monkeypatch.chdir(tmp_path)
    arguments, told = BAD[what]
    assert told in run(capsys, *arguments).mistake
    assert not (tmp_path / "a.parquet").exists()


@pytest.mark.slow
@pytest.mark.long
def test_a_killed_spawning_resumes_to_the_same_end_and_evaluates_nothing_twice(capsys, tmp_path):
    images = small_images(tmp_path / "images")
    live = ("spawn", "--space", "darts", "--source", "live", "--images", images, "--device", "cpu")
    live = (*live, "--batch-size", 8, "--repeats", 1, "--steps", 6, "--at", 2, "--orders", 1)
    out, journal = tmp_path / "part.parquet", tmp_path / "part.parquet.journal"
    command = [sys.executable, "-m", "tegnas_study", *map(str, live), "--out", str(out)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while _n_rows(journal) < 4 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL and not out.exists()
    kept = _rows(journal)
    assert len(kept) >= 4

    assert "--resume" in run(capsys, *live, "--out", out).mistake
    assert "another search" in run(capsys, *live, "--at", 1, "--out", out, "--resume").mistake
    assert _rows(journal) == kept
    assert run(capsys, *live, "--out", out, "--resume").code == 0 and not journal.exists()
    assert run(capsys, *live, "--out", tmp_path / "whole.parquet").code == 0
    part, whole = (read_spawned(path).table for path in (out, tmp_path / "whole.parquet"))
    columns = part.columns.drop(["seconds", "mean"])
    pd.testing.assert_frame_equal(part[columns], whole[columns])  # to 1e-5: another process may round otherwise


def _n_rows(journal):
    """Count finished evaluations while another process writes them."""
    if not journal.exists():
        return 0
    with contextlib.closing(sqlite3.connect(f"file:{journal}?mode=ro", uri=True)) as database:
        try:
            return database.execute("SELECT count(*) FROM rows").fetchone()[0]
        except sqlite3.OperationalError:  # no table yet, or it is being written
            return 0


def _rows(journal):
    with Journal(journal, KEY_TYPES) as opened:
        return opened.entries()
