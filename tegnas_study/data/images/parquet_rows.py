"""Rows of Parquet files that hold images in the column layout of the Hugging Face hub.

A row has the encoded image as a struct of ``bytes`` and ``path``, and a whole number as its label. Columns are
read a few rows at a time, so that memory holds neither all images nor what a hostile file inflates to.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tegnas_core.errors import TegnasError

_IMAGE_COLUMNS, _LABEL_COLUMNS = ("img", "image"), ("label", "fine_label")
_MOST_ROWS, _LARGEST_GROUP = 5_000_000, 2**31  # images in a file, bytes in a row group
_ROWS_AT_ONCE = 64  # a dictionary page may stand for far more bytes than the file has


def labels_of(path: Path) -> np.ndarray:
    """Return the labels in a file, int64, shape (n,).

    Raises:
        TegnasError: When the file is damaged, has no such column, or lacks a label.
    """
    file = _open_file(path)
    name = _column(file, _LABEL_COLUMNS, path, pa.types.is_integer)
    columns = [batch.column(0) for batch in _stream(file, path, range(file.num_row_groups), name)]
    if any(column.null_count for column in columns):
        raise TegnasError(f"{path}: column {name} has missing values")
    parts = [column.to_numpy(zero_copy_only=False).astype(np.int64) for column in columns]
    return np.concatenate([np.zeros(0, np.int64), *parts])


def encoded_images(files: Sequence[Path], wanted: np.ndarray) -> Iterator[tuple[int, bytes]]:
    """Yield (index, encoded bytes) for indices in ascending order, counted through all files.

    Only row groups that hold a wanted image are read.

    Raises:
        TegnasError: When a file is damaged, has no such column, or lacks an image that is wanted.
    """
    start = 0
    for path in files:
        file = _open_file(path)
        end = start + file.metadata.num_rows
        for row, data in _encoded_rows(file, path, wanted[(wanted >= start) & (wanted < end)] - start):
            yield start + row, data
        start = end


def _open_file(path: Path) -> pq.ParquetFile:
    """Open a Parquet file, or say in one line what is wrong with it."""
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise TegnasError(f"{path} is not a whole Parquet file; fetch it again") from error
    if file.metadata.num_rows > _MOST_ROWS:
        raise TegnasError(f"{path} claims {file.metadata.num_rows:,} rows, more than the limit of {_MOST_ROWS:,}")
    if any(file.metadata.row_group(g).total_byte_size > _LARGEST_GROUP for g in range(file.num_row_groups)):
        raise TegnasError(f"{path} has a row group larger than the limit of {_LARGEST_GROUP:,} bytes")
    return file


def _encoded_rows(file: pq.ParquetFile, path: Path, wanted: np.ndarray) -> Iterator[tuple[int, bytes]]:
    name = _column(file, _IMAGE_COLUMNS, path, _is_image)
    start = 0
    for group in range(file.num_row_groups):
        end = start + file.metadata.row_group(group).num_rows
        inside = wanted[(wanted >= start) & (wanted < end)]
        for batch in _stream(file, path, [group] if len(inside) else [], f"{name}.bytes"):
            column = batch.column(0).field("bytes")
            for row in inside[(inside >= start) & (inside < start + len(column))].tolist():
                yield row, _bytes(column[row - start], f"image {row} of {path.name}")
            start += len(column)
        start = end


def _stream(file: pq.ParquetFile, path: Path, groups: Sequence[int], column: str) -> Iterator[pa.RecordBatch]:
    """Yield one column, a few rows at a time."""
    try:
        yield from file.iter_batches(_ROWS_AT_ONCE, row_groups=list(groups), columns=[column], use_threads=False)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise TegnasError(f"{path} is damaged in column {column}; fetch it again") from error


def _column(file: pq.ParquetFile, names: Sequence[str], path: Path, fits: Callable[[pa.DataType], bool]) -> str:
    for name in names:
        position = file.schema_arrow.get_field_index(name)
        if position >= 0 and fits(file.schema_arrow.field(position).type):
            return name
    raise TegnasError(f"{path} has no column {' or '.join(names)} as on the Hugging Face hub")


def _is_image(kind: pa.DataType) -> bool:
    if not pa.types.is_struct(kind) or kind.get_field_index("bytes") < 0:
        return False
    return pa.types.is_binary(kind.field("bytes").type) or pa.types.is_large_binary(kind.field("bytes").type)


def _bytes(scalar: pa.Scalar, where: str) -> bytes:
    if not scalar.is_valid:
        raise TegnasError(f"{where} is missing (null)")
    return scalar.as_py()
