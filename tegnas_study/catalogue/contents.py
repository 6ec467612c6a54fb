"""What is in ``data/``: every file with its size and hash, and every table with its kind, columns and facts."""

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tegnas_core.errors import TegnasError
from tegnas_study.catalogue.column import Column
from tegnas_study.catalogue.kinds import KINDS, Kind
from tegnas_study.paths import DATA

FOLDERS = ("atlas", "results", "searches", "quoted")
SUFFIXES = (".parquet", ".csv", ".json", ".txt")
COPIED = "copied by hand from the paper"  # in place of the command of a quoted table


@dataclass(frozen=True)
class DataFile:
    """A file of the folder.

    Attributes:
        name: Its path in the folder, with slashes.
        n_bytes: Its size.
        sha256: The hash of its bytes, in hexadecimal digits.
        facts: What the file says of itself: request or settings, versions, hardware; {} for none.
        commands: The commands that made it, the first first; or that it was copied.
        kind: What its rows are; None for a file that holds no table.
        columns: The contracts of its columns, in its order.
        n_rows: How many rows it has.
    """

    name: str
    n_bytes: int
    sha256: str
    facts: Mapping[str, object] = field(default_factory=dict, repr=False)
    commands: tuple[str, ...] = ()
    kind: Kind | None = None
    columns: tuple[Column, ...] = ()
    n_rows: int = 0


def files(folder: Path = DATA) -> Iterator[Path]:
    """Yield the files of the four folders, in order; what an interrupted sweep left is none of them.

    Raises:
        TegnasError: When a file is there that is none of the known kinds.
    """
    for room in FOLDERS:
        for path in sorted((folder / room).iterdir()) if (folder / room).is_dir() else ():
            if path.name.startswith(".") or ".journal" in path.name or path.suffix == ".lock":
                continue
            if path.suffix not in SUFFIXES:
                raise TegnasError(f"{path} is no file of data/: known are those that end in {', '.join(SUFFIXES)}")
            yield path


def data_file(path: Path, folder: Path = DATA) -> DataFile:
    """Return what a file of the folder is.

    Raises:
        TegnasError: When it is damaged, or a table whose kind or columns are unknown.
    """
    name, content = path.relative_to(folder).as_posix(), path.read_bytes()
    known = (name, len(content), hashlib.sha256(content).hexdigest())
    if path.suffix == ".parquet":
        return _parquet(known, path)
    if path.suffix == ".csv":
        return _csv(known, content.decode("utf-8"))
    facts = json.loads(content) if path.suffix == ".json" else {}
    facts = facts.get("provenance", facts)
    return DataFile(*known, facts, tuple(_commands(facts)))


def contents(folder: Path = DATA) -> tuple[DataFile, ...]:
    """Return every file of the folder.

    Raises:
        TegnasError: When one of them is damaged or unknown.
    """
    return tuple(data_file(path, folder) for path in files(folder))


def _parquet(known: tuple[str, int, str], path: Path) -> DataFile:
    name = f"data/{known[0]}"
    try:
        with pq.ParquetFile(path) as file:
            schema, n_rows = file.schema_arrow, file.metadata.num_rows
    except (pa.ArrowException, OSError, ValueError) as error:
        raise TegnasError(f"{name} is damaged or no Parquet file ({type(error).__name__})") from error
    metadata = {key.decode(): value for key, value in (schema.metadata or {}).items()}
    kind = next((KINDS[key] for key in metadata if key in KINDS), None)
    if kind is None:
        raise TegnasError(f"{name} does not say what kind of table it is; a command of this study makes one")
    facts = json.loads(metadata[kind.name])
    columns = kind.contract(schema.names, name)
    return DataFile(*known, facts, tuple(_commands(facts)), kind, columns, n_rows)


def _csv(known: tuple[str, int, str], content: str) -> DataFile:
    name = known[0]
    if name not in KINDS:
        raise TegnasError(f"data/{name} has no contract; tegnas_study/catalogue/kinds.py must describe it")
    rows = list(csv.reader(content.splitlines()))
    kind = KINDS[name]
    columns = kind.contract(rows[0] if rows else (), f"data/{name}")
    return DataFile(*known, {}, (COPIED,), kind, columns, len(rows) - 1)


def _commands(facts: Mapping[str, object]) -> Iterator[str]:
    """Yield the different commands that a file names, the first first."""
    runs = facts.get("runs", [facts])
    seen = dict.fromkeys(str(run["command"]) for run in runs if isinstance(run, Mapping) and run.get("command"))
    yield from seen
