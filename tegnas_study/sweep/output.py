"""The Parquet file: read with suspicion, replaced as a whole."""

import hashlib
import json
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from tegnas_core.errors import TegnasError
from tegnas_study.storage.parquet import read_parquet, write_parquet
from tegnas_study.sweep.rows import Results, column_type, named_columns, table_keys

if TYPE_CHECKING:
    import pandas as pd

_KIND = "tegnas"


def read_sweep(path: str | Path) -> "pd.DataFrame":
    """Return the rows of a sweep's Parquet file, sorted by key.

    Columns: architecture, space, settings, images, seed, repeat (the key), condition_number, linear_regions,
    regression_error (or, in a sweep of rivals, those), status, seconds, and possibly more indicators, as floats.

    Raises:
        TegnasError: When the file is missing, damaged, or not the table of a sweep.
    """
    return read_table(Path(path)).to_pandas()


def read_provenance(path: str | Path) -> dict[str, object]:
    """Return the metadata of a sweep's file: ``settings`` by label, and ``runs`` with versions and hardware.

    Raises:
        TegnasError: When the file is missing, damaged, or not the table of a sweep.
    """
    return provenance_of(read_table(Path(path)))


def provenance_of(table: pa.Table) -> dict[str, object]:
    """Return the metadata that `write_table` put beside the rows."""
    text = (table.schema.metadata or {}).get(_KIND.encode(), b"{}")
    return {"settings": {}, "runs": []} | json.loads(text)


def read_table(path: Path, results: Results | None = None) -> pa.Table:
    """Return the rows of a sweep's Parquet file as an Arrow table, with checksums and columns verified.

    Args:
        path: The file.
        results: The results that its rows should hold; None takes those of any kind of sweep.

    Raises:
        TegnasError: When the file is missing, damaged, or not the table of a sweep.
    """
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").digest()
        table = _read_once(path, digest)
    except FileNotFoundError:
        raise TegnasError(f"there is no file {path}") from None
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise TegnasError(
            f"{path} is damaged or no Parquet file ({reason}); nothing was changed: "
            "move it away or bring back a copy"
        ) from error
    check_kind(path, table.column_names, results or {})
    return table


@lru_cache(maxsize=16)  # a chapter asks for the rows and for the settings of every draw, again and again
def _read_once(path: Path, _digest: bytes) -> pa.Table:
    """Remember checked tables, which nobody can change; a file that has changed has another digest."""
    table, _ = read_parquet(path, kind=_KIND)
    _check_columns(path, table)
    return table


def check_kind(path: Path, names: Collection[str], results: Results) -> None:
    """Raise `TegnasError` when the rows of a file, with columns of these names, lack a result of a sweep."""
    for name in results:
        if name not in names:
            raise TegnasError(f"{path} holds another kind of sweep, without {name}; choose another --out")


def _check_columns(path: Path, table: pa.Table) -> None:
    for name in (*named_columns({}), *table.column_names):
        if name not in table.column_names:
            raise TegnasError(f"{path} is not the table of a sweep: column {name} is missing")
        if table.schema.field(name).type != column_type(name):
            raise TegnasError(f"{path} is not the table of a sweep: column {name} should be {column_type(name)}")
        if table.column(name).null_count:
            raise TegnasError(f"{path} is not the table of a sweep: column {name} has empty entries")
    if len(set(table_keys(table))) < table.num_rows:
        raise TegnasError(f"{path} is not the table of a sweep: it has the same row twice")


def write_table(path: Path, table: pa.Table, provenance: dict[str, object]) -> None:
    """Replace the file by a table: readers see the whole old file or the whole new one, whatever happens.

    Raises:
        TegnasError: When the disk is full or the folder cannot be written; the old file is then untouched.
    """
    advice = (
        "every finished row is safe in its journal: make room or make it writable, then run the same command again"
    )
    write_parquet(path, table, provenance, kind=_KIND, advice=advice)
