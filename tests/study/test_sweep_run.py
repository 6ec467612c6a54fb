"""The promises of a sweep that nobody disturbs, or that is stopped politely."""

import contextlib
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sweep_fakes as fakes

from tegnas_core.errors import TegnasError
from tegnas_study.storage.journal import journal_path
from tegnas_study.sweep import SweepInterrupted, read_provenance, read_sweep

pytestmark = pytest.mark.slow

KEY = ["architecture", "space", "settings", "images", "seed", "repeat"]
RESULTS = ["condition_number", "linear_regions", "regression_error", "status", "seconds"]


def test_a_sweep_writes_every_row_once_with_the_evaluators_numbers(tmp_path):
    out = tmp_path / "rows.parquet"
    summary = fakes.sweep(out, fakes.names(12), repeats=2)
    table = read_sweep(out)
    assert list(table.columns) == KEY + RESULTS
    assert list(zip(table.architecture, table.repeat, strict=True)) == sorted(
        (name, repeat) for name in fakes.names(12) for repeat in range(2)
    )
    for row in table.itertuples():
        expected = fakes.numbers(row.architecture, row.repeat)
        assert {name: getattr(row, name) for name in expected} == expected
    assert (table.settings == "teg:0123abcd").all() and (table.seed == 0).all()
    assert (summary.new, summary.kept, summary.total, summary.statuses.total()) == (24, 0, 24, 24)
    assert sorted(os.listdir(tmp_path)) == ["rows.parquet"]


def test_numbers_do_not_depend_on_workers_order_or_pieces(tmp_path):
    architectures = fakes.names(30)
    fakes.write(tmp_path / "loop.parquet", architectures, repeats=2)
    fakes.sweep(tmp_path / "three.parquet", architectures[::-1], repeats=2, workers=3)
    fakes.sweep(tmp_path / "pieces.parquet", architectures[5:9], repeats=1)
    fakes.sweep(tmp_path / "pieces.parquet", architectures, repeats=2, workers=2)
    loop, three, pieces = (fakes.bits(tmp_path / f"{name}.parquet") for name in ("loop", "three", "pieces"))
    pd.testing.assert_frame_equal(loop, three, check_exact=True)
    pd.testing.assert_frame_equal(loop, pieces, check_exact=True)


def test_finished_rows_are_not_computed_again(tmp_path):
    out, log = tmp_path / "rows.parquet", tmp_path / "log"
    fakes.write(out, fakes.names(5))
    summary = fakes.sweep(out, fakes.names(8), log=log)
    assert (summary.kept, summary.new) == (5, 3)
    assert sorted(fakes.logged(log)) == sorted((name, 0) for name in fakes.names(8)[5:])
    before = out.stat()
    assert fakes.sweep(out, fakes.names(8), log=log).new == 0
    assert out.stat().st_mtime_ns == before.st_mtime_ns  # nothing to add, nothing written


def test_rows_of_other_sweeps_are_kept_apart(tmp_path):
    out, log = tmp_path / "rows.parquet", tmp_path / "log"
    fakes.write(out, fakes.names(3))
    before = fakes.bits(out)
    others = {"settings": "teg:ffffffff", "images": "cifar10", "seed": 1, "space": "darts"}
    for n, (name, value) in enumerate(others.items(), start=1):
        summary = fakes.sweep(out, fakes.names(3), log=log, of=replace(fakes.SWEEP, **{name: value}))
        assert (summary.kept, summary.new, summary.other) == (0, 3, 3 * n)
    assert len(fakes.logged(log)) == 12
    after = fakes.bits(out)
    assert len(after) == 15
    pd.testing.assert_frame_equal(after.loc[before.index], before, check_exact=True)


def test_extra_indicators_become_columns_with_nan_where_they_are_missing(tmp_path):
    out = tmp_path / "rows.parquet"
    fakes.write(out, ["plain"])
    fakes.sweep(out, ["with-threads"])
    table = read_sweep(out).set_index("architecture")
    assert list(table.columns)[-1] == "threads"
    assert np.isnan(table.threads["plain"])
    assert table.threads["with-threads"] == 1  # which is how many threads a worker has


def test_a_failing_architecture_is_a_row_and_not_the_end(tmp_path):
    out = tmp_path / "rows.parquet"
    summary = fakes.sweep(out, ["a", "raises", "b"])
    table = read_sweep(out).set_index("architecture")
    assert table.status["raises"] == "error"
    assert np.isposinf(table.loc["raises", ["condition_number", "regression_error"]].astype(float)).all()
    assert np.isnan(table.linear_regions["raises"])
    assert (table.status[["a", "b"]] != "error").all()
    assert summary.statuses["error"] == 1
    assert summary.messages == ["raises repeat 0: ValueError: this cell is broken"]
    assert "1 error" in str(summary) and "this cell is broken" in str(summary)


