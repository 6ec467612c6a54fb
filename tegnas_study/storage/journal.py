"""The finished rows of a run that goes on, on disk the moment they are finished.

One SQLite file beside the output. A commit is fsynced before the run goes on, so a killed process, a killed
machine or a full disk loses no finished row, and the primary key makes a doubled row impossible. Sweeps and
searches differ in the key of a row and in nothing else.
"""

import contextlib
import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, Self

from tegnas_core.errors import TegnasError

Key = tuple[str | int, ...]
Values = Mapping[str, float | str]

_APPLICATION = 0x7E6A5  # marks the file as ours


class Entry(NamedTuple):
    """A finished row.

    Attributes:
        key: What names the row, in the order of the journal's key.
        values: Its numbers and texts by name; infinities and nan survive.
        message: Why it failed, if it did.
    """

    key: Key
    values: Values
    message: str = ""


def journal_path(output: Path) -> Path:
    """Return where the journal of an output lies."""
    return output.with_name(output.name + ".journal")


class Journal:
    """The journal of one output; open one only while holding the output's lock.

    Args:
        path: The file, which is made if it is missing (see `journal_path`).
        key: The columns of a row's key, with "TEXT" or "INTEGER" for each.

    Raises:
        TegnasError: When the file cannot be written, is damaged, or belongs to something else. It then stays as
            it is.
    """

    def __init__(self, path: Path, key: Mapping[str, str]) -> None:
        self.path = path
        self._key = dict(key)
        with self._one_line("cannot open"):
            self._database = sqlite3.connect(path, isolation_level=None)
        try:
            with self._one_line("cannot use"):
                self._prepare()
        except TegnasError:
            self._database.close()
            raise

    def _prepare(self) -> None:
        execute = self._database.execute
        (health,) = execute("PRAGMA quick_check(1)").fetchone()
        if health != "ok":
            raise sqlite3.DatabaseError(health)
        (application,) = execute("PRAGMA application_id").fetchone()
        (n_tables,) = execute("SELECT count(*) FROM sqlite_master").fetchone()
        if n_tables and application != _APPLICATION:
            raise sqlite3.DatabaseError("another program wrote it")
        execute("PRAGMA journal_mode = TRUNCATE")  # everything in one file, unlike a write-ahead log
        execute("PRAGMA synchronous = FULL")
        if n_tables:
            self._check_key()
        else:
            with self._transaction():
                for statement in self._schema():
                    execute(statement)

    def _schema(self) -> tuple[str, ...]:
        columns = ", ".join(f"{name} {kind}" for name, kind in self._key.items())
        return (
            f"CREATE TABLE rows ({columns}, result TEXT NOT NULL, message TEXT NOT NULL, "
            f"checksum INTEGER NOT NULL, PRIMARY KEY ({', '.join(self._key)})) WITHOUT ROWID",
            "CREATE TABLE runs (provenance TEXT NOT NULL)",
            f"PRAGMA application_id = {_APPLICATION}",
        )

    def _check_key(self) -> None:
        """Refuse the journal of another command; that a column is missing would look like damage otherwise."""
        found = [row[1] for row in self._database.execute("PRAGMA table_info(rows)") if row[5]]
        if found != [*self._key]:
            raise TegnasError(
                f"{self.path} is the journal of another command, whose rows are named by {', '.join(found)}; "
                "finish that one first, or choose another --out"
            )

    def add(self, entries: Iterable[Entry]) -> None:
        """Commit rows; when this returns they are on the disk. A row whose key is known replaces the older one.

        Raises:
            TegnasError: When they could not be written; none of them is then, and all earlier ones still are.
        """
        rows = []
        for entry in entries:
            named = (*entry.key, json.dumps(dict(entry.values)))
            rows.append((*named, entry.message, _checksum(named)))
        places = ", ".join("?" * (len(self._key) + 3))
        with self._one_line("cannot write"), self._transaction():
            self._database.executemany(f"INSERT OR REPLACE INTO rows VALUES ({places})", rows)

    def add_run(self, facts: Mapping[str, object]) -> None:
        """Commit where and how rows are about to be computed, as JSON values."""
        with self._one_line("cannot write"), self._transaction():
            self._database.execute("INSERT INTO runs VALUES (?)", (json.dumps(facts),))

    def entries(self) -> list[Entry]:
        """Return all rows; why a row failed is not read back."""
        with self._one_line("cannot read"):
            names = ", ".join(self._key)
            found = self._database.execute(f"SELECT {names}, result, checksum FROM rows").fetchall()
            return [_entry(tuple(named), checksum) for *named, checksum in found]

    def runs(self) -> list[dict[str, object]]:
        """Return what every run since the journal was begun noted of itself."""
        with self._one_line("cannot read"):
            return [json.loads(text) for (text,) in self._database.execute("SELECT provenance FROM runs")]

    def serialized(self) -> bytes:
        """Return the content of the journal's file, for a journal in memory that becomes one at once."""
        return self._database.serialize()

    def close(self) -> None:
        """Close the file; what is committed stays, and a journal without rows is removed: it keeps nothing."""
        with contextlib.suppress(sqlite3.Error, OSError):
            if self._database.execute("SELECT 1 FROM rows LIMIT 1").fetchone() is None:
                self.path.unlink(missing_ok=True)
        self._database.close()
        undo = self.path.with_name(self.path.name + "-journal")  # SQLite's own; holds something after a crash only
        if undo.exists() and not undo.stat().st_size:
            undo.unlink()

    def remove(self) -> None:
        """Close and delete the file: only once its rows are safe elsewhere."""
        self.close()
        self.path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._database.execute("COMMIT")
        except BaseException:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            raise

    @contextlib.contextmanager
    def _one_line(self, verb: str) -> Iterator[None]:
        try:
            yield
        except TegnasError:
            raise
        except sqlite3.OperationalError as error:  # disk full, read-only folder, I/O error
            raise TegnasError(
                f"{verb} {self.path} ({error}); every finished row is safe: "
                "make room or make it writable, then run the same command again"
            ) from error
        except (sqlite3.DatabaseError, ValueError, TypeError, AttributeError) as error:
            raise TegnasError(
                f"the journal {self.path} is damaged ({error}); nothing was changed: "
                "move it away to compute its rows again"
            ) from error


def _checksum(named: tuple) -> int:
    return zlib.crc32(json.dumps(named).encode())


def _entry(named: tuple, checksum: int) -> Entry:
    if _checksum(named) != checksum:
        raise ValueError("a row has a wrong checksum")
    *key, text = named
    values = {name: value if isinstance(value, str) else float(value) for name, value in json.loads(text).items()}
    return Entry(tuple(key), values)
