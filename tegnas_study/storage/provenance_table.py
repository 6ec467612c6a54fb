"""Parquet tables that carry what they follow from: request, command, date, versions, hardware.

The file appears complete or not at all, and is not trusted when it is read.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from tegnas_core.errors import TegnasError
from tegnas_study.storage.atomic import replacing
from tegnas_study.storage.provenance import hardware, versions


def write_with_provenance(path: Path, table: pd.DataFrame, told: Mapping[str, object], *, kind: str) -> None:
    """Write a table and its certificate.

    Args:
        path: Where.
        table: Without index.
        told: What the rows follow from, as JSON can say it; date, versions and hardware are added.
        kind: Of file, such as "tegnas-search"; a reader asks for it.

    Raises:
        TegnasError: When the file cannot be written.
    """
    certificate = {
        **told,
        "date": datetime.now(UTC).date().isoformat(),
        "versions": versions(),
        "hardware": hardware(),
    }
    rows = pa.Table.from_pandas(table, preserve_index=False)
    rows = rows.replace_schema_metadata({kind.encode(): json.dumps(certificate).encode()})
    try:
        with replacing(path) as partial:
            pq.write_table(rows, partial, compression="zstd", write_page_checksum=True)
    except (pa.ArrowException, OSError) as error:
        raise TegnasError(f"cannot write {path} ({error}); make room or choose another --out") from error


def read_with_provenance(
    path: Path, columns: Sequence[str], told: Sequence[str], *, kind: str, command: str
) -> tuple[pd.DataFrame, dict[str, object]]:
    """Read what `write_with_provenance` wrote.

    Args:
        path: Where.
        columns: That must be there.
        told: Names that the certificate must have.
        kind: As it was written with.
        command: That makes such a file, for the message.

    Returns:
        The table and its certificate.

    Raises:
        TegnasError: When the file is missing, damaged, or of another kind.
    """
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            rows = file.read()
        rows.validate(full=True)
        certificate = json.loads((rows.schema.metadata or {}).get(kind.encode(), b"{}"))
        missing = [name for name in columns if name not in rows.column_names]
        missing += [name for name in told if name not in certificate]
        if missing:
            raise KeyError(f"no {', '.join(missing)}")
        return rows.to_pandas(ignore_metadata=True), dict(certificate)
    except FileNotFoundError:
        raise TegnasError(f"there is no file {path}") from None
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        reason = (str(error).splitlines() or [""])[0][:200] or type(error).__name__
        raise TegnasError(f"{path} is damaged or not from {command} ({reason}); make it again") from error
