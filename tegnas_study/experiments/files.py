"""Histories in a file: Parquet, one row an evaluation, with the request and the outcomes beside the rows."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_study.experiments.request import SearchRequest
from tegnas_study.storage.provenance_table import read_with_provenance, write_with_provenance

if TYPE_CHECKING:
    from tegnas_core.search import SearchHistory

_KIND = "tegnas-search"
_COLUMNS = ("seed", "step", "architecture", "reward", "entropy", "diversity", "seconds", "evaluations", "unique")


class SearchFile(NamedTuple):
    """What a file of histories holds.

    Attributes:
        histories: One row an evaluation: seed, then as `SearchHistory.table`.
        outcomes: One row a seed, as `outcome.outcome`.
        provenance: The request, command, date, versions and hardware.
    """

    histories: pd.DataFrame
    outcomes: pd.DataFrame
    provenance: Mapping[str, object]


def write_histories(
    path: Path,
    request: SearchRequest,
    histories: Mapping[int, "SearchHistory"],
    outcomes: Sequence[Mapping[str, object]],
    *,
    command: str,
    device: str = "cpu",
) -> None:
    """Write histories by seed; the file appears complete or not at all. The caller holds its lock.

    Raises:
        TegnasError: When the file cannot be written.
    """
    tables = [history.table().assign(seed=seed) for seed, history in histories.items()]
    table = pd.concat(tables, ignore_index=True)
    facts = {
        "request": request.model_dump(),
        "outcomes": [dict(row) for row in outcomes],
        "command": command,
        "device": device,
    }
    write_with_provenance(path, table[["seed", *table.columns.drop("seed")]], facts, kind=_KIND)


def read_histories(path: Path) -> SearchFile:
    """Read what `write_histories` wrote; the file is not trusted.

    Raises:
        TegnasError: When the file is missing, damaged, or holds no histories.
    """
    histories, provenance = read_with_provenance(
        path, _COLUMNS, ("request", "outcomes"), kind=_KIND, command="tegnas search"
    )
    return SearchFile(histories, _table(path, provenance.pop("outcomes")), provenance)


def _table(path: Path, outcomes: object) -> pd.DataFrame:
    try:
        table = pd.DataFrame(outcomes)
    except (ValueError, TypeError, AttributeError):
        table = pd.DataFrame()
    if table.empty:
        raise TegnasError(f"{path} is damaged (it names no outcome); make it again with tegnas search")
    return table
