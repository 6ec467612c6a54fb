"""One pool of worker processes for everything that runs in several: sweeps and studies.

Each worker builds its function once and gets one job at a time, a few tasks that belong together. The parent alone
decides and writes; a worker only answers, task by task. A worker that dies takes nothing with it but the task it
was at, which is tried once more and then given up. Workers end with their parent, however that ends.

Pebble, a library for pools whose workers may be killed, was tried for this. It answers a job as a whole, so a kill
would lose the finished tasks of a job and not tell which task was at fault, and its workers outlive a killed
parent for as long as a task takes.
"""

import contextlib
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import traceback
from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import cache
from multiprocessing import connection
from pathlib import Path
from typing import NamedTuple, TypeVar

from tegnas_core.errors import TegnasError

Task = TypeVar("Task", bound=Hashable)
Answer = TypeVar("Answer")

# One thread a worker: cores are shared by processes, and sums do not depend on how many there are.
ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "MKL_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
        "NUMEXPR_NUM_THREADS",
        "NUMBA_NUM_THREADS",
    ),
    "1",
)

# What evaluations rest on.
_SLOW_TO_LOAD = ("torch", "numba", "pandas", "pyarrow.parquet", "tegnas_core.engine.reverse_pass")

_MAX_DEATHS = 2  # of one task
_MAX_FAILED_STARTS = 3  # in a row, each by a signal


def pool_answers(
    jobs: Sequence[tuple[Task, ...]],
    make_work: Callable[[], Callable[[Task], Answer]],
    *,
    workers: int,
    give_up: Callable[[Task, str], Answer],
    tick: float = 0.5,
) -> Iterator[list[Answer]]:
    """Yield answers as worker processes finish them, and an empty list when ``tick`` seconds bring none.

    Closing the iterator ends the workers at once.

    Args:
        jobs: The tasks, grouped: one worker does all tasks of a job, in their order.
        make_work: Picklable and small; called once in each worker. What it returns maps a task to its answer.
        workers: The number of processes.
        give_up: Returns the answer for a task that killed two workers, given the task and the cause; or raises.
        tick: In seconds.

    Raises:
        TegnasError: When a worker cannot start or cannot build its function.
        Exception: What the function raises for a task, with the traceback from the worker as a note.
    """
    crew = _Crew(jobs, pickle.dumps(make_work), give_up)
    try:
        for _ in range(min(workers, len(jobs))):
            crew.hire()
        while crew.busy():
            yield crew.collect(tick)
    finally:
        crew.dismiss()


@cache
def _context() -> multiprocessing.context.BaseContext:
    """Return how workers start: never as forks of this process, which would inherit threads, locks and CUDA.

    On Linux they are forks of a server without threads. If this process has loaded what takes long to load, the
    server does so too, once for all workers and not once for each.
    """
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([name for name in _SLOW_TO_LOAD if name in sys.modules])
    return context


class _Ready(NamedTuple):
    """What a worker sends once it has built its function."""


class _Failure(NamedTuple):
    """What a worker sends instead of an answer."""

    error: Exception


class _Worker:
    """The parent's view of one process: the tasks it was given and has not answered."""

    def __init__(self, make_work: bytes) -> None:
        context = _context()
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs,), daemon=True)
        with _environment(ONE_THREAD):
            self.process.start()
            environment = dict(os.environ)
        theirs.close()  # so that the worker's death ends the conversation
        # Not as arguments of the process: starting one waits for ever if it dies before it has read much.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.connection.send(environment)
            self.connection.send_bytes(make_work)
        self.ready = False
        self.open_tasks: deque[Task] = deque()

    @property
    def idle(self) -> bool:
        return self.ready and not self.open_tasks

    def give(self, job: tuple[Task, ...]) -> None:
        self.open_tasks.extend(job)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it just died: `collect` will notice
            self.connection.send(job)

    def end(self) -> int:
        self.connection.close()
        self.process.kill()
        self.process.join()
        code = self.process.exitcode
        self.process.close()
        return code


