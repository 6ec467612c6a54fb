"""The TEG atlas: the indicators of all 15,625 architectures, computed once and read in a moment.

The committed tables are sweeps (see `sweep`). Under settings with ``equivalence="function"`` a sweep holds one
architecture of each of the 4,930 classes, and here every member of a class gets its class's numbers; under raw
settings it holds a sample, and the others are missing. Missing stays missing.
"""

from functools import lru_cache
from pathlib import Path

import pandas as pd

from tegnas_core.architecture import OPERATIONS
from tegnas_core.benchmark import Benchmark
from tegnas_core.errors import TegnasError
from tegnas_core.paths import ATLAS
from tegnas_core.settings import IndicatorSettings
from tegnas_core.spaces import NASBench201
from tegnas_core.spaces.structure import depth, live_edges, operation_counts
from tegnas_core.sweep import read_provenance, read_sweep
from tegnas_core.tables import average_repeats

DEFAULT = "teg-cifar10"


def atlas_names(folder: Path = ATLAS) -> tuple[str, ...]:
    """Return the names of the committed tables."""
    return tuple(sorted(path.stem for path in folder.glob("*.parquet")))


def atlas(
    name: str = DEFAULT,
    *,
    repeats: int | None = None,
    benchmark: Benchmark | None = None,
    folder: Path = ATLAS,
) -> pd.DataFrame:
    """Return one row for each of the 15,625 architectures, in the benchmark's index order.

    Args:
        name: A table of `atlas_names`.
        repeats: Average over the first so many repeats; None takes all there are.
        benchmark: Join its accuracies, by architecture.
        folder: Where the tables lie.

    Returns:
        Columns: ``architecture`` (string); ``representative``, the architecture that was evaluated;
        the averages of `condition_number`, `linear_regions`, `regression_error` and of every control over
        ``n_repeats`` repeats; ``status``, "missing" where nothing was computed; structure: ``connected``,
        ``depth`` and the number of each operation (``n_none`` … ``n_convolutions``); then the benchmark's
        columns. The index is the benchmark's.

    Raises:
        TegnasError: When there is no such table, it holds several settings, or it is damaged.
    """
    averaged = _averaged(_path(name, folder), repeats)
    table = _structure().copy()
    evaluated = table["representative"].where(table["representative"].isin(averaged.index), table["architecture"])
    joined = averaged.reindex(evaluated).reset_index(drop=True)
    joined["status"] = joined["status"].fillna("missing")
    joined["n_repeats"] = joined["n_repeats"].fillna(0).astype(int)
    table = pd.concat([table, joined], axis=1)
    if benchmark is not None:
        columns = benchmark.table.drop(columns=["index"], errors="ignore")
        table = table.merge(columns, on="architecture", how="left", validate="one_to_one")
    table.index.name = "index"
    return table


def atlas_repeats(name: str = DEFAULT, *, folder: Path = ATLAS) -> pd.DataFrame:
    """Return the table as it was computed: one row for each evaluated architecture and repeat."""
    return read_sweep(_path(name, folder))


def atlas_settings(name: str = DEFAULT, *, folder: Path = ATLAS) -> IndicatorSettings:
    """Return the settings that a table was computed with."""
    return _only_settings(_path(name, folder))


def _path(name: str, folder: Path) -> Path:
    path = folder / f"{name}.parquet"
    if not path.exists():
        known = ", ".join(atlas_names(folder)) or "none"
        raise TegnasError(f"there is no table {name!r} in the atlas; there are: {known}")
    return path


def _only_settings(path: Path) -> IndicatorSettings:
    known = list(read_provenance(path)["settings"].values())
    if len(known) != 1:
        raise TegnasError(f"{path} holds {len(known)} settings; a table of the atlas holds one")
    return IndicatorSettings.model_validate(known[0]["settings"])


def _averaged(path: Path, repeats: int | None) -> pd.DataFrame:
    rows = read_sweep(path)
    if repeats is not None:
        rows = rows[rows["repeat"] < repeats]
    return average_repeats(rows, _only_settings(path)).set_index("architecture")


@lru_cache(maxsize=1)
def _structure() -> pd.DataFrame:
    """Return what the strings alone tell, one row an architecture in index order."""
    space = NASBench201()
    rows = []
    for architecture in space.all():
        counts, length = operation_counts(architecture), depth(architecture)
        rows.append(
            {
                "architecture": str(architecture),
                "representative": str(space.representative(architecture)),
                "connected": length is not None,
                "depth": length,
                "effective_depth": depth(architecture, count_skips=False),
                "n_live_edges": sum(live_edges(architecture)),
                **{f"n_{operation}": counts[operation] for operation in OPERATIONS},
                "n_convolutions": counts["nor_conv_1x1"] + counts["nor_conv_3x3"],
            }
        )
    return pd.DataFrame(rows).astype({"depth": "Int64", "effective_depth": "Int64"})
