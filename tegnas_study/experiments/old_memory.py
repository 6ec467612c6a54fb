"""Unfinished searches of before the one journal: files of lines of JSON, which become a journal on first sight.

The first line says what the values follow from; every other line holds the values of one visit. A line that a
crash cut short ends what is believed.
"""

import json
import math
from collections.abc import Mapping
from pathlib import Path

from tegnas_core.errors import TegnasError
from tegnas_study.storage.atomic import replacing
from tegnas_study.storage.journal import Entry, Journal

_BEGINNING = b'{"search":'
_MAX_LINE = 1 << 20
_INFINITIES = {"+inf": math.inf, "-inf": -math.inf}


def is_of_lines(path: Path) -> bool:
    """Return whether a file is an unfinished search of before."""
    with path.open("rb") as file:
        return file.read(len(_BEGINNING)) == _BEGINNING


def convert_lines(path: Path, key: Mapping[str, str]) -> None:
    """Replace a file of lines by a journal with the same content, as a whole or not at all.

    Args:
        path: The file; the caller holds the lock of its output.
        key: The key of the journal: seed and architecture.

    Raises:
        TegnasError: When the file cannot be read, is damaged from its first line on, or cannot be replaced.
    """
    try:
        request, entries = _read(path)
        with Journal(Path(":memory:"), key) as journal, replacing(path) as partial:
            journal.add_run({"search": request})
            journal.add(entries)
            partial.write_bytes(journal.serialized())
    except OSError as error:
        raise TegnasError(f"cannot convert {path} ({error}); make room or make it writable") from error


def _read(path: Path) -> tuple[object, list[Entry]]:
    with path.open("rb") as file:
        lines = iter(lambda: file.readline(_MAX_LINE), b"")
        try:
            request = json.loads(next(lines))["search"]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise TegnasError(f"{path} is damaged; remove the file to search anew") from None
        entries = []
        for line in lines:
            try:
                entries.append(_entry(line))
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                break
    return request, entries


def _entry(line: bytes) -> Entry:
    if not line.endswith(b"\n"):
        raise ValueError("the line was cut short")
    content = json.loads(line)
    seed, _, architecture = content["key"].partition(" ")
    return Entry((int(seed), architecture), {str(k): _number(v) for k, v in content["values"].items()})


def _number(value: object) -> float | str:
    if value is None:
        return math.nan
    return _INFINITIES.get(value, value) if isinstance(value, str) else float(value)
