"""The finished rows of a running sweep, on disk the moment they are finished.

One SQLite file beside the output. A commit is fsynced before the sweep goes on, so a killed process, a killed
machine or a full disk loses no finished row, and the primary key makes a doubled row impossible.
"""

import contextlib
import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from tegnas_core.errors import TegnasError
from tegnas_study.sweep.rows import KEY, Outcome, Row, Sweep, checked_result

_APPLICATION = 0x7E6A5  # marks the file as ours
_SCHEMA = f"""
CREATE TABLE rows (
    architecture TEXT, space TEXT, settings TEXT, images TEXT, seed INTEGER, repeat INTEGER,
    result TEXT NOT NULL, message TEXT NOT NULL, checksum INTEGER NOT NULL, PRIMARY KEY ({", ".join(KEY)})
) WITHOUT ROWID;
CREATE TABLE runs (provenance TEXT NOT NULL);
PRAGMA application_id = {_APPLICATION};
"""


def journal_path(output: Path) -> Path:
    """Return where the journal of an output lies."""
    return output.with_name(output.name + ".journal")


class Journal:
    """The journal of one output; create one only while holding the output's lock.

    Raises:
        TegnasError: When the file cannot be written, is damaged, or is something else. It is left as it is.
    """

    def __init__(self, output: Path) -> None:
        self.path = journal_path(output)
        with self._one_line("cannot open"):
            self._database = sqlite3.connect(self.path, isolation_level=None)
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
            raise sqlite3.DatabaseError("this is not the journal of a sweep")
        execute("PRAGMA journal_mode = TRUNCATE")  # everything in one file, unlike a write-ahead log
        execute("PRAGMA synchronous = FULL")
        if not n_tables:
            with self._transaction():
                for statement in filter(str.strip, _SCHEMA.split(";")):
                    execute(statement)

    def add(self, sweep: Sweep, outcomes: Iterable[Outcome]) -> None:
        """Commit rows; when this returns they are on the disk.

        Raises:
            TegnasError: When they could not be written; none of them is then, and all earlier ones still are.
        """
        entries = []
        for outcome in outcomes:
            named = (*sweep.key(outcome.task), json.dumps(outcome.result))
            entries.append((*named, outcome.message, _checksum(named)))
        with self._one_line("cannot write"), self._transaction():
            self._database.executemany("INSERT OR REPLACE INTO rows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", entries)

    def add_run(self, provenance: dict[str, object]) -> None:
        """Commit where and how rows are about to be computed."""
        with self._one_line("cannot write"), self._transaction():
            self._database.execute("INSERT INTO runs VALUES (?)", (json.dumps(provenance),))

    def rows(self) -> list[Row]:
        """Return all rows, as dictionaries of the columns of a table."""
        with self._one_line("cannot read"):
            found = self._database.execute(f"SELECT {', '.join(KEY)}, result, checksum FROM rows").fetchall()
            return [_row(tuple(named), checksum) for *named, checksum in found]

    def runs(self) -> list[dict[str, object]]:
        """Return the provenance of every run since the journal was begun."""
        with self._one_line("cannot read"):
            return [json.loads(text) for (text,) in self._database.execute("SELECT provenance FROM runs")]

    def close(self) -> None:
        """Close the file; what is committed stays."""
        self._database.close()
        undo = self.path.with_name(self.path.name + "-journal")  # SQLite's own; holds something after a crash only
        if undo.exists() and not undo.stat().st_size:
            undo.unlink()

    def remove(self) -> None:
        """Close and delete the file: only once its rows are safe elsewhere."""
        self.close()
        self.path.unlink()

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
        except sqlite3.OperationalError as error:  # disk full, read-only folder, I/O error
            raise TegnasError(
                f"{verb} {self.path} ({error}); every finished row is safe: "
                "make room or make it writable, then run the same command again"
            ) from error
        except (sqlite3.DatabaseError, ValueError, TypeError) as error:
            raise TegnasError(
                f"the journal {self.path} is damaged ({error}); nothing was changed: "
                "move it away to compute its rows again"
            ) from error


def _checksum(named: tuple) -> int:
    return zlib.crc32(json.dumps(named).encode())


def _row(named: tuple, checksum: int) -> Row:
    if _checksum(named) != checksum:
        raise ValueError("a row has a wrong checksum")
    *key, text = named
    return dict(zip(KEY, key, strict=True)) | checked_result(json.loads(text))
