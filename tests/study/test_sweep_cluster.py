"""The same rows from a Dask cluster whose workers are killed."""

import builtins
import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest
import sweep_fakes as fakes

from tegnas_core.errors import TegnasError
from tegnas_study.sweep import cluster, read_sweep, run_sweep
from tegnas_study.sweep.cluster import host_and_port

pytestmark = [pytest.mark.slow, pytest.mark.long]

distributed = pytest.importorskip("distributed", reason="an optional extra")


def raise_type_error():
    raise TypeError("a bug")


@pytest.fixture(scope="module")
def scheduler():
    """Two worker processes of one thread each; a task that killed two of them is given up."""
    import dask

    quiet = {"distributed.scheduler.allowed-failures": 1, "distributed.scheduler.worker-saturation": 1.0}
    path = os.pathsep.join([str(Path(__file__).parents[1]), *sys.path])
    with (
        dask.config.set(quiet),
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            dashboard_address=":0",
            silence_logs=50,
            env={"PYTHONPATH": path},
        ) as local,
    ):
        yield local


def test_the_rows_are_those_of_one_machine_although_workers_are_killed(tmp_path, scheduler):
    out, log = tmp_path / "rows.parquet", tmp_path / "log"
    architectures = [*fakes.names(20), "dies-once", *fakes.names(60)[20:]]
    killer = threading.Thread(target=kill_the_busiest, args=(log, 10))
    killer.start()
    summary = fakes.sweep(
        out, architectures, repeats=2, log=log, pause=0.02, scheduler=scheduler.scheduler_address
    )
    killer.join()
    assert (tmp_path / "log.died").exists()
    assert len(fakes.workers(log)) >= 3, "a worker was replaced"
    assert summary.new == 122 and "error" not in summary.statuses
    fakes.write(tmp_path / "here.parquet", architectures, repeats=2)
    assert fakes.bits(out).equals(fakes.bits(tmp_path / "here.parquet"))
    again = tmp_path / "again"
    assert fakes.sweep(out, architectures, log=again, scheduler=scheduler.scheduler_address).new == 0
    assert not again.exists()


def kill_the_busiest(log: Path, n: int) -> None:
    """Kill the worker that began the n-th evaluation."""
    while len(fakes.logged(log)) < n:
        time.sleep(0.005)
    os.kill(int(log.read_text().splitlines()[n - 1].split()[2]), signal.SIGKILL)


def test_a_task_that_kills_its_workers_or_raises_is_a_row(tmp_path, scheduler):
    out, log = tmp_path / "rows.parquet", tmp_path / "log"
    architectures = ["always-dies", "raises", *fakes.names(4)]
    summary = fakes.sweep(out, architectures, log=log, scheduler=scheduler.scheduler_address)
    table = read_sweep(out).set_index("architecture")
    assert (table.status[["always-dies", "raises"]] == "error").all()
    assert summary.statuses["error"] == 2
    assert any("workers of the cluster died" in message for message in summary.messages)
    assert (table.status[fakes.names(4)] != "error").all()


def test_an_evaluator_that_cannot_be_built_ends_the_run(tmp_path, scheduler):
    with pytest.raises(TegnasError, match="cannot evaluate: TypeError: a bug"):
        run_sweep(
            [("a", 0)],
            raise_type_error,
            fakes.SWEEP,
            out=tmp_path / "rows.parquet",
            progress=False,
            scheduler=scheduler.scheduler_address,
        )


def test_workers_of_other_versions_are_refused(tmp_path, scheduler, monkeypatch):
    monkeypatch.setattr(cluster, "versions", lambda: {"numpy": "0.1"})
    with pytest.raises(TegnasError, match=r"has numpy \d.* where this machine has 0\.1; install the same"):
        fakes.sweep(tmp_path / "rows.parquet", ["a"], scheduler=scheduler.scheduler_address)


def test_a_scheduler_that_goes_away_leaves_the_rows(tmp_path):
    out, log = tmp_path / "rows.parquet", tmp_path / "log"
    with distributed.LocalCluster(
        n_workers=1, processes=False, dashboard_address=":0", silence_logs=50, protocol="tcp"
    ) as local:
        stopper = threading.Thread(target=close_later, args=(local, log, 20))
        stopper.start()
        with pytest.raises(TegnasError, match=r"lost the Dask scheduler .* safe: run the same command again"):
            fakes.sweep(out, fakes.names(500), log=log, pause=0.02, scheduler=local.scheduler_address)
        stopper.join()
    summary = fakes.sweep(out, fakes.names(30))
    assert summary.kept > 0 and len(read_sweep(out)) >= 30


@pytest.mark.parametrize("name", ["CommClosedError", "TimeoutError", "CancelledError"])
def test_a_scheduler_that_is_gone_when_it_is_asked_is_told_in_one_line(monkeypatch, name):
    class Gone:
        def nthreads(self):
            raise getattr(distributed, name, None) or getattr(distributed.comm, name)

        def close(self):
            pass

    monkeypatch.setattr(cluster, "_connect", lambda distributed, address: Gone())
    with pytest.raises(
        TegnasError, match=r"lost the Dask scheduler at tcp://here:1; .* safe: run the same command"
    ):
        next(cluster.cluster_outcomes([("a", (0,))], dict, address="tcp://here:1"))


def close_later(local, log: Path, n: int) -> None:
    while len(fakes.logged(log)) < n:
        time.sleep(0.005)
    local.close()


def test_nobody_at_the_address(tmp_path, capfd):
    started = time.monotonic()
    with pytest.raises(TegnasError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9 "):
        fakes.sweep(tmp_path / "rows.parquet", ["a"], scheduler="tcp://127.0.0.1:9")
    assert time.monotonic() - started < 5
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "address",
    ["", " ", "nonsense", "nonsense://x", "tcp://", "tcp://host", "tcp://host:0", "tcp://a:65536", "a:١"],
)
def test_what_is_no_address_is_not_tried(address):
    with pytest.raises(TegnasError, match="is no address of a Dask scheduler, such as tcp://host:8786"):
        host_and_port(address)


def test_addresses_are_hosts_with_ports():
    assert host_and_port("tcp://10.0.0.1:8786") == ("10.0.0.1", 8786)
    assert host_and_port("tls://[::1]:1") == ("::1", 1)
    assert host_and_port("cluster.local:65535") == ("cluster.local", 65535)


def test_without_dask_the_extra_is_named(tmp_path, monkeypatch):
    real = builtins.__import__

    def refuse(name, *rest, **named):
        if name == "distributed":
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(TegnasError, match=r'pip install "tegnas-study\[cluster\]"'):
        fakes.sweep(tmp_path / "rows.parquet", ["a"], scheduler="tcp://127.0.0.1:9")
