"""The compact table: all accuracies in one Parquet file of a few megabytes."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tegnas_core.errors import TegnasError
from tegnas_core.spaces.nasbench201 import NASBench201
from tegnas_study.data.benchmark.value import COLUMN_NAMES, Benchmark, checked_table
from tegnas_study.storage.atomic import replacing
from tegnas_study.storage.lock import writer_lock
from tegnas_study.storage.unpickling import DAMAGED

TABLE_NAME = "nas_bench_201.parquet"

_DESCRIPTION_KEY = b"tegnas.description"
_MAX_DESCRIPTION = 400  # characters
_LONGEST_TEXT = 1_000  # bytes of an architecture; the usual ones have about 100
_MAX_BYTES = 256 * 2**20  # the full table has about 3 MB


def load_table(path: Path) -> Benchmark:
    """Read a compact table: `index`, `arch_str` and any of the known columns; other columns are not read.

    Raises:
        TegnasError: When the file is no Parquet file, is damaged, or its content cannot be believed
            (see `value.checked_table`).
    """
    what, schema = f"the table {path.name}", read_schema(path)
    try:
        # texts stay a dictionary at first: one long text may stand for thousands of rows
        with pq.ParquetFile(path, read_dictionary=["arch_str"]) as file:
            names = [name for name in ("index", "arch_str", *COLUMN_NAMES) if name in schema.names]
            rows = file.read(columns=names, use_threads=False)
        _check_texts(rows, what)
        rows = rows.cast(pa.schema([schema.field(name) for name in names]))
        rows.validate(full=True)  # texts that are no UTF-8 would raise when they are used first
        frame = rows.to_pandas(ignore_metadata=True)
    except TegnasError:
        raise
    except (*DAMAGED, pa.ArrowException, OSError) as error:
        raise TegnasError(f"{what} is damaged or no Parquet file ({type(error).__name__})") from error
    table = frame.set_index("index").rename(columns={"arch_str": "architecture"})
    return Benchmark("nas-bench-201-table", _description(schema, path), checked_table(table, what=what))


def read_schema(path: Path) -> pa.Schema:
    """Return the columns of a compact table, as its last bytes tell them; no row is read.

    Raises:
        TegnasError: When the file is no Parquet file, is too large, or has other columns.
    """
    what = f"the table {path.name}"
    try:
        if (size := path.stat().st_size) > _MAX_BYTES:
            raise TegnasError(f"{what} has {size:,} bytes; expected at most {_MAX_BYTES:,}")
        with pq.ParquetFile(path) as file:
            _check_schema(file.schema_arrow, file.metadata, what)
            return file.schema_arrow
    except TegnasError:
        raise
    except (*DAMAGED, pa.ArrowException, OSError) as error:
        raise TegnasError(f"{what} is damaged or no Parquet file ({type(error).__name__})") from error


def save_table(benchmark: Benchmark, path: Path) -> None:
    """Write the compact table of a benchmark, without the columns that it knows nothing about.

    The file appears complete or not at all.

    Raises:
        TegnasError: When it cannot be written, or another process writes it.
    """
    frame = benchmark.table.reset_index().rename(columns={"architecture": "arch_str"})
    frame = frame[["index", "arch_str", *benchmark.available]].astype({"index": "int32"})
    table = pa.Table.from_pandas(frame, preserve_index=False)
    table = table.replace_schema_metadata({_DESCRIPTION_KEY: benchmark.description.encode()})
    try:
        with writer_lock(path) as file, replacing(file) as partial:
            pq.write_table(table, partial, compression="zstd")
    except (pa.ArrowException, OSError) as error:
        raise TegnasError(f"cannot write {path} ({error}); choose another place") from error


def _check_schema(schema: pa.Schema, metadata: pq.FileMetaData, what: str) -> None:
    n_architectures, n_rows = len(NASBench201().all()), metadata.num_rows
    n_bytes = sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups))
    if n_bytes > _MAX_BYTES:
        raise TegnasError(f"{what} unpacks to {n_bytes:,} bytes; expected at most {_MAX_BYTES:,}")
    if n_rows > n_architectures:
        raise TegnasError(f"{what} has {n_rows:,} rows; NAS-Bench-201 has {n_architectures:,} architectures")
    if len(set(schema.names)) != len(schema.names):
        raise TegnasError(f"{what} has two columns of one name")
    for name in ("index", "arch_str"):
        if name not in schema.names:
            raise TegnasError(f"{what} has no column {name}; it has {', '.join(schema.names)[:200]}")
    for field in schema:
        _check_field(field, what)


def _check_texts(rows: pa.Table, what: str) -> None:
    for chunk in rows.column("arch_str").chunks:
        texts = chunk.dictionary if pa.types.is_dictionary(chunk.type) else chunk
        if (pc.max(pc.binary_length(texts)).as_py() or 0) > _LONGEST_TEXT:
            raise TegnasError(f"{what}: column arch_str holds texts of more than {_LONGEST_TEXT} bytes")


def _check_field(field: pa.Field, what: str) -> None:
    kind = field.type
    if field.name == "index":
        right, wanted = pa.types.is_integer(kind), "integers"
    elif field.name == "arch_str":
        right, wanted = pa.types.is_string(kind) or pa.types.is_large_string(kind), "text"
    elif field.name in COLUMN_NAMES:
        right, wanted = pa.types.is_floating(kind), "floats"
    else:
        return  # it is never read
    # an extension type brings its own code to decode a plain type; Arrow once unpickled such types
    extension = (field.metadata or {}).get(b"ARROW:extension:name", b"").decode(errors="replace")
    if not right or extension:
        found = f"{kind} {extension}".strip()[:100]
        raise TegnasError(f"{what}: column {field.name} holds {found}; it should hold plain {wanted}")


def _description(schema: pa.Schema, path: Path) -> str:
    stored = (schema.metadata or {}).get(_DESCRIPTION_KEY, b"").decode(errors="replace")
    if stored and stored.isprintable() and len(stored) <= _MAX_DESCRIPTION:
        return stored
    return (
        f"NAS-Bench-201 / NATS-Bench accuracies from {path.name}: trained for 200 epochs, mean over the "
        "benchmark's seeds; 12-epoch columns from its 12-epoch run, one seed"
    )
