"""What a search has evaluated so far, in memory and in a file beside its result.

A search told the same values takes the same way (see `search.loop`): a stopped one resumes by starting again with
what it remembers. The file grows by one line an evaluation; a line that a crash cut short is dropped.
"""

import json
import math
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Self

from tegnas_core.errors import TegnasError

Values = Mapping[str, float | str]
_MAX_LINE = 1 << 20


class Memory:
    """Values by key, each computed once.

    Args:
        path: Where lines are appended; None remembers in this process only.
        header: What the values follow from; a file with another header is refused.
        resume: Whether the file may exist already.

    Raises:
        TegnasError: When the file exists and `resume` is not set, belongs to another search, or cannot be written.
    """

    def __init__(
        self, path: Path | None = None, header: Mapping[str, object] | None = None, *, resume: bool = False
    ):
        self.path = path
        self.known: dict[str, Values] = {}
        self._file: IO[str] | None = None
        if path is None:
            return
        head = json.dumps({"search": dict(header or {})}, sort_keys=True)
        try:
            if path.exists():
                self._read(path, head, resume)
            self._file = path.open("a", encoding="utf-8")
            if self._file.tell() == 0:
                self._append(head)
        except OSError as error:
            raise TegnasError(
                f"cannot write {path} ({error.strerror}); choose a folder that can be written"
            ) from error

    def recall(self, key: str, compute: Callable[[], Values]) -> Values:
        """Return the values of a key, computing them if they are new."""
        if key not in self.known:
            self.known[key] = values = dict(compute())
            if self._file is not None:
                self._append(json.dumps({"key": key, "values": {k: _to_json(v) for k, v in values.items()}}))
        return self.known[key]

    def forget_file(self) -> None:
        """Remove the file: the result is written."""
        self.close()
        if self.path is not None:
            self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the file; what is in it stays."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _append(self, line: str) -> None:
        self._file.write(line + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def _read(self, path: Path, head: str, resume: bool) -> None:
        if not resume:
            raise TegnasError(f"{path} is an unfinished search; go on with --resume, or remove it")
        kept = 0
        with path.open("rb") as lines:
            while raw := lines.readline(_MAX_LINE):
                line = raw.decode("utf-8", errors="replace")
                if kept == 0 and raw.endswith(b"\n") and line.rstrip("\n") != head:
                    raise TegnasError(f"{path} belongs to another search; choose another --out, or remove it")
                if not raw.endswith(b"\n") or not self._take(line, first=kept == 0):
                    break
                kept += len(raw)
        os.truncate(path, kept)

    def _take(self, line: str, *, first: bool) -> bool:
        if first:
            return True
        try:
            entry = json.loads(line)
            values = {str(k): _from_json(v) for k, v in entry["values"].items()}
            self.known[str(entry["key"])] = values
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return False
        return True


def _to_json(value: float | str) -> float | str | None:
    return (
        value
        if isinstance(value, str) or math.isfinite(value)
        else {math.inf: "+inf", -math.inf: "-inf"}.get(value)
    )


def _from_json(value: object) -> float | str:
    if value is None:
        return math.nan
    if isinstance(value, str):
        return {"+inf": math.inf, "-inf": -math.inf}.get(value, value)
    return float(value)
