"""Worker processes: each builds the evaluator once and gets all repeats of one architecture at a time.

The parent alone decides and writes; a worker only answers. A worker that dies takes nothing with it but the
row it was at: that row is tried once more and then recorded as failed.
"""

import contextlib
import multiprocessing
import os
import pickle
import signal
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator
from multiprocessing import connection
from pathlib import Path

from tegnas_core.errors import TegnasError
from tegnas_study.sweep.rows import Chunk, Evaluate, Outcome, Task, failed
from tegnas_study.sweep.tasks import ONE_THREAD, run_task

_READY = "ready"
_MAX_DEATHS = 2  # of one task
_MAX_FAILED_STARTS = 3  # in a row, each by a signal


def local_outcomes(
    chunks: list[Chunk], make_evaluate: Callable[[], Evaluate], *, workers: int, tick: float = 0.5
) -> Iterator[list[Outcome]]:
    """Yield outcomes as worker processes finish them, and an empty list when ``tick`` seconds bring none.

    Closing the iterator ends the workers at once.

    Raises:
        TegnasError: When a worker cannot start or cannot build the evaluator.
    """
    crew = _Crew(chunks, pickle.dumps(make_evaluate))
    try:
        for _ in range(min(workers, len(chunks))):
            crew.hire()
        while crew.busy():
            yield crew.collect(tick)
    finally:
        crew.dismiss()


class _Worker:
    """The parent's view of one process: the tasks it was given and has not answered."""

    def __init__(self, factory: bytes) -> None:
        context = multiprocessing.get_context("spawn")  # a fork would inherit threads, locks and CUDA
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, factory), daemon=True)
        with _environment(ONE_THREAD):
            self.process.start()
        theirs.close()  # so that the worker's death ends the conversation
        self.ready = False
        self.open_tasks: deque[Task] = deque()

    @property
    def idle(self) -> bool:
        return self.ready and not self.open_tasks

    def give(self, chunk: Chunk) -> None:
        architecture, repeats = chunk
        self.open_tasks.extend((architecture, repeat) for repeat in repeats)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it just died: `collect` will notice
            self.connection.send(chunk)

    def end(self) -> int:
        self.connection.close()
        self.process.kill()
        self.process.join()
        code = self.process.exitcode
        self.process.close()
        return code


class _Crew:
    def __init__(self, chunks: list[Chunk], factory: bytes) -> None:
        self.queue = deque(chunks)
        self.factory = factory
        self.workers: list[_Worker] = []
        self.deaths: Counter[Task] = Counter()
        self.failed_starts = 0

    def hire(self) -> None:
        self.workers.append(_Worker(self.factory))

    def dismiss(self) -> None:
        for worker in self.workers:
            worker.end()
        self.workers.clear()

    def busy(self) -> bool:
        return bool(self.queue) or any(worker.open_tasks for worker in self.workers)

    def collect(self, tick: float) -> list[Outcome]:
        """Take one message from every worker that has one, and keep them all at work."""
        outcomes = []
        speaking = connection.wait([worker.connection for worker in self.workers], tick)
        for worker in [worker for worker in self.workers if worker.connection in speaking]:
            try:
                message = worker.connection.recv()
            except (EOFError, OSError):
                outcomes += self._bury(worker)
                continue
            if isinstance(message, TegnasError):
                raise message
            if message == _READY:
                worker.ready, self.failed_starts = True, 0
            else:
                worker.open_tasks.popleft()
                outcomes.append(message)
        self._assign()
        return outcomes

    def _assign(self) -> None:
        for worker in self.workers:
            if worker.idle and self.queue:
                worker.give(self.queue.popleft())

    def _bury(self, worker: _Worker) -> list[Outcome]:
        """Replace a dead worker; return the failed outcome of its task if that killed a worker before."""
        self.workers.remove(worker)
        worker.process.join()
        code = worker.end()
        if not worker.ready:
            self._count_failed_start(code)
        outcomes = []
        if worker.open_tasks:
            task = worker.open_tasks[0]
            self.deaths[task] += 1
            if self.deaths[task] == _MAX_DEATHS:
                worker.open_tasks.popleft()
                outcomes = [failed(task, f"its worker process died twice, {_cause(code)}")]
        if worker.open_tasks:
            architecture = worker.open_tasks[0][0]
            self.queue.appendleft((architecture, tuple(repeat for _, repeat in worker.open_tasks)))
        if self.queue:
            self.hire()
        return outcomes

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


def _work(parent: connection.Connection, factory: bytes) -> None:
    """Be a worker: say ready, then answer chunk after chunk, one outcome per repeat."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends both to the whole group;
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # when to stop is the parent's decision
    threading.Thread(target=_exit_with_parent, daemon=True).start()
    with contextlib.suppress(OSError):  # short of memory, the system should take a worker, not the writer
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")
    try:
        evaluate = pickle.loads(factory)()  # from our own parent; imports torch only now
    except TegnasError as error:
        parent.send(error)
        return
    with contextlib.suppress(EOFError, OSError):  # the parent is gone
        parent.send(_READY)
        while True:
            architecture, repeats = parent.recv()
            for repeat in repeats:
                parent.send(run_task(evaluate, (architecture, repeat)))


def _exit_with_parent() -> None:
    multiprocessing.parent_process().join()
    os._exit(1)
