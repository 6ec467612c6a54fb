"""Tables of results in a file, with their provenance: request, command, date, versions and hardware."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa

from tegnas_core.errors import TegnasError
from tegnas_study.storage.parquet import read_parquet, write_parquet
from tegnas_study.storage.provenance import hardware, versions

KEEP = "nothing was changed: move it away, or choose another --out"  # what to do with a file that stands at --out


def write_with_provenance(path: Path, table: pd.DataFrame, facts: Mapping[str, object], *, kind: str) -> None:
    """Write a table and its provenance; call it while holding the lock of the path.

    Args:
        path: The file to write.
        table: The rows; their index is not written.
        facts: What the rows follow from, as JSON values by name; date, versions and hardware are added.
        kind: The kind of file, such as "tegnas-search"; a reader asks for it.

    Raises:
        TegnasError: When the file cannot be written.
    """
    provenance = {
        **facts,
        "date": datetime.now(UTC).date().isoformat(),
        "versions": versions(),
        "hardware": hardware(),
    }
    write_parquet(path, pa.Table.from_pandas(table, preserve_index=False), provenance, kind=kind)


def read_with_provenance(
    path: Path, columns: Sequence[str], facts: Sequence[str], *, kind: str, command: str, advice: str = ""
) -> tuple[pd.DataFrame, dict[str, object]]:
    """Read what `write_with_provenance` wrote; the file is not trusted.

    Args:
        path: The file.
        columns: The columns that the table must have.
        facts: The names that its provenance must have.
        kind: The kind of file, as it was written.
        command: The command that makes such a file, for the message.
        advice: What to do with a file of another kind, for the message; "" says how to get one of this kind.

    Returns:
        The table and its provenance.

    Raises:
        TegnasError: When the file is missing, damaged, or of another kind.
    """
    try:
        rows, provenance = read_parquet(path, kind=kind)
        missing = [name for name in columns if name not in rows.column_names]
        missing += [name for name in facts if name not in provenance]
        if missing:
            raise KeyError(f"no {', '.join(missing)}")
        return rows.to_pandas(ignore_metadata=True), provenance
    except FileNotFoundError:
        raise TegnasError(f"there is no file {path}") from None
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        reason = (str(error).splitlines() or [""])[0][:200] or type(error).__name__
        todo = advice or f"name another file, or move this one away and make it with {command}"
        raise TegnasError(f"{path} is damaged or not from {command} ({reason}); {todo}") from error


def rows_so_far(
    path: Path,
    read: Callable[[Path], tuple[pd.DataFrame, dict[str, object]]],
    wanted: Mapping[str, object],
    names: Sequence[str],
    *,
    columns: Sequence[str] = (),
    with_values: bool = False,
) -> pd.DataFrame:
    """Return the rows of a file that grows, or a table without rows when there is none yet.

    Args:
        path: The file, whose lock the caller holds.
        read: Reads such a file, and its provenance.
        wanted: The provenance of what is added.
        names, with_values: What must be equal, and how it is told (see `require_same`).
        columns: The columns of the table without rows.

    Raises:
        TegnasError: When the file is damaged, or was made otherwise than what is added.
    """
    if not path.exists():
        return pd.DataFrame(columns=columns)
    table, made = read(path)
    require_same(path, made, wanted, names, with_values=with_values)
    return table


def require_same(
    path: Path,
    made: Mapping[str, object],
    wanted: Mapping[str, object],
    names: Sequence[str],
    *,
    with_values: bool = False,
) -> None:
    """Check that a file that grows was made as what is added to it.

    Args:
        path: The file.
        made: Its provenance.
        wanted: The provenance of what is added.
        names: The facts that must be equal.
        with_values: Whether the message says both values, which is of use when they are short.

    Raises:
        TegnasError: When one of them differs.
    """
    for name in names:
        if made.get(name) != wanted[name]:
            if with_values:
                was = f"{path.name} was made with {name} {made.get(name)}, not {wanted[name]}"
                raise TegnasError(f"{was}: repeat that, or use another --out")
            raise TegnasError(f"{path.name} was made with other {name}; repeat that, or use another --out")
