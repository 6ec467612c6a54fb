"""Histories in a file: Parquet, one row an evaluation, with the request and the outcomes beside the rows."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from tegnas_core.atomic import replacing
from tegnas_core.errors import TegnasError
from tegnas_core.experiments.request import SearchRequest
from tegnas_core.search import SearchHistory
from tegnas_core.sweep.provenance import hardware, versions

_METADATA = b"tegnas-search"
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
    histories: Mapping[int, SearchHistory],
    outcomes: Sequence[Mapping[str, object]],
    *,
    command: str,
    device: str = "cpu",
) -> None:
    """Write histories by seed; the file appears complete or not at all.

    Raises:
        TegnasError: When the file cannot be written.
    """
    tables = [history.table().assign(seed=seed) for seed, history in histories.items()]
    table = pd.concat(tables, ignore_index=True)
    told = {
        "request": request.model_dump(),
        "outcomes": [dict(row) for row in outcomes],
        "command": command,
        "date": datetime.now(UTC).date().isoformat(),
        "versions": versions(),
        "hardware": hardware(),
        "device": device,
    }
    rows = pa.Table.from_pandas(table[["seed", *table.columns.drop("seed")]], preserve_index=False)
    rows = rows.replace_schema_metadata({_METADATA: json.dumps(told).encode()})
    try:
        with replacing(path) as partial:
            pq.write_table(rows, partial, compression="zstd", write_page_checksum=True)
    except (pa.ArrowException, OSError) as error:
        raise TegnasError(f"cannot write {path} ({error}); make room or choose another --out") from error


def read_histories(path: Path) -> SearchFile:
    """Read what `write_histories` wrote; the file is not trusted.

    Raises:
        TegnasError: When the file is missing, damaged, or holds no histories.
    """
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            rows = file.read()
        rows.validate(full=True)
        told = json.loads((rows.schema.metadata or {}).get(_METADATA, b"{}"))
        outcomes = pd.DataFrame(told.pop("outcomes"))
        missing = [name for name in _COLUMNS if name not in rows.column_names]
        if missing or "request" not in told or outcomes.empty:
            raise KeyError(f"no {', '.join(missing) or 'request'}")
        return SearchFile(rows.to_pandas(), outcomes, told)
    except FileNotFoundError:
        raise TegnasError(f"there is no file {path}") from None
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        reason = (str(error).splitlines() or [""])[0][:200] or type(error).__name__
        raise TegnasError(
            f"{path} is damaged or holds no search ({reason}); make it again with tegnas search"
        ) from error
