"""A sweep that is killed without a word, at random moments and at the worst, loses and doubles nothing."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
import sweep_fakes as fakes

from tegnas_core.errors import TegnasError
from tegnas_study.storage.journal import Journal, journal_path
from tegnas_study.sweep import read_sweep
from tegnas_study.sweep.rows import KEY_TYPES

pytestmark = [pytest.mark.slow, pytest.mark.long]

TESTS = Path(__file__).parents[1]
PATIENCE = 120  # seconds until a test that waits gives up: never reached unless something is broken


def start(out: Path, log: Path, n: int, pause: float, *moment: str) -> subprocess.Popen:
    """Start ``sweep_fakes.py`` as a process of its own."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS.parent)])}
    command = [sys.executable, TESTS / "sweep_fakes.py", out, log, str(n), str(pause), *moment]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def wait_until(condition) -> None:
    """Wait for something that must happen."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.005)


def finished(out: Path) -> set[tuple[str, int]]:
    """The tasks whose rows are on the disk, in the file or in its journal; each must be readable."""
    rows = []
    if out.exists():
        rows += list(read_sweep(out)[["architecture", "repeat"]].itertuples(index=False, name=None))
    if journal_path(out).exists():
        with contextlib.closing(Journal(journal_path(out), KEY_TYPES)) as journal:
            rows += [(entry.key[0], entry.key[-1]) for entry in journal.entries()]
    return set(rows)


def is_alive(process: int) -> bool:
    """Whether a process of this id runs; a zombie does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def undisturbed(folder: Path, n: int) -> pd.DataFrame:
    """The rows of a sweep that nobody kills."""
    fakes.write(folder / "undisturbed.parquet", fakes.names(n), repeats=2)
    return fakes.bits(folder / "undisturbed.parquet")


def test_kills_at_random_moments(tmp_path):
    out, n, moments = tmp_path / "rows.parquet", 300, random.Random(0)
    before: set[tuple[str, int]] = set()
    for kill in range(5):
        log = tmp_path / f"log-{kill}"
        with start(out, log, n, 0.004) as process:
            wait_until(lambda log=log, process=process: log.exists() or process.poll() is not None)
            time.sleep(moments.uniform(0, 0.1))
            process.kill()
            process.communicate()
        if log.exists():
            wait_until(lambda log=log: not any(map(is_alive, fakes.workers(log))))  # nobody told them
        now = finished(out)
        assert now >= before, f"kill {kill} lost rows"
        assert before.isdisjoint(fakes.logged(log)), f"rows finished before kill {kill} were computed again"
        before = now
    assert 0 < len(before) < 2 * n, "the kills must have come in the middle"
    log = tmp_path / "log-last"
    fakes.sweep(out, fakes.names(n), repeats=2, workers=2, log=log)
    assert before.isdisjoint(fakes.logged(log))
    assert not journal_path(out).exists()
    pd.testing.assert_frame_equal(fakes.bits(out), undisturbed(tmp_path, n), check_exact=True)


@pytest.mark.parametrize(
    ("moment", "older"),
    [
        ("while writing", False),
        ("while writing", True),
        ("before replacing", True),
        ("before removing the journal", True),
    ],
)
def test_a_kill_at_the_worst_moment(tmp_path, moment, older):
    out, log = tmp_path / "rows.parquet", tmp_path / "log"
    if older:
        fakes.write(out, fakes.names(2), repeats=2)
    fakes.write(out, fakes.names(5), repeats=2, publish=False)
    with start(out, log, 5, 0.0, moment) as process:
        process.communicate()
    assert process.returncode == -signal.SIGKILL
    if older:
        assert len(read_sweep(out)) == (10 if moment == "before removing the journal" else 4)
    else:
        assert not out.exists(), "a half-written file must not be there at all"
    assert len(finished(out)) == 10
    fakes.sweep(out, fakes.names(5), repeats=2, log=log)
    assert sorted(os.listdir(tmp_path)) == ["rows.parquet"]  # and nothing was computed
    pd.testing.assert_frame_equal(fakes.bits(out), undisturbed(tmp_path, 5), check_exact=True)


def test_workers_do_not_outlive_the_parent_even_in_a_long_evaluation(tmp_path):
    out, log = tmp_path / "rows.parquet", tmp_path / "log"
    with start(out, log, 1, 100 * PATIENCE) as process:
        wait_until(lambda: fakes.logged(log))
        process.kill()
        process.wait()
    wait_until(lambda: not any(map(is_alive, fakes.workers(log))))


def test_a_second_writer_is_refused_and_the_first_goes_on(tmp_path):
    out, log = tmp_path / "rows.parquet", tmp_path / "log"
    with start(out, log, 2000, 0.02) as process:
        wait_until(lambda: len(finished_quietly(out)) > 0)
        with pytest.raises(TegnasError, match=f"is being written by process {process.pid} on "):
            fakes.sweep(out, fakes.names(1))
        with pytest.raises(TegnasError, match=f"process {process.pid} "):  # the refusal changed nothing
            fakes.sweep(out, fakes.names(1))
        process.send_signal(signal.SIGTERM)
        _, message = process.communicate(timeout=PATIENCE)
    assert process.returncode == 128 + signal.SIGTERM
    assert message.startswith("stopped by SIGTERM") and "run the same command again" in message
    assert 0 < len(read_sweep(out)) < 4000
    assert max(Counter(fakes.logged(log)).values()) == 1
    assert fakes.sweep(out, fakes.names(1)).total == 1  # the lock is free


def finished_quietly(out: Path) -> pd.DataFrame:
    """What a reader sees while the file is written: nothing, or a whole file."""
    return read_sweep(out) if out.exists() else pd.DataFrame()
