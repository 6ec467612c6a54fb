"""The same tasks on an existing Dask cluster; the rows still come back to the one writer here."""

import pickle
import re
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import TYPE_CHECKING

from tegnas_core.errors import TegnasError
from tegnas_study.storage.provenance import versions
from tegnas_study.sweep.rows import Chunk, Evaluate, Outcome, failed
from tegnas_study.sweep.tasks import limit_threads, run_task

if TYPE_CHECKING:
    from distributed import Client, Future

_CHUNKS_PER_THREAD = 4  # in flight: enough to keep workers busy, few enough to stop soon
_CONNECT_SECONDS = 10  # for a scheduler that is there but busy
_ANSWER_SECONDS = 3  # for anybody to listen at the address
_TICK_SECONDS = 0.5
_ADDRESS = re.compile(
    r"(?:(?:tcp|tls|ws|wss|ucx)://)?(?P<host>[^\s:/\[\]]{1,253}|\[[0-9a-fA-F:.%]+\]):(?P<port>[0-9]{1,5})"
)


def cluster_outcomes(
    chunks: list[Chunk], make_evaluate: Callable[[], Evaluate], *, address: str
) -> Iterator[list[Outcome]]:
    """Yield outcomes as the cluster finishes them, and an empty list when half a second brings none.

    The workers need this package in the same versions and should have one thread each. Dask itself repeats
    the tasks of a worker that dies; a task that killed several workers becomes a failed row.

    Raises:
        TegnasError: When distributed is not installed, there is no scheduler at the address, it goes away, or
            a worker has other versions or cannot build the evaluator.
    """
    distributed = _import_distributed()
    client = _connect(distributed, address)
    factory = pickle.dumps(make_evaluate)
    queue, running = deque(chunks), {}
    try:
        while queue or running:
            _fill(client, queue, running, factory)
            yield _collect(distributed, client, queue, running)
    except (distributed.CancelledError, OSError):  # noticed while waiting, or while asking for its workers
        raise TegnasError(
            f"lost the Dask scheduler at {address}; finished rows are safe: run the same command again"
        ) from None
    finally:
        client.close()  # the scheduler drops what nobody waits for


def require_scheduler(address: str) -> None:
    """Check that somebody listens at an address; Dask itself would try for long and log every attempt.

    Raises:
        TegnasError: When the text is no address such as tcp://host:8786, or nobody listens there.
    """
    host, port = host_and_port(address)
    try:
        socket.create_connection((host, port), timeout=_ANSWER_SECONDS).close()
    except (OSError, UnicodeError) as error:
        raise TegnasError(_nobody(address, error)) from None


def host_and_port(address: str) -> tuple[str, int]:
    """Return the parts of a scheduler's address.

    Raises:
        TegnasError: When the text is no such address.
    """
    found = _ADDRESS.fullmatch(address)
    if found is None or not 0 < int(found["port"]) < 1 << 16:
        raise TegnasError(f"--scheduler {address!r} is no address of a Dask scheduler, such as tcp://host:8786")
    return found["host"].strip("[]"), int(found["port"])


def _nobody(address: str, error: Exception) -> str:
    return f"no Dask scheduler answers at {address} ({error})"


def _import_distributed() -> ModuleType:
    try:
        import distributed
    except ImportError:
        raise TegnasError(
            '--scheduler needs Dask, which is not installed; pip install "tegnas-study[cluster]"'
        ) from None
    return distributed


def _connect(distributed: ModuleType, address: str) -> "Client":
    require_scheduler(address)
    try:
        return distributed.Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise TegnasError(_nobody(address, error)) from None


def _fill(client: "Client", queue: deque[Chunk], running: dict["Future", Chunk], factory: bytes) -> None:
    """Submit chunks until every thread of the cluster has a few."""
    room = _CHUNKS_PER_THREAD * max(1, sum(client.nthreads().values())) - len(running)
    for _ in range(min(room, len(queue))):
        chunk = queue.popleft()
        architecture, repeats = chunk
        # not pure: a chunk that is submitted again must run again
        future = client.submit(_run_chunk, factory, versions(), architecture, list(repeats), pure=False)
        running[future] = chunk


def _collect(
    distributed: ModuleType, client: "Client", queue: deque[Chunk], running: dict["Future", Chunk]
) -> list[Outcome]:
    """Return the outcomes of what is done by now; what a dead worker had is put back into the queue."""
    try:
        with client.as_current():
            done, _ = distributed.wait(list(running), timeout=_TICK_SECONDS, return_when="FIRST_COMPLETED")
    except distributed.TimeoutError:
        return []
    outcomes: list[Outcome] = []
    for future in done:
        if future.status == "error":
            outcomes += _failure(distributed, future.exception(), running.pop(future), queue)
            continue
        try:
            outcomes += future.result(timeout=_TICK_SECONDS)
        except distributed.TimeoutError:  # its worker died with the result: Dask computes it again
            continue
        del running[future]
    return outcomes


def _failure(distributed: ModuleType, error: BaseException, chunk: Chunk, queue: deque[Chunk]) -> list[Outcome]:
    """Return the failed row of a chunk that killed its workers, or try its repeats one by one first."""
    if isinstance(error, TegnasError):
        raise error
    if not isinstance(error, distributed.KilledWorker):
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        raise TegnasError(f"a worker of the cluster cannot evaluate: {reason}") from error
    architecture, repeats = chunk
    if len(repeats) > 1:
        queue.extendleft((architecture, (repeat,)) for repeat in reversed(repeats))
        return []
    return [failed((architecture, repeats[0]), "several workers of the cluster died of it (out of memory?)")]


_one_at_a_time = threading.Lock()  # a Dask worker may have threads; the evaluator's cache knows none
_evaluators: dict[bytes, Evaluate] = {}  # of this process; only the last one is kept


def _run_chunk(factory: bytes, expected: dict[str, str], architecture: str, repeats: list[int]) -> list[Outcome]:
    """Evaluate all repeats of an architecture, in a worker of the cluster."""
    _check_versions(expected)
    with _one_at_a_time:
        limit_threads()
        if factory not in _evaluators:
            _evaluators.clear()
            _evaluators[factory] = pickle.loads(factory)()  # from our own client
            limit_threads()  # what was just imported
        return [run_task(_evaluators[factory], (architecture, repeat)) for repeat in repeats]


def _check_versions(expected: dict[str, str]) -> None:
    """Refuse to mix numbers of different versions in one sweep."""
    here = versions()
    for name, version in expected.items():
        if here.get(name) != version:
            raise TegnasError(
                f"a worker of the cluster has {name} {here.get(name) or 'not at all'} where this machine has "
                f"{version or 'none'}; install the same versions everywhere"
            )
