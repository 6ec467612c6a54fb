"""The files of live searches in a folder, read as one table."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_study.experiments.files import read_histories
from tegnas_study.paths import SEARCHES
from tegnas_study.tables.study_rows import PAPER_NAMES


class LiveSearches(NamedTuple):
    """Searches of several methods and seeds.

    Attributes:
        histories: One row for each evaluation: method, seed, then the columns of `SearchHistory.table`.
        outcomes: One row for each search, as `experiments.outcome.outcome` returns it.
        commands: File name → the command that made the file.
    """

    histories: pd.DataFrame
    outcomes: pd.DataFrame
    commands: Mapping[str, str]


def read_live_searches(
    folder: Path = SEARCHES, *, space: str = "darts", methods: Sequence[str] = tuple(PAPER_NAMES)
) -> LiveSearches:
    """Return the searches in the files ``SPACE-METHOD-….parquet`` of a folder, by method and by seed.

    Args:
        folder: The folder that holds the files.
        space: The space that was searched, as file names have it.
        methods: The methods whose searches are read, in the order of the rows.

    Raises:
        TegnasError: When there is no such file, or a file is damaged.
    """
    paths = [path for method in methods for path in sorted(folder.glob(f"{space}-{method}-*.parquet"))]
    if not paths:
        raise TegnasError(f"no file {space}-METHOD-….parquet in {folder}; make one with tegnas search --out")
    files = {path.name: read_histories(path) for path in paths}
    histories = pd.concat([f.histories.assign(method=f.provenance["request"]["method"]) for f in files.values()])
    outcomes = pd.concat([f.outcomes for f in files.values()])
    commands = {name: f.provenance["command"].replace(" --resume", "") for name, f in files.items()}
    return LiveSearches(_in_order(histories, methods), _in_order(outcomes, methods), commands)


def _in_order(table: pd.DataFrame, methods: Sequence[str]) -> pd.DataFrame:
    """Return rows by method and seed; the rows of one search keep their order."""
    by_seed = table.sort_values("seed", kind="stable")
    return by_seed.sort_values("method", key=lambda m: m.map(methods.index), kind="stable", ignore_index=True)
