"""Worker processes that die, cannot start, or fail."""

import multiprocessing
import os

import pytest
import sweep_fakes as fakes

from tegnas_core.errors import TegnasError
from tegnas_study.storage.journal import journal_path
from tegnas_study.sweep import make_tasks, read_sweep, run_sweep
from tegnas_study.sweep.rows import in_chunks

pytestmark = pytest.mark.slow


def raise_tegnas_error():
    raise TegnasError("the images are missing")


def raise_type_error():
    raise TypeError("a bug")


def leave():
    os._exit(0)


def answer_nonsense(architecture, repeat):
    return {"condition_number": 1.0}


def make_nonsense():
    return answer_nonsense


def test_a_worker_that_dies_once_leaves_no_trace(tmp_path):
    out, log = tmp_path / "rows.parquet", tmp_path / "log"
    architectures = [*fakes.names(6), "dies-once"]
    summary = fakes.sweep(out, architectures, repeats=2, log=log, workers=2)
    assert (tmp_path / "log.died").exists()
    assert "error" not in summary.statuses
    assert fakes.logged(log).count(("dies-once", 0)) == 2  # tried again
    fakes.write(tmp_path / "calm.parquet", architectures, repeats=2)
    assert fakes.bits(out).equals(fakes.bits(tmp_path / "calm.parquet"))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_task_that_kills_its_worker_twice_is_a_row(tmp_path, workers):
    out, log = tmp_path / "rows.parquet", tmp_path / "log"
    summary = fakes.sweep(out, ["a", "always-dies", "b"], repeats=2, log=log, workers=workers)
    table = read_sweep(out).set_index(["architecture", "repeat"])
    assert table.status["always-dies", 0] == "error"
    assert table.status["always-dies", 1] != "error"  # the other repeat is innocent
    assert summary.statuses["error"] == 1 and len(table) == 6
    assert fakes.logged(log).count(("always-dies", 0)) == 2
    assert "died twice, killed by signal 9 (out of memory?)" in summary.messages[0]


def test_repeats_of_an_architecture_go_to_one_worker(tmp_path):
    log = tmp_path / "log"
    fakes.sweep(tmp_path / "rows.parquet", fakes.names(8), repeats=3, workers=2, log=log, pause=0.01)
    by_architecture: dict[str, set[str]] = {}
    for line in log.read_text().splitlines():
        architecture, _, process = line.split()
        by_architecture.setdefault(architecture, set()).add(process)
    assert len(by_architecture) == 8
    assert all(len(processes) == 1 for processes in by_architecture.values())
    assert in_chunks(make_tasks(["b", "a"], repeats=2)) == [("b", (0, 1)), ("a", (0, 1))]


@pytest.mark.parametrize(
    ("factory", "message"),
    [
        (raise_tegnas_error, "^the images are missing$"),
        (raise_type_error, "could not start .exit code 1.; its own message is above"),
        (leave, "could not start .exit code 0."),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_an_evaluator_that_cannot_be_built_ends_the_run_and_keeps_the_rows(tmp_path, factory, message):
    out = tmp_path / "rows.parquet"
    fakes.write(out, fakes.names(2))
    before = fakes.bits(out)
    with pytest.raises(TegnasError, match=message):
        run_sweep([("new", 0)], factory, fakes.SWEEP, out=out, progress=False)
    assert fakes.bits(out).equals(before)
    assert multiprocessing.active_children() == []


def test_an_evaluator_that_answers_nonsense_makes_failed_rows(tmp_path):
    out = tmp_path / "rows.parquet"
    summary = run_sweep([("a", 0)], make_nonsense, fakes.SWEEP, out=out, progress=False)
    assert "returned no linear_regions, regression_error, status, seconds" in summary.messages[0]
    assert read_sweep(out).status.tolist() == ["error"]


def test_workers_get_one_thread_and_we_keep_ours(tmp_path, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    fakes.sweep(tmp_path / "rows.parquet", ["threads"])
    assert read_sweep(tmp_path / "rows.parquet").threads.tolist() == [1]
    assert os.environ["OMP_NUM_THREADS"] == "7" and "MKL_NUM_THREADS" not in os.environ
    assert not journal_path(tmp_path / "rows.parquet").exists()
