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
_COMMAND = "tegnas search"
_COLUMNS = ("seed", "step", "architecture", "reward", "entropy", "diversity", "seconds", "evaluations", "unique")


# What `outcome.outcome` tells, and how it comes out of a file: texts, whole numbers, and numbers.
_TEXTS, _COUNTS, _NUMBERS = (
    ("method", "derived", "incumbent", "stopped"),
    ("seed", "steps", "evaluations", "unique"),
    ("seconds",),
)


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


def read_histories(path: Path, *, advice: str = "") -> SearchFile:
    """Read what `write_histories` wrote; the file is not trusted.

    Args:
        path: The file.
        advice: What to do with a file of another kind, for the message (see `read_with_provenance`).

    Raises:
        TegnasError: When the file is missing, damaged, or holds no histories.
    """
    histories, provenance = read_with_provenance(
        path, _COLUMNS, ("request", "outcomes"), kind=_KIND, command=_COMMAND, advice=advice
    )
    outcomes = provenance.pop("outcomes")
    if not isinstance(outcomes, list) or not outcomes or not all(map(_is_outcome, outcomes)):
        todo = advice or f"name another file, or move this one away and make it with {_COMMAND}"
        raise TegnasError(f"{path} is damaged (its outcomes are missing or wrong); {todo}")
    return SearchFile(histories, pd.DataFrame(outcomes), provenance)


def _is_outcome(row: object) -> bool:
    return (
        isinstance(row, dict)
        and all(isinstance(row.get(name), str) for name in _TEXTS)
        and all(type(row.get(name)) is int and 0 <= row[name] < 2**63 for name in _COUNTS)
        and all(type(row.get(name)) in (int, float) for name in _NUMBERS)
    )
