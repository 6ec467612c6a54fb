"""The files of live searches in a folder, read as one table."""

from collections.abc import Mapping
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


def read_live_searches(folder: Path = SEARCHES, pattern: str = "darts-*.parquet") -> LiveSearches:
    """Return all searches in the files of a folder, by method in the paper's order and by seed.

    Raises:
        TegnasError: When there is no such file, or a file is damaged.
    """
    files = {path.name: read_histories(path) for path in sorted(folder.glob(pattern))}
    if not files:
        raise TegnasError(f"no file {pattern} in {folder}; make one with tegnas search --out")
    histories = pd.concat([f.histories.assign(method=f.provenance["request"]["method"]) for f in files.values()])
    outcomes = pd.concat([f.outcomes for f in files.values()])
    commands = {name: f.provenance["command"].replace(" --resume", "") for name, f in files.items()}
    return LiveSearches(_in_order(histories), _in_order(outcomes), commands)


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Return rows by method and seed; the rows of one search keep their order."""
    order = [*PAPER_NAMES, *sorted(set(table["method"]) - set(PAPER_NAMES))]
    by_seed = table.sort_values("seed", kind="stable")
    return by_seed.sort_values("method", key=lambda m: m.map(order.index), kind="stable", ignore_index=True)
