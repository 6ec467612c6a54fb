"""Searches and studies that are killed without a word lose nothing, double nothing and leave nothing behind."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import search_fakes as fakes

from tegnas_study.experiments.files import read_histories
from tegnas_study.experiments.study import run_study, table_2
from tegnas_study.experiments.study_file import read_study
from tegnas_study.storage.atomic import partial_path
from tegnas_study.storage.journal import journal_path

pytestmark = [pytest.mark.slow, pytest.mark.long]

TESTS = Path(__file__).parents[1]
PATIENCE = 120  # seconds until a test that waits gives up: never reached unless something is broken


def start(command: list[object]) -> subprocess.Popen:
    """Start a command in a group of its own."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS.parent)])}
    environment.pop("TEGNAS_DATA", None)
    return subprocess.Popen(
        [sys.executable, *map(str, command)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def start_search(out: Path, log: Path, pause: float, *moment: str) -> subprocess.Popen:
    return start([TESTS / "search_fakes.py", out, log, pause, *moment])


def start_study(out: Path, *options: object) -> subprocess.Popen:
    return start(["-m", "tegnas_study", "study", "--table", "table-2", *options, "--out", out])


def wait_until(condition) -> None:
    """Wait for something that must happen."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


def children(process: int) -> set[int]:
    """The workers of a process: what the server it started has forked, dead ones left out."""
    servers = {child for child, command in started_by({process}) if "forkserver" in command}
    return {child for child, _ in started_by(servers)}


def started_by(parents: set[int]) -> Iterator[tuple[int, str]]:
    """Yield the living processes that have one of these parents, and their command lines."""
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, parent = status.read_text().rpartition(")")[2].split()[:2]
            command = status.with_name("cmdline").read_text()
            if int(parent) in parents and state != "Z":
                yield int(status.parent.name), command


def is_alive(process: int) -> bool:
    """Whether a process of this id runs; a zombie does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def kill_all(processes: set[int]) -> None:
    """Kill what still lives of them."""
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> pd.DataFrame:
    """The histories of searches that nobody kills."""
    out = tmp_path_factory.mktemp("undisturbed") / "a.parquet"
    fakes.search(out)
    return read_histories(out).histories


def test_a_search_that_is_killed_again_and_again_comes_to_the_same_end(tmp_path, undisturbed):
    out, moments, evaluated = tmp_path / "a.parquet", random.Random(0), []
    for kill in range(2):
        log = tmp_path / f"log-{kill}"
        with start_search(out, log, 0.02) as process:
            wait_until(lambda log=log, process=process: log.exists() or process.poll() is not None)
            time.sleep(moments.uniform(0.05, 0.3))
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        lines = log.read_text().splitlines()
        evaluated += lines[:-1]  # the last one may have been killed before it was safe
        assert out.exists() is False and journal_path(out).exists()
    assert 0 < len(evaluated) < len(undisturbed)
    log = tmp_path / "log-last"
    with start_search(out, log, 0.0) as process:
        assert process.wait(timeout=PATIENCE) == 0
    evaluated += log.read_text().splitlines()
    assert len(set(evaluated)) == len(evaluated), "what was safe was computed again"
    pd.testing.assert_frame_equal(read_histories(out).histories, undisturbed, check_exact=True)
    assert [name for name in os.listdir(tmp_path) if not name.startswith("log")] == ["a.parquet"]


@pytest.mark.parametrize("moment", ["while writing", "before replacing", "before removing the journal"])
def test_a_search_that_is_killed_at_the_worst_moment(tmp_path, undisturbed, moment):
    out, log = tmp_path / "a.parquet", tmp_path / "log"
    with start_search(out, log, 0.0, moment) as process:
        assert process.wait(timeout=PATIENCE) == -signal.SIGKILL
    assert journal_path(out).exists()
    if moment != "before removing the journal":
        assert partial_path(out).exists() and not out.exists()
    again = tmp_path / "again"
    fakes.search(out, log=again, resume=True)
    assert not again.exists(), "everything was known"
    pd.testing.assert_frame_equal(read_histories(out).histories, undisturbed, check_exact=True)
    assert sorted(os.listdir(tmp_path)) == ["a.parquet", "log"]


def test_workers_of_a_study_end_with_their_parent(tmp_path):
    with start_study(tmp_path / "a.parquet", "--method", "evolution", "--seeds", 5000, "--workers", 2) as process:
        wait_until(lambda: len(children(process.pid)) == 2)
        workers = children(process.pid)
        time.sleep(1.0)
        process.kill()
        process.wait()
    wait_until(lambda: not any(map(is_alive, workers)))


def test_a_study_goes_on_when_a_worker_is_killed_once(tmp_path):
    out, requests = tmp_path / "a.parquet", [request for request in table_2() if request.method == "naswot"]
    with start_study(out, "--method", "naswot", "--seeds", 2, "--workers", 2) as process:
        wait_until(lambda: children(process.pid))
        os.kill(min(children(process.pid)), signal.SIGKILL)
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    calm = run_study(requests, n_seeds=2)
    pd.testing.assert_frame_equal(read_study(out).outcomes[calm.columns], calm, check_exact=True)
    assert os.listdir(tmp_path) == ["a.parquet"]


def test_a_study_whose_workers_are_killed_again_and_again_ends_with_one_line(tmp_path):
    options = ("--method", "evolution", "--seeds", 5000, "--workers", 2)
    with start_study(tmp_path / "a.parquet", *options) as process:
        wait_until(lambda: kill_all(children(process.pid)) or process.poll() is not None)
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    rows_left_out, end = said.splitlines()
    assert "rows are left out" in rows_left_out
    assert end.startswith("tegnas: ") and "killed by signal 9" in end
    assert not {*os.listdir(tmp_path)} - {"a.parquet"}


def test_what_a_study_left_when_it_was_killed_while_writing_is_removed_by_the_next(tmp_path):
    out = tmp_path / "a.parquet"
    partial_path(out).write_bytes(b"PAR1 and then nothing")
    with start_study(out, "--method", "naswot", "--seeds", 1) as process:
        assert process.wait(timeout=PATIENCE) == 0
    assert os.listdir(tmp_path) == ["a.parquet"]
    assert len(read_study(out).outcomes) == 2
