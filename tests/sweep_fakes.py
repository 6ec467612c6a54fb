"""Evaluators that cost milliseconds, and a command that sweeps with them, for tests that kill it."""

import functools
import hashlib
import math
import os
import signal
import sys
import time
from pathlib import Path

from tegnas_study.sweep import KEY, Summary, Sweep, SweepInterrupted, make_tasks, read_sweep, run_sweep
from tegnas_study.sweep.provenance import provenance
from tegnas_study.sweep.rows import Outcome, checked_result
from tegnas_study.sweep.store import open_store

SWEEP = Sweep(space="toy", settings="teg:0123abcd", images="synthetic", seed=0, details={"width": 3})


def names(n: int) -> list[str]:
    """n architectures, not in the order of a table."""
    return [f"cell-{(i * 7919) % 100_000:05d}" for i in range(n)]


def numbers(architecture: str, repeat: int) -> dict[str, object]:
    """Numbers that depend on the task alone and use every bit, some of them infinite."""
    digest = hashlib.blake2b(f"{architecture}/{repeat}".encode()).digest()
    first, second, third = (int.from_bytes(digest[8 * i : 8 * i + 8]) / 2**64 for i in range(3))
    singular = digest[-1] < 32
    return {
        "condition_number": math.inf if singular else 1 / first,
        "linear_regions": float(int(3000 * second)),
        "regression_error": math.inf if singular else third,
        "status": "singular" if singular else "ok",
    }


def evaluate(architecture: str, repeat: int, *, log: Path | None, pause: float) -> dict[str, object]:
    """Behave as the architecture's name says, and note in the log who was asked what."""
    started = time.perf_counter()
    if log is not None:
        with log.open("a") as file:
            file.write(f"{architecture} {repeat} {os.getpid()}\n")
    time.sleep(pause)
    if "raises" in architecture:
        raise ValueError("this cell is broken\nin two lines")
    if "dies-once" in architecture and not (marker := log.with_suffix(".died")).exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if "always-dies" in architecture and repeat == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    if "threads" in architecture:
        return numbers(architecture, repeat) | {"threads": os.environ["OMP_NUM_THREADS"], "seconds": 0}
    return numbers(architecture, repeat) | {"seconds": time.perf_counter() - started}


def make_evaluate(log: Path | None = None, pause: float = 0.0):
    """The factory that workers call."""
    return functools.partial(evaluate, log=log, pause=pause)


def factory(log: Path | None = None, pause: float = 0.0):
    """A picklable factory of fakes."""
    return functools.partial(make_evaluate, log, pause)


def sweep(out: Path, architectures: list[str], *, repeats: int = 1, log: Path | None = None, **options) -> Summary:
    """Run a sweep of fakes without a progress bar."""
    options = {"progress": False} | options
    pause = options.pop("pause", 0.0)
    tasks = make_tasks(architectures, repeats=repeats)
    return run_sweep(tasks, factory(log, pause), options.pop("of", SWEEP), out=out, **options)


def write(
    out: Path, architectures: list[str], *, repeats: int = 1, publish: bool = True, of: Sweep = SWEEP
) -> None:
    """Write what a sweep would, from a plain loop; unpublished rows stay in the journal, as after a kill."""
    tasks = make_tasks(architectures, repeats=repeats)
    rows = [Outcome(task, checked_result(numbers(*task) | {"seconds": 0.0})) for task in tasks]
    with open_store(out) as store:
        store.begin(provenance(of, {}))
        store.add(of, rows)
        if publish:
            store.finish()


def bits(path: Path):
    """Everything a file says but the seconds, floats as their bits: equal only if nothing differs."""
    table = read_sweep(path).drop(columns="seconds").set_index(list(KEY))
    for name in table.columns.drop("status"):
        table[name] = table[name].to_numpy().view("int64")
    return table


def logged(log: Path) -> list[tuple[str, int]]:
    """The tasks that evaluators were asked for, in order."""
    lines = log.read_text().splitlines() if log.exists() else []
    return [(line.split()[0], int(line.split()[1])) for line in lines]


def workers(log: Path) -> set[int]:
    """The processes that evaluated."""
    return {int(line.split()[2]) for line in log.read_text().splitlines()}


def die_at(moment: str) -> None:
    """Arrange for SIGKILL at a named moment of the last steps."""
    from tegnas_study.storage import atomic, parquet
    from tegnas_study.storage.journal import Journal

    def kill(*_, **__):
        os.kill(os.getpid(), signal.SIGKILL)

    def half(table, path, **_):
        path.write_bytes(b"PAR1 and then nothing")
        kill()

    if moment == "while writing":
        parquet.pq.write_table = half
    elif moment == "before replacing":
        atomic.os.replace = kill
    elif moment == "before removing the journal":
        Journal.remove = kill


def main() -> None:
    """``sweep_fakes.py OUT LOG N_ARCHITECTURES PAUSE [MOMENT]``: two repeats, one worker, many snapshots."""
    out, log, n, pause, *moment = sys.argv[1:]
    if moment:
        die_at(moment[0])
    try:
        print(
            sweep(
                Path(out),
                names(int(n)),
                repeats=2,
                log=Path(log),
                pause=float(pause),
                snapshot_seconds=1000 if moment else 0.05,
            )
        )
    except SweepInterrupted as stop:
        print(stop, file=sys.stderr)
        sys.exit(128 + stop.signal)


if __name__ == "__main__":
    main()
