"""The tasks of a sweep in worker processes on this machine."""

import functools
from collections.abc import Callable, Iterator

from tegnas_study.sweep.pool import pool_answers
from tegnas_study.sweep.rows import Chunk, Evaluate, Outcome, Task, failed
from tegnas_study.sweep.tasks import run_task


def local_outcomes(
    chunks: list[Chunk], make_evaluate: Callable[[], Evaluate], *, workers: int
) -> Iterator[list[Outcome]]:
    """Yield outcomes as worker processes finish them, and an empty list when half a second brings none.

    One worker does all repeats of an architecture and may cache. A task that kills two workers is a failed row.

    Raises:
        TegnasError: When a worker cannot start or cannot build the evaluator.
    """
    jobs = [tuple((architecture, repeat) for repeat in repeats) for architecture, repeats in chunks]
    return pool_answers(jobs, functools.partial(_make_work, make_evaluate), workers=workers, give_up=failed)


def _make_work(make_evaluate: Callable[[], Evaluate]) -> Callable[[Task], Outcome]:
    return functools.partial(run_task, make_evaluate())
