"""Parquet files with facts beside the rows: written as a whole, read with suspicion.

The facts are a JSON object in the file's metadata, under a key that says what kind of file it is.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tegnas_core.errors import TegnasError
from tegnas_study.storage.atomic import replacing


def write_parquet(
    path: Path,
    table: pa.Table,
    facts: Mapping[str, object],
    *,
    kind: str,
    advice: str = "make room or choose another --out",
) -> None:
    """Replace a file by a table with its facts; call it while holding the lock of the path.

    Args:
        path: The file to write.
        table: The rows.
        facts: What the rows follow from, as JSON values by name.
        kind: The kind of file, such as "tegnas-search"; a reader asks for it.
        advice: What to do when the disk is full or the folder cannot be written, for the message.

    Raises:
        TegnasError: When the file cannot be written; the old one is then untouched.
    """
    table = table.replace_schema_metadata({kind.encode(): json.dumps(facts).encode()})
    try:
        with replacing(path) as partial:
            pq.write_table(table, partial, compression="zstd", write_page_checksum=True)
    except (pa.ArrowException, OSError) as error:
        raise TegnasError(f"cannot write {path} ({error}); {advice}") from error


def read_parquet(path: Path, *, kind: str) -> tuple[pa.Table, dict[str, object]]:
    """Return the rows of a file, with their checksums verified, and its facts; other files have no facts.

    Args:
        path: The file.
        kind: The kind of file.

    Raises:
        FileNotFoundError: When the file is missing.
        pa.ArrowException: When it is damaged, as are OSError and ValueError.
    """
    sys.audit("tegnas_study.read", str(path))  # Arrow opens files unseen; the book names what was read
    with pq.ParquetFile(path, page_checksum_verification=True) as file:
        table = file.read()
    table.validate(full=True)
    facts = json.loads((table.schema.metadata or {}).get(kind.encode(), b"{}"))
    if not isinstance(facts, dict):
        raise ValueError("its metadata is no JSON object")
    return table, facts
