"""One writer per output."""

import contextlib
import os
import platform
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from tegnas_core.errors import TegnasError


@contextlib.contextmanager
def writer_lock(output: Path) -> Iterator[None]:
    """Hold the lock ``OUTPUT.lock``; the system frees it when the process ends in any way.

    Raises:
        TegnasError: When another process holds it, or the folder is missing or cannot be written.
    """
    path = output.with_name(output.name + ".lock")
    if not output.parent.is_dir():
        raise TegnasError(f"the folder {output.parent} does not exist; create it or write somewhere else")
    holder = _read(path)  # before trying: older versions of filelock empty the file when they try
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise TegnasError(
            f"{output} is being written by {holder or 'another process'}; "
            "wait until it ends, or choose another --out"
        ) from None
    except (OSError, NotImplementedError) as error:
        raise TegnasError(f"cannot write in the folder {output.parent}: {error}") from error
    try:
        _sign(path)
        yield
    finally:
        lock.release()


def _sign(path: Path) -> None:
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    with contextlib.suppress(OSError):  # a courtesy to whoever is refused; the lock holds without it
        path.write_text(f"process {os.getpid()} on {platform.node()}, since {now}\n", encoding="utf-8")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()[:200]
    except OSError:
        return ""
