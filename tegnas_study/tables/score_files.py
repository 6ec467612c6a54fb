"""Scores from outside: a CSV or Parquet file with the columns architecture and score, read with suspicion."""

import csv
import io
import math
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tegnas_core.errors import TegnasError, quoted
from tegnas_core.spaces import NASBench201
from tegnas_study.storage.unpickling import DAMAGED

ARCHITECTURE, SCORE = "architecture", "score"
_LARGEST = 64 * 2**20  # bytes of a file, packed or not; a full table has 2 MB
_LONGEST_TEXT = 1_000  # characters of a cell; an architecture has about 100
_MOST_COLUMNS = 1_000


def read_scores(path: Path) -> pd.Series:
    """Return the scores in a file, indexed by architecture; an empty cell, nan and ±∞ are failures.

    Other columns are not read.

    Args:
        path: A file whose name ends in ``.csv`` (UTF-8, with a header) or ``.parquet``.

    Raises:
        TegnasError: When the name ends in anything else, the file is too large or damaged, a column is missing or
            there twice, an architecture is unknown or there twice, or a score is no number.
    """
    what = f"the table {path.name}"
    readers = {".csv": _read_csv, ".parquet": _read_parquet}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise TegnasError(f"{what} is neither a .csv nor a .parquet file")
    try:
        size = path.stat().st_size
        if size > _LARGEST:
            raise TegnasError(f"{what} has {size:,} bytes; expected at most {_LARGEST:,}")
        architectures, scores = reader(path, what)
    except TegnasError:
        raise
    except (*DAMAGED, pa.ArrowException, csv.Error, OSError) as error:
        raise TegnasError(
            f"{what} is damaged or no {path.suffix.lower()} file ({type(error).__name__})"
        ) from error
    _check_architectures(architectures, what)
    return pd.Series(scores, index=pd.Index(architectures, name=ARCHITECTURE), name=SCORE, dtype=float)


def _check_architectures(architectures: list[str], what: str) -> None:
    if not architectures:
        raise TegnasError(f"{what} has no rows")
    known, seen = {str(architecture) for architecture in NASBench201().all()}, set()
    for row, text in enumerate(architectures, start=1):
        if text not in known:
            raise TegnasError(f"{what}, row {row}: {quoted(text, 120)} is no architecture of NAS-Bench-201")
        if text in seen:
            raise TegnasError(f"{what}, row {row}: the architecture {text} is there twice")
        seen.add(text)


def _read_csv(path: Path, what: str) -> tuple[list[str], list[float]]:
    rows = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), strict=True)
    header = next(rows, None)
    if not header:
        raise TegnasError(f"{what} is empty; its first line names the columns {ARCHITECTURE} and {SCORE}")
    _check_names([name.strip() for name in header], what)
    places = [[name.strip() for name in header].index(name) for name in (ARCHITECTURE, SCORE)]
    architectures, scores = [], []
    for number, row in enumerate((row for row in rows if row), start=1):
        if len(row) != len(header):
            raise TegnasError(f"{what}, row {number}: {len(row)} cells under {len(header)} column names")
        _check_count(number, what)
        architectures.append(row[places[0]].strip())
        scores.append(_number(row[places[1]].strip(), f"{what}, row {number}"))
    return architectures, scores


def _number(text: str, where: str) -> float:
    try:
        if "_" in text:  # Python reads 1_000, nobody else does
            raise ValueError
        return float(text) if text else math.nan
    except ValueError:
        raise TegnasError(f"{where}: the score {quoted(text, 60)} is no number") from None


def _read_parquet(path: Path, what: str) -> tuple[list[str], list[float]]:
    with pq.ParquetFile(path) as file:
        schema = file.schema_arrow
        _check_names(schema.names, what)
        _check_schema(schema, file.metadata, what)
    # texts stay a dictionary at first: one long text may stand for thousands of rows
    with pq.ParquetFile(path, read_dictionary=[ARCHITECTURE]) as file:
        rows = file.read(columns=[ARCHITECTURE, SCORE], use_threads=False)
    for chunk in rows.column(ARCHITECTURE).chunks:
        texts = chunk.dictionary if pa.types.is_dictionary(chunk.type) else chunk
        if (pc.max(pc.binary_length(texts)).as_py() or 0) > _LONGEST_TEXT:
            raise TegnasError(f"{what}: column {ARCHITECTURE} holds texts of more than {_LONGEST_TEXT} bytes")
    names = rows.column(ARCHITECTURE).cast(pa.large_string())
    names.validate(full=True)  # texts that are no UTF-8 would raise when they are used first
    if names.null_count:
        raise TegnasError(f"{what}: column {ARCHITECTURE} has empty rows")
    scores = rows.column(SCORE).cast(pa.float64(), safe=False).to_pylist()
    return names.to_pylist(), [math.nan if score is None else score for score in scores]


def _check_schema(schema: pa.Schema, metadata: pq.FileMetaData, what: str) -> None:
    n_bytes = sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups))
    if n_bytes > _LARGEST:
        raise TegnasError(f"{what} unpacks to {n_bytes:,} bytes; expected at most {_LARGEST:,}")
    _check_count(metadata.num_rows, what)
    name, score = schema.field(ARCHITECTURE), schema.field(SCORE)
    is_text = pa.types.is_string(name.type) or pa.types.is_large_string(name.type)
    for field, right, wanted in (
        (name, is_text, "text"),
        (score, pa.types.is_floating(score.type) or pa.types.is_integer(score.type), "numbers"),
    ):
        # an extension type brings its own code to decode a plain type; Arrow once unpickled such types
        extension = (field.metadata or {}).get(b"ARROW:extension:name", b"").decode(errors="replace")
        if not right or extension:
            found = f"{field.type} {extension}".strip()[:100]
            raise TegnasError(f"{what}: column {field.name} holds {found}; it should hold plain {wanted}")


def _check_names(names: list[str], what: str) -> None:
    if len(names) > _MOST_COLUMNS:
        raise TegnasError(f"{what} has {len(names):,} columns; two are needed")
    for wanted in (ARCHITECTURE, SCORE):
        if names.count(wanted) != 1:
            there = "no column" if wanted not in names else "two columns"
            raise TegnasError(f"{what} has {there} {wanted!r}; its columns are {quoted(', '.join(names), 200)}")


def _check_count(n: int, what: str) -> None:
    most = len(NASBench201().all())
    if n > most:
        raise TegnasError(f"{what} has more than {most:,} rows; NAS-Bench-201 has {most:,} architectures")
