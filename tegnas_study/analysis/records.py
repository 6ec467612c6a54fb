"""Results kept in files: tables that need accuracies which a fresh machine lacks, each with its birth certificate.

A record is one JSON file in ``data/results``: ``provenance``, then named tables with one row on each line, so
that a change can be read. It appears complete or not at all.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_study.paths import RESULTS
from tegnas_study.storage.atomic import replacing
from tegnas_study.storage.lock import writer_lock

PREFIX = "whole-space-"


@dataclass(frozen=True, eq=False)
class ResultRecord:
    """The results of one section of the report.

    Attributes:
        name: The name of the section, such as "correlations".
        provenance: What the numbers follow from, texts and numbers by name; ``key`` identifies the inputs.
        tables: The tables by their names.
    """

    name: str
    provenance: Mapping[str, object]
    tables: Mapping[str, pd.DataFrame]

    def __str__(self) -> str:
        """Return one line for a page, which says from what the record was computed, and when."""
        return f"recorded {self.provenance['date']} from {self.provenance['coverage']}"

    def _repr_markdown_(self) -> str:
        lines = [f"- **{name}:** `{value}`" for name, value in self.provenance.items()]
        return "\n".join([f"Record `{PREFIX}{self.name}.json`:", "", *lines])


def write_record(record: ResultRecord, folder: Path = RESULTS) -> Path:
    """Write a record and return its file; numbers that are not finite become null.

    Raises:
        TegnasError: When the folder cannot be written.
    """
    path = record_path(record.name, folder)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with writer_lock(path), replacing(path) as partial:
            partial.write_text(_text(record), encoding="utf-8")
    except OSError as error:
        raise TegnasError(
            f"cannot write {path} ({error.strerror}); choose a folder that can be written"
        ) from error
    return path


def read_record(name: str, folder: Path = RESULTS) -> ResultRecord:
    """Return the record of a section; null becomes nan.

    Raises:
        TegnasError: When there is no such record, or its file is damaged.
    """
    path = record_path(name, folder)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        tables = {
            key: pd.DataFrame(table["rows"], columns=table["columns"]) for key, table in content["tables"].items()
        }
        return ResultRecord(name, dict(content["provenance"]), {k: _numbers(t) for k, t in tables.items()})
    except FileNotFoundError:
        raise TegnasError(f"nothing is recorded as {path.name}; run tegnas atlas report") from None
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise TegnasError(
            f"{path} is damaged ({type(error).__name__}); run tegnas atlas report --force"
        ) from error


def record_path(name: str, folder: Path = RESULTS) -> Path:
    """Return the file of a record."""
    return folder / f"{PREFIX}{name}.json"


def _text(record: ResultRecord) -> str:
    tables = []
    for key, table in record.tables.items():
        rows = ",\n    ".join(
            json.dumps([_plain(v) for v in row], ensure_ascii=False) for row in table.to_numpy(object)
        )
        columns = json.dumps(list(table.columns), ensure_ascii=False)
        tables.append(f'  {json.dumps(key)}: {{"columns": {columns}, "rows": [\n    {rows}\n  ]}}')
    provenance = json.dumps(dict(record.provenance), ensure_ascii=False, indent=2).replace("\n", "\n ")
    return f'{{\n "provenance": {provenance},\n "tables": {{\n' + ",\n".join(tables) + "\n }\n}\n"


def _plain(value: object) -> object:
    if isinstance(value, str):
        return value
    number = float(value)
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() else float(f"{number:.6g}")


def _numbers(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with nan in place of null, in the columns that hold numbers."""
    text = [c for c in table.columns if table[c].map(lambda v: isinstance(v, str)).any()]
    return table.astype({c: float for c in table.columns if c not in text})
