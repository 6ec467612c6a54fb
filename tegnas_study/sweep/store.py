"""A Parquet file and its journal, seen as one set of rows."""

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from tegnas_core.errors import TegnasError
from tegnas_study.storage.journal import Journal, journal_path
from tegnas_study.storage.lock import writer_lock
from tegnas_study.sweep.output import check_kind, provenance_of, read_table, write_table
from tegnas_study.sweep.rows import (
    KEY_TYPES,
    TEG,
    Outcome,
    Results,
    Row,
    Sweep,
    Task,
    make_table,
    merge_tables,
    row_of_entry,
    table_keys,
)


class Store:
    """The rows of one output, finished in this run or in earlier ones; use `open_store` to get one.

    Raises:
        TegnasError: When the Parquet file or the journal is damaged, or holds another kind of sweep. Both are left
            as they are.
    """

    def __init__(self, output: Path, results: Results = TEG) -> None:
        self.output = output
        self._results = results
        published = read_table(output, results) if output.exists() else make_table([], results)
        self._known = provenance_of(published)
        self._journal = Journal(journal_path(output), KEY_TYPES)
        left = self._rows()  # by a run that was killed
        for row in left:
            check_kind(output, row, results)
        self._table = merge_tables(published, make_table(left, results), results)
        self._unpublished = bool(left)

    def __len__(self) -> int:
        """Return the number of rows, of all sweeps, that were there at the start or are published since."""
        return self._table.num_rows

    def statuses(self, sweep: Sweep) -> dict[Task, str]:
        """Return the status of every task of a sweep that was finished at the start or is published since."""
        wanted = sweep.key(("", 0))[1:-1]
        found = zip(table_keys(self._table), self._table.column("status").to_pylist(), strict=True)
        return {(key[0], key[-1]): status for key, status in found if key[1:-1] == wanted}

    def check_images(self, provenance: dict[str, object]) -> None:
        """Raise `TegnasError` when rows with the same name of images were made from other images."""
        name, digest = provenance["images"], provenance["images_digest"]
        for run in (*self._known["runs"], *self._journal.runs()):
            if run["images"] == name and run.get("images_digest", digest) != digest:
                raise TegnasError(
                    f"the rows of images {name} in {self.output} were made from other images "
                    f"(digest {run['images_digest']}, now {digest}); choose another --out"
                )

    def begin(self, provenance: dict[str, object]) -> None:
        """Note where and how the coming rows are computed."""
        self._journal.add_run(provenance)

    def add(self, sweep: Sweep, outcomes: Iterable[Outcome]) -> None:
        """Commit rows to the disk; see `Journal.add`."""
        self._journal.add(sweep.entry(outcome) for outcome in outcomes)
        self._unpublished = True

    def publish(self) -> None:
        """Write all rows to the Parquet file, if it lacks some; see `write_table`."""
        if self._unpublished:
            new = make_table(self._rows(), self._results)
            self._table = merge_tables(self._table, new, self._results)
            write_table(self.output, self._table, self._provenance())
            self._unpublished = False

    def finish(self) -> None:
        """Publish, and only then remove the journal."""
        self.publish()
        self._journal.remove()

    def close(self) -> None:
        """Close the journal, leaving everything as it is."""
        self._journal.close()

    def _rows(self) -> list[Row]:
        return [row_of_entry(entry) for entry in self._journal.entries()]

    def _provenance(self) -> dict[str, object]:
        """Join the file's metadata with the journal's; circumstances that did not change are listed once."""
        settings, runs = dict(self._known["settings"]), list(self._known["runs"])
        for run in self._journal.runs():
            settings[run["settings"]] = run.pop("details")
            if _without_time(run) not in map(_without_time, runs):
                runs.append(run)
        return {"settings": settings, "runs": runs}


def _without_time(run: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in run.items() if name != "started"}


@contextlib.contextmanager
def open_store(output: Path, results: Results = TEG) -> Iterator[Store]:
    """Hold an output's lock and its rows.

    Raises:
        TegnasError: When another process writes it, it cannot be written, it is damaged, or its rows lack some of
            the results.
    """
    with writer_lock(output) as path, contextlib.closing(Store(path, results)) as store:
        yield store
