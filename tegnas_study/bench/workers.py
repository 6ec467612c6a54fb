"""One worker process against two that run at the same time, and the memory of a worker."""

import multiprocessing
import resource
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from pathlib import Path

from tegnas_core import Architecture, Evaluator
from tegnas_study.bench.cost import Case

_PATIENCE = 600  # seconds that a worker waits for the other one to be ready
_start: Barrier


@dataclass(frozen=True)
class Work:
    """What one worker reports.

    Attributes:
        wall: Seconds from the common start on.
        cpu: Processor seconds.
        peak_bytes: The most memory the process ever held.
    """

    wall: float
    cpu: float
    peak_bytes: int


def two_against_one(case: Case, architectures: Sequence[Architecture], *, rounds: int) -> dict[str, float]:
    """Return how many times as much two workers do as one, and the peak memory of a worker.

    Each round runs one worker on the architectures, then two at the same time on all of them each.

    Returns:
        `speedup` by the clock on the wall; `speedup_cpu` by processor seconds, which count no waiting for a
        processor that other programs hold; `peak_bytes`.
    """
    one, two = [], []
    for _ in range(rounds):
        one.append(run_workers(case, architectures, 1))
        two.append(run_workers(case, architectures, 2))

    def seconds(works: list[list[Work]], clock: str) -> float:
        return sum(max(getattr(work, clock) for work in round_) for round_ in works)

    return {
        "speedup": 2 * seconds(one, "wall") / seconds(two, "wall"),
        "speedup_cpu": 2 * seconds(one, "cpu") / seconds(two, "cpu"),
        "peak_bytes": max(work.peak_bytes for round_ in one + two for work in round_),
    }


def run_workers(case: Case, architectures: Sequence[Architecture], n: int) -> list[Work]:
    """Evaluate the architectures in each of n processes, which start together once all are warm."""
    context = multiprocessing.get_context("spawn")
    options = {"mp_context": context, "initializer": _remember, "initargs": (context.Barrier(n),)}
    with ProcessPoolExecutor(n, **options) as pool:
        return [future.result() for future in [pool.submit(_work, case, architectures) for _ in range(n)]]


def _remember(barrier: Barrier) -> None:
    global _start  # a barrier can only be inherited, not sent
    _start = barrier


def _work(case: Case, architectures: Sequence[Architecture]) -> Work:
    evaluator = Evaluator(case.settings, case.images, seed=case.seed, device=case.device)
    evaluator.evaluate_repeat(architectures[0], 0)
    _start.wait(_PATIENCE)
    wall, cpu = time.perf_counter(), time.process_time()
    for architecture in architectures:
        evaluator.evaluate_repeat(architecture, 0)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Work(wall, cpu, peak_bytes())


def peak_bytes() -> int:
    """Return the most memory that this process ever held."""
    status = Path("/proc/self/status")
    if status.exists():  # on Linux the resource usage of a new process starts with its parent's peak
        (line,) = (line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
