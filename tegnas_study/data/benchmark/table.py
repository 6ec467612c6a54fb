"""The compact table: all accuracies in one Parquet file of a few megabytes."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tegnas_core.errors import TegnasError
from tegnas_core.spaces.nasbench201 import NASBench201
from tegnas_study.data.benchmark.columns import COLUMN_NAMES
from tegnas_study.data.benchmark.value import Benchmark, checked_table
from tegnas_study.storage.atomic import replacing
from tegnas_study.storage.lock import writer_lock

TABLE_NAME = "nas_bench_201.parquet"

_DESCRIPTION_KEY = b"tegnas.description"
_MAX_DESCRIPTION = 400  # characters
_MAX_BYTES = 256 * 2**20  # the full table has about 3 MB


def load_table(path: Path) -> Benchmark:
    """Read a compact table: `index`, `arch_str` and any of the known columns; others are left alone.

    Raises:
        TegnasError: When the file is no Parquet file, is damaged, or its content cannot be believed
            (see `value.checked_table`).
    """
    what = f"the table {path.name}"
    if path.stat().st_size > _MAX_BYTES:
        raise TegnasError(f"{what} has {path.stat().st_size:,} bytes; expected at most {_MAX_BYTES:,}")
    try:
        with pq.ParquetFile(path) as file:
            schema = file.schema_arrow
            _check_schema(schema, file.metadata.num_rows, what)
            names = [name for name in ("index", "arch_str", *COLUMN_NAMES) if name in schema.names]
            frame = file.read(columns=names).to_pandas(ignore_metadata=True)
    except (pa.ArrowException, OSError) as error:
        raise TegnasError(f"{what} is damaged or no Parquet file ({type(error).__name__})") from error
    table = frame.set_index("index").rename(columns={"arch_str": "architecture"})
    return Benchmark("nas-bench-201-table", _description(schema, path), checked_table(table, what=what))


def save_table(benchmark: Benchmark, path: Path) -> None:
    """Write the compact table of a benchmark, without the columns it knows nothing about.

    The file appears complete or not at all.
    """
    frame = benchmark.table.reset_index().rename(columns={"architecture": "arch_str"})
    frame = frame[["index", "arch_str", *benchmark.available]].astype({"index": "int32"})
    table = pa.Table.from_pandas(frame, preserve_index=False)
    table = table.replace_schema_metadata({_DESCRIPTION_KEY: benchmark.description.encode()})
    with writer_lock(path) as path, replacing(path) as partial:
        pq.write_table(table, partial, compression="zstd")


def _check_schema(schema: pa.Schema, n_rows: int, what: str) -> None:
    n_architectures = len(NASBench201().all())
    if n_rows > n_architectures:
        raise TegnasError(f"{what} has {n_rows:,} rows; NAS-Bench-201 has {n_architectures:,} architectures")
    if len(set(schema.names)) != len(schema.names):
        raise TegnasError(f"{what} has two columns of one name")
    for name in ("index", "arch_str"):
        if name not in schema.names:
            raise TegnasError(f"{what} has no column {name}; it has {', '.join(schema.names)[:200]}")
    for field in schema:
        _check_field(field, what)


def _check_field(field: pa.Field, what: str) -> None:
    kind = field.type
    if field.name == "index":
        right, wanted = pa.types.is_integer(kind), "integers"
    elif field.name == "arch_str":
        right, wanted = pa.types.is_string(kind) or pa.types.is_large_string(kind), "text"
    elif field.name in COLUMN_NAMES:
        right, wanted = pa.types.is_floating(kind), "floats"
    else:
        return  # never read
    # an extension type brings code of its own to decode a plain one; Arrow once unpickled such types
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
