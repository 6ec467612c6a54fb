"""One task, wherever it runs: in a worker process here or on a cluster."""

import os
import sys
import time

from tegnas_study.sweep.pool import ONE_THREAD
from tegnas_study.sweep.rows import Evaluate, Outcome, Task, checked_result, failed


def run_task(evaluate: Evaluate, task: Task) -> Outcome:
    """Evaluate one repeat of one architecture; an exception becomes a row with status ``error``."""
    started = time.perf_counter()
    try:
        return Outcome(task, checked_result(evaluate(*task)))
    except Exception as error:  # whatever one architecture raises, it must not end the run
        message = f"{type(error).__name__}: {error}".splitlines()[0]
        return failed(task, message, seconds=time.perf_counter() - started)


def limit_threads() -> None:
    """Use one thread in a process that we did not start; call it in every thread that computes."""
    wanted = dict(ONE_THREAD)
    if "numba" in sys.modules:  # which refuses another number once its threads run
        del wanted["NUMBA_NUM_THREADS"]
    os.environ.update(wanted)
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)
