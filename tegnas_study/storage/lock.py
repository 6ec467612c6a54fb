"""One writer per output, and outputs that may be written at all."""

import contextlib
import os
import platform
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from tegnas_core.errors import TegnasError
from tegnas_study.storage.atomic import partial_path


def checked_output(output: Path) -> Path:
    """Return the file that an output names, with symbolic links followed.

    Raises:
        TegnasError: When it names no file, when its folder is missing, or when something that is no regular file
            lies there: a device or a pipe must never be replaced.
    """
    try:
        path = output.resolve()
        if not output.name or path.is_dir():
            raise TegnasError(f"{output} is a folder; name a file in it")
        if not path.parent.is_dir():
            raise TegnasError(f"the folder {path.parent} does not exist; create it or write somewhere else")
        if path.exists() and not path.is_file():
            raise TegnasError(f"{output} is no regular file; choose another name for the output")
    except TegnasError:
        raise
    except (OSError, ValueError, RuntimeError) as error:  # too long a name, a null byte, links in a circle
        raise TegnasError(f"cannot write {str(output)[:200]!r} ({_reason(error)}); choose another name") from None
    return path


@contextlib.contextmanager
def writer_lock(output: Path) -> Iterator[Path]:
    """Be the one writer of an output; the system ends this when the process ends in any way.

    The lock is the file ``OUTPUT.lock``, which is removed at the end. What an earlier writer of the output left
    half-written when it was killed is removed at the start.

    Args:
        output: The file that is going to be written.

    Yields:
        The output with symbolic links followed (see `checked_output`).

    Raises:
        TegnasError: When the output may not be written, or another process holds the lock.
    """
    output = checked_output(output)
    path = output.with_name(output.name + ".lock")
    holder = _read(path)  # before trying: older versions of filelock empty the file when they try
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if not path.exists():  # filelock cannot tell a folder that takes no file from a lock that is held
            raise TegnasError(f"cannot write in the folder {output.parent}; choose another place") from None
        raise TegnasError(
            f"{output} is being written by {holder or 'another process'}; "
            "wait until it ends, or choose another --out"
        ) from None
    except (OSError, NotImplementedError) as error:
        raise TegnasError(f"cannot write in the folder {output.parent}: {_reason(error)}") from error
    try:
        _sign(path)
        with contextlib.suppress(OSError):
            partial_path(output).unlink(missing_ok=True)
        yield output
    finally:
        with contextlib.suppress(OSError):  # while we hold it: filelock refuses a lock on a removed file
            path.unlink()
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


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).splitlines()[0][:200]