def test_errors_are_tried_again_on_request_only(tmp_path):
    out, log = tmp_path / "rows.parquet", tmp_path / "log"
    for retry in (False, False, True):
        fakes.sweep(out, ["a", "raises"], log=log, retry_errors=retry)
    assert [name for name, _ in fakes.logged(log)] == ["a", "raises", "raises"]
    assert len(read_sweep(out)) == 2


def test_the_file_tells_how_it_was_made(tmp_path):
    out = tmp_path / "rows.parquet"
    for _ in range(2):
        fakes.sweep(out, fakes.names(2), notes={"command": "tegnas sweep", "device": "cpu"})
        fakes.sweep(out, fakes.names(4), of=replace(fakes.SWEEP, settings="paper:9", details={"width": 5}))
    story = read_provenance(out)
    assert story["settings"] == {"teg:0123abcd": {"width": 3}, "paper:9": {"width": 5}}
    first, second = story["runs"]
    assert first["versions"]["python"] == sys.version.split()[0] and first["versions"]["numpy"]
    assert {"python", "torch", "numpy", "numba", "tegnas-study"} <= set(first["versions"])
    assert (first["command"], first["device"], first["hardware"] != "") == ("tegnas sweep", "cpu", True)
    assert (first["settings"], second["settings"]) == ("teg:0123abcd", "paper:9")


@pytest.mark.parametrize("publish", [True, False], ids=["in the file", "in the journal"])
def test_other_images_of_the_same_name_are_refused(tmp_path, publish):
    out = tmp_path / "rows.parquet"
    mine, other = (replace(fakes.SWEEP, details={"images_digest": digest}) for digest in ("aaaa", "bbbb"))
    fakes.write(out, fakes.names(2), of=mine, publish=publish)
    with pytest.raises(TegnasError, match=r"of images synthetic .* made from other images .digest aaaa, now bbbb"):
        fakes.sweep(out, fakes.names(2), of=other)
    assert fakes.sweep(out, fakes.names(2), of=mine).kept == 2
    assert fakes.sweep(out, fakes.names(1), of=replace(other, images="another name")).new == 1


def test_doubled_tasks_count_once(tmp_path):
    assert fakes.sweep(tmp_path / "rows.parquet", ["a", "a", "b"]).total == 2


def test_the_bar_shows_rate_and_time_left(tmp_path, capfd):
    fakes.sweep(tmp_path / "rows.parquet", fakes.names(3), progress=True)
    bar = capfd.readouterr().err
    assert "3/3" in bar and "row/s" in bar.replace("s/row", "row/s") and "<" in bar


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_polite_stop_leaves_a_whole_file(tmp_path, number):
    out, log = tmp_path / "rows.parquet", tmp_path / "log"

    handler = signal.getsignal(number)
    with stopper(log, number), pytest.raises(SweepInterrupted, match="same command again") as caught:
        fakes.sweep(out, fakes.names(400), log=log, pause=0.02)
    assert signal.getsignal(number) is handler
    assert caught.value.signal == number
    done = read_sweep(out)
    assert 0 < len(done) == caught.value.summary.new < 400
    assert not journal_path(out).exists()
    assert len(fakes.logged(log)) - len(done) <= 1  # at most the row that was being computed


@contextlib.contextmanager
def stopper(log: Path, number: int):
    """Send ourselves a signal, from outside, once three rows were begun."""
    script = (
        "import os, pathlib, sys, time\n"
        "log = pathlib.Path(sys.argv[1])\n"
        "while not log.exists() or len(log.read_text().splitlines()) < 3: time.sleep(0.01)\n"
        "os.kill(int(sys.argv[2]), int(sys.argv[3]))\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, log, str(os.getpid()), str(int(number))]) as process:
        yield
        process.wait(timeout=60)


def test_snapshots_appear_while_the_sweep_runs(tmp_path, monkeypatch):
    from tegnas_study.sweep import store

    sizes = []
    write = store.write_table
    monkeypatch.setattr(
        store, "write_table", lambda path, table, story: (sizes.append(len(table)), write(path, table, story))
    )
    fakes.sweep(tmp_path / "rows.parquet", fakes.names(6), pause=0.05, snapshot_seconds=0.0)
    assert sizes[0] < 6 == sizes[-1] and sizes == sorted(sizes)


def test_nobody_to_work_is_refused(tmp_path):
    with pytest.raises(TegnasError, match="--workers must be at least 1"):
        fakes.sweep(tmp_path / "rows.parquet", ["a"], workers=0)
    assert not journal_path(tmp_path / "rows.parquet").exists()
