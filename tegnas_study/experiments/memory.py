"""What a search has evaluated so far, in memory and in a journal beside its result.

A search that is told the same values takes the same way (see `search.loop`). A stopped one therefore resumes by
starting again with what it remembers.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Self

from tegnas_core.errors import TegnasError
from tegnas_study.experiments.old_memory import convert_lines, is_of_lines
from tegnas_study.storage.journal import Entry, Journal, Values, journal_path

Visit = tuple[int, str]  # the seed of a search, and the text of an architecture that it visits

KEY_TYPES = {"seed": "INTEGER", "architecture": "TEXT"}  # in the journal


class Memory:
    """Values by seed and architecture, each computed once.

    Args:
        output: The file of the result, whose lock the caller holds; the journal lies beside it and appears with
            the first value. None remembers in this process only.
        request: What the values follow from, as JSON values by name; a journal of another request is refused.
        resume: Whether there is a journal to go on with; there must be one then, and must not be one otherwise.

    Raises:
        TegnasError: When the journal is there against `resume`, is missing although it is asked for, belongs to
            another search, is damaged, or cannot be used.
    """

    def __init__(
        self, output: Path | None = None, request: Mapping[str, object] | None = None, *, resume: bool = False
    ) -> None:
        self.known: dict[Visit, Values] = {}
        self._path = None if output is None else journal_path(output)
        self._request = json.loads(json.dumps(dict(request or {})))  # as it comes back from a file
        self._journal: Journal | None = None
        if self._path is not None:
            self._check(output, resume)
            if resume:
                self._read()

    def recall(self, visit: Visit, compute: Callable[[], Values]) -> Values:
        """Return the values of a visit; they are computed if they are new, and on the disk when this returns."""
        if visit not in self.known:
            values = dict(compute())
            self._keep(Entry(visit, values))
            self.known[visit] = values
        return self.known[visit]

    def forget_file(self) -> None:
        """Remove the journal, because the result is written."""
        if self._journal is not None:
            self._journal.remove()
            self._journal = None

    def close(self) -> None:
        """Close the journal; what is in it stays."""
        if self._journal is not None:
            self._journal.close()
            self._journal = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _check(self, output: Path, resume: bool) -> None:
        if resume and not self._path.exists():
            raise TegnasError(f"there is no unfinished search beside {output}; to start one leave out --resume")
        if not resume and self._path.exists():
            raise TegnasError(
                f"{self._path} is an unfinished search; go on with it by --resume, or remove the file"
            )

    def _read(self) -> None:
        if is_of_lines(self._path):
            convert_lines(self._path, KEY_TYPES)
        journal = Journal(self._path, KEY_TYPES)
        try:
            if any(run.get("search") != self._request for run in journal.runs()):
                raise TegnasError(
                    f"{self._path} belongs to another search; choose another --out, or remove the file"
                )
            self.known = {entry.key: entry.values for entry in journal.entries()}
        except TegnasError:
            journal.close()
            raise
        self._journal = journal

    def _keep(self, entry: Entry) -> None:
        if self._path is None:
            return
        if self._journal is None:
            self._journal = Journal(self._path, KEY_TYPES)
            self._journal.add_run({"search": self._request})
        self._journal.add([entry])


def forget_left_over(output: Path, request: Mapping[str, object], seeds: Iterable[int]) -> None:
    """Remove the journal of a search whose result is written: it was killed before it could remove it itself.

    A journal that knows more than these seeds stays.

    Args:
        output: The file of the result, whose lock the caller holds.
        request: What the values follow from, as of `Memory`.
        seeds: The seeds of the result.

    Raises:
        TegnasError: When the journal belongs to another search, or is damaged.
    """
    if journal_path(output).exists():
        with Memory(output, request, resume=True) as memory:
            if {seed for seed, _ in memory.known} <= set(seeds):
                memory.forget_file()