class _Crew:
    """All workers, what is still to be given to them, and how often each task killed one."""

    def __init__(
        self, jobs: Sequence[tuple[Task, ...]], make_work: bytes, give_up: Callable[[Task, str], Answer]
    ) -> None:
        self.queue = deque(jobs)
        self.make_work = make_work
        self.give_up = give_up
        self.workers: list[_Worker] = []
        self.deaths: Counter[Task] = Counter()
        self.failed_starts = 0

    def hire(self) -> None:
        self.workers.append(_Worker(self.make_work))

    def dismiss(self) -> None:
        for worker in self.workers:
            worker.end()
        self.workers.clear()

    def busy(self) -> bool:
        return bool(self.queue) or any(worker.open_tasks for worker in self.workers)

    def collect(self, tick: float) -> list[Answer]:
        """Take one message from every worker that has one, and keep them all at work."""
        answers = []
        speaking = connection.wait([worker.connection for worker in self.workers], tick)
        for worker in [worker for worker in self.workers if worker.connection in speaking]:
            try:
                message = worker.connection.recv()
            except (EOFError, OSError):
                answers += self._bury(worker)
                continue
            if isinstance(message, _Failure):
                raise message.error
            if isinstance(message, _Ready):
                worker.ready, self.failed_starts = True, 0
            else:
                worker.open_tasks.popleft()
                answers.append(message)
        self._assign()
        return answers

    def _assign(self) -> None:
        for worker in self.workers:
            if worker.idle and self.queue:
                worker.give(self.queue.popleft())

    def _bury(self, worker: _Worker) -> list[Answer]:
        """Replace a dead worker; return the answer for its task if that is given up."""
        self.workers.remove(worker)
        worker.process.join()
        code = worker.end()
        if not worker.ready:
            self._count_failed_start(code)
        answers = []
        if worker.open_tasks:
            task = worker.open_tasks[0]
            self.deaths[task] += 1
            if self.deaths[task] == _MAX_DEATHS:
                worker.open_tasks.popleft()
                answers = [self.give_up(task, f"its worker process died twice, {_cause(code)}")]
        if worker.open_tasks:
            self.queue.appendleft(tuple(worker.open_tasks))
        if self.queue:
            self.hire()
        return answers

    def _count_failed_start(self, code: int) -> None:
        self.failed_starts += 1
        if code >= 0:
            raise TegnasError(f"a worker process could not start ({_cause(code)}); its own message is above")
        if self.failed_starts == _MAX_FAILED_STARTS:
            raise TegnasError(f"{self.failed_starts} worker processes died while starting, {_cause(code)}")


def _cause(code: int) -> str:
    if code == -9:
        return "killed by signal 9 (out of memory?)"
    return f"killed by signal {-code}" if code < 0 else f"exit code {code}"


@contextlib.contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    """Set environment variables for the processes started inside: libraries read them when first imported."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _work(parent: connection.Connection) -> None:
    """Be a worker: say ready, then do job after job, one answer per task."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends both to the whole group;
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # when to stop is the parent's decision
    threading.Thread(target=_exit_with_parent, daemon=True).start()
    with contextlib.suppress(OSError):  # short of memory, the system should take a worker, not the writer
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")
    try:
        environment = parent.recv()  # the server was started when variables may have been others
        os.environ.clear()
        os.environ.update(environment)
        work = pickle.loads(parent.recv_bytes())()  # from our own parent
    except TegnasError as error:
        parent.send(_Failure(error))
        return
    with contextlib.suppress(EOFError, OSError):  # the parent is gone
        parent.send(_Ready())
        while True:
            for task in parent.recv():
                parent.send(_answer(work, task))


def _answer(work: Callable[[Task], Answer], task: Task) -> Answer | _Failure:
    try:
        return work(task)
    except Exception as error:
        if not isinstance(error, TegnasError):
            error.add_note(f"in a worker process:\n{traceback.format_exc()}")
        return _Failure(error)


def _exit_with_parent() -> None:
    multiprocessing.parent_process().join()
    os._exit(1)
