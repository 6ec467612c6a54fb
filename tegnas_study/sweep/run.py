"""The sweep itself: what is missing is computed, what is computed is kept."""

import contextlib
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tqdm import tqdm

from tegnas_core.errors import TegnasError
from tegnas_study.sweep.cluster import cluster_outcomes
from tegnas_study.sweep.provenance import provenance
from tegnas_study.sweep.rows import Chunk, Evaluate, Outcome, Sweep, Task, in_chunks
from tegnas_study.sweep.signals import StopRequest, stop_on_signals
from tegnas_study.sweep.store import Store, open_store
from tegnas_study.sweep.workers import local_outcomes

_MAX_MESSAGES = 5


@dataclass
class Summary:
    """What a run did; ``str`` gives the lines for the end of a run.

    Attributes:
        path: The Parquet file.
        total: Rows that were asked for.
        kept: Rows of these that were there already.
        new: Rows of these that this run computed.
        other: Rows of other sweeps (settings, images, seeds) or architectures in the same file.
        statuses: Number of rows asked for by status.
        messages: Why rows failed: the first few that did in this run.
        seconds: Wall-clock time of the run.
    """

    path: Path
    total: int
    kept: int
    other: int
    new: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    messages: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __str__(self) -> str:
        """Return a line each for rows, time, failures and their reasons."""
        rate = f", {self.new / self.seconds:.2g} rows/s" if self.new and self.seconds else ""
        others = f"; {self.other:,} other rows untouched" if self.other else ""
        failures = ", ".join(f"{n:,} {status}" for status, n in sorted(self.statuses.items()) if status != "ok")
        return "\n".join(
            [
                f"{self.path}: {self.kept + self.new:,} of {self.total:,} rows, {self.new:,} new{others}",
                f"{self.seconds:,.1f} s{rate}; not ok: {failures or 'none'}",
                *(f"  {message}" for message in self.messages),
            ]
        )

    def count(self, outcomes: Iterable[Outcome]) -> None:
        """Add the outcomes of this run."""
        for outcome in outcomes:
            self.new += 1
            self.statuses[str(outcome.result["status"])] += 1
            if outcome.message and len(self.messages) < _MAX_MESSAGES:
                architecture, repeat = outcome.task
                self.messages.append(f"{architecture} repeat {repeat}: {outcome.message}")


class SweepInterrupted(KeyboardInterrupt):
    """Ctrl-C or SIGTERM ended the run early; all finished rows are in the file.

    Attributes:
        summary: What was done until then.
        signal: The signal's number; by custom a command then exits with 128 + that.
    """

    def __init__(self, summary: Summary, number: int) -> None:
        super().__init__(
            f"stopped by {signal.Signals(number).name}: {summary.kept + summary.new:,} of "
            f"{summary.total:,} rows are finished and safe in {summary.path}; "
            "run the same command again to go on"
        )
        self.summary = summary
        self.signal = number


def run_sweep(
    tasks: Iterable[Task],
    make_evaluate: Callable[[], Evaluate],
    sweep: Sweep,
    *,
    out: str | Path,
    workers: int = 1,
    scheduler: str | None = None,
    retry_errors: bool = False,
    progress: bool = True,
    snapshot_seconds: float = 300.0,
    notes: Mapping[str, object] | None = None,
) -> Summary:
    """Evaluate the tasks that the output does not hold yet and write them there.

    Args:
        tasks: Pairs (architecture string, repeat); doubled ones count once.
        make_evaluate: Picklable and small; called once in each worker process. What it returns maps
            (architecture, repeat) to a dictionary with the results of the sweep, status, seconds and, if it
            likes, more numbers, which become columns.
        sweep: What the rows share.
        out: The Parquet file; rows of other sweeps in it are kept.
        workers: Number of processes here, each with one thread.
        scheduler: Address of a Dask scheduler; the tasks then run there and ``workers`` is not used.
        retry_errors: Compute rows with status ``error`` again.
        progress: Show a bar with rate and time left on stderr.
        snapshot_seconds: How often the Parquet file is brought up to date during the run.
        notes: Kept in the file's metadata beside versions and hardware: command, device …

    Raises:
        TegnasError: When the output is in use, damaged or cannot be written, or the evaluator cannot be
            built. Finished rows are safe in any case.
        SweepInterrupted: After Ctrl-C or SIGTERM, once the finished rows are in the file.
    """
    if workers < 1:
        raise TegnasError(f"--workers must be at least 1, got {workers}")
    started = time.monotonic()
    with stop_on_signals() as stop, open_store(Path(out), sweep.results) as store:
        circumstances = provenance(sweep, notes or {})
        store.check_images(circumstances)
        summary, missing = _plan(list(dict.fromkeys(tasks)), store, sweep, retry_errors)
        if missing:
            store.begin(circumstances)
            chunks = in_chunks(missing)
            outcomes = _outcomes(chunks, make_evaluate, workers, scheduler)
            _run(outcomes, store, sweep, summary, stop, progress, snapshot_seconds)
        store.finish()
        summary.seconds = time.monotonic() - started
        if summary.kept + summary.new < summary.total:
            raise SweepInterrupted(summary, stop.signal)
    return summary


def _plan(tasks: list[Task], store: Store, sweep: Sweep, retry_errors: bool) -> tuple[Summary, list[Task]]:
    """Compare what is asked for with what is there."""
    statuses = store.statuses(sweep)
    if retry_errors:
        statuses = {task: status for task, status in statuses.items() if status != "error"}
    kept = Counter(statuses[task] for task in tasks if task in statuses)
    missing = [task for task in tasks if task not in statuses]
    n_kept = kept.total()
    return Summary(store.output, len(tasks), n_kept, len(store) - n_kept, statuses=kept), missing


def _outcomes(
    chunks: list[Chunk], make_evaluate: Callable[[], Evaluate], workers: int, scheduler: str | None
) -> Iterator[list[Outcome]]:
    if scheduler is not None:
        return cluster_outcomes(chunks, make_evaluate, address=scheduler)
    return local_outcomes(chunks, make_evaluate, workers=workers)


def _run(
    batches: Iterator[list[Outcome]],
    store: Store,
    sweep: Sweep,
    summary: Summary,
    stop: StopRequest,
    progress: bool,
    snapshot_seconds: float,
) -> None:
    """Commit outcomes as they come, until there are no more or somebody asks to stop."""
    bar = tqdm(
        total=summary.total,
        initial=summary.kept,
        unit="row",
        file=sys.stderr,
        disable=not progress,
        smoothing=0.05,
    )
    next_snapshot = time.monotonic() + snapshot_seconds
    with contextlib.closing(batches), bar:
        for answers in batches:
            outcomes = [sweep.complete(answer) for answer in answers]
            if outcomes:
                store.add(sweep, outcomes)
                summary.count(outcomes)
            bar.update(len(outcomes))
            if stop.signal:
                return
            if time.monotonic() >= next_snapshot:
                store.publish()
                next_snapshot = time.monotonic() + snapshot_seconds
