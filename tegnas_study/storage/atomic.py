"""Files that appear complete or not at all."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a file beside `path` to write to; at the end of the block it takes the place of `path`.

    Readers see the whole old file or the whole new one, also after a power cut. When the block or the exchange
    fails, the old file stays and the other one is removed. Call it while holding `lock.writer_lock` of the path:
    what a killed writer left is removed by the next one.

    Args:
        path: The file to write.

    Raises:
        OSError: When the folder or the file cannot be written.
    """
    partial = partial_path(path)
    try:
        yield partial
        _sync(partial)
        os.replace(partial, path)
        _sync(path.parent)
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)


def partial_path(path: Path) -> Path:
    """Return where the new content of a file lies until it is complete."""
    return path.with_name(f".{path.name}.partial")


def _sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk; Windows cannot do so with a folder."""
    if path.is_dir() and not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
