"""The TEG atlas: the indicators of all 15,625 architectures, computed once and read in a moment.

The committed tables are sweeps (see `sweep`). One architecture of each class is enough, at the level of
equivalence that the table's settings name: 5,260 at "shared-weights", 4,930 at "function". Here every member of a
class gets its class's numbers; at "raw" an architecture has its own numbers or none. A table may still be growing:
missing stays missing, and `atlas_coverage` says how much is there.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_core.indicators.names import ALIGNMENT, RIVALS
from tegnas_core.settings import IndicatorSettings
from tegnas_core.spaces import NASBench201
from tegnas_core.spaces.architecture import OPERATIONS
from tegnas_core.spaces.structure import Level, depth, live_edges
from tegnas_study.data.benchmark import Benchmark
from tegnas_study.paths import ATLAS
from tegnas_study.sweep import read_provenance, read_sweep
from tegnas_study.tables.frames import INDICATORS, SHARED, average_repeats
from tegnas_study.tables.sizes import complexity_table

DEFAULT = "teg-cifar10"
MISSING = "missing"  # the status of an architecture that was not evaluated

# Of the rivals, these come from the main table and from `complexity`; the others from a table of rivals.
CONTROL_LGA = "control_lga"  # the column of controls that holds the alignment
_SIZES = ("parameters", "flops")

_CONVOLUTIONS = ("nor_conv_1x1", "nor_conv_3x3")


@dataclass(frozen=True)
class Coverage:
    """How much of the space a table holds.

    Attributes:
        n_groups: Evaluated classes of equal cells; evaluated architectures under raw settings.
        of_groups: How many there are in the space.
        n_architectures: Architectures that have indicators.
        of_architectures: How many there are in the space: 15,625.
        complete: Number of repeats that every evaluated one has.
        by_repeat: How many of the groups have the first repeat, the second, and so on.
    """

    n_groups: int
    of_groups: int
    n_architectures: int
    of_architectures: int
    complete: int
    by_repeat: tuple[int, ...]

    def __str__(self) -> str:
        """Return one line for a page."""
        repeats = "1 repeat" if self.complete == 1 else f"{self.complete} repeats"
        architectures = f"{self.n_architectures:,} of {self.of_architectures:,} architectures"
        if self.of_groups == self.of_architectures:
            return f"{architectures}, {repeats} each"
        return f"{self.n_groups:,} of {self.of_groups:,} classes, {architectures}, {repeats} each"


def atlas_names(folder: Path = ATLAS) -> tuple[str, ...]:
    """Return the names of the committed tables."""
    return tuple(sorted(path.stem for path in folder.glob("*.parquet")))


def seed_tables(prefix: str = DEFAULT, *, folder: Path = ATLAS) -> tuple[str, ...]:
    """Return the tables of a name and its like under other seeds, ``prefix-seed1`` …, in the order of the seeds.

    Each seed is a draw of weights and of the batch of images. The tables are found by their names, so one that is
    added takes part without further ado.

    Args:
        prefix: Name of the table of seed 0.
        folder: The folder that holds the tables.

    Raises:
        TegnasError: When there is no table of this name.
    """
    _path(prefix, folder)
    found = {}
    for name in atlas_names(folder):
        number = name.removeprefix(f"{prefix}-seed")
        if name == prefix or (number != name and number.isdecimal()):
            found[name] = 0 if name == prefix else int(number)
    return tuple(sorted(found, key=found.get))


@lru_cache(maxsize=16)
def one_draw(name: str) -> pd.DataFrame:
    """Return κ, R and MSE of the first repeat of a table, by architecture string: one draw of weights and batch.

    Args:
        name: A table of `seed_tables`.
    """
    return atlas(name, repeats=1).set_index("architecture")[[*INDICATORS]]


def atlas(
    name: str = DEFAULT,
    *,
    repeats: int | None = None,
    benchmark: Benchmark | None = None,
    rivals: str | None = None,
    folder: Path = ATLAS,
) -> pd.DataFrame:
    """Return one row for each of the 15,625 architectures, in the benchmark's index order.

    Args:
        name: A table of `atlas_names`.
        repeats: How many of the first repeats are averaged, or fewer where there are fewer; None takes those that
            every evaluated architecture has, so that all averages are over equally many.
        benchmark: A benchmark whose accuracies are joined, by architecture.
        rivals: A table of rivals, such as "rivals-cifar10". Its averages are joined, with ``parameters`` and
            ``flops`` of the benchmark's network, and with ``label_gradient_alignment`` where the main table has
            its controls.
        folder: The folder that holds the tables.

    Returns:
        Columns: ``architecture`` (string); ``representative``, the member of its class that stands for it;
        the averages of `condition_number`, `linear_regions`, `regression_error` and of every control over
        ``n_repeats`` repeats; ``status``, "missing" where nothing was computed; structure: ``connected``,
        ``depth``, ``effective_depth`` and the number of each operation (``n_none`` … ``n_convolutions``); then the
        rivals, −∞ where one failed and nan where it was not evaluated, and the benchmark's columns. The index is
        the benchmark's; ``attrs`` holds the settings' label, images and seed.

    Raises:
        TegnasError: When there is no such table, it holds several settings, it is damaged, ``rivals`` is no table
            of rivals, or repeats is not positive.

    >>> table = atlas("teg-cifar10")
    >>> len(table)
    15625
    >>> table.loc[0, "architecture"]
    '|avg_pool_3x3~0|+|nor_conv_1x1~0|skip_connect~1|+|nor_conv_1x1~0|skip_connect~1|skip_connect~2|'
    """
    if repeats is not None and repeats < 1:
        raise TegnasError(f"an average needs at least one repeat, got repeats={repeats}")
    settings, rows = atlas_settings(name, folder=folder), atlas_repeats(name, folder=folder)
    table = _structure(settings.equivalence).copy()
    taken = complete_repeats(rows) if repeats is None else repeats
    averaged = average_repeats(rows[rows["repeat"] < taken], settings)
    table = _joined(table, averaged.rename(columns={"repeats": "n_repeats"}).drop(columns="seconds"))
    if rivals is not None:
        table = _with_rivals(table, atlas(rivals, repeats=repeats, folder=folder), rivals)
    if benchmark is not None:
        table = table.merge(benchmark.table, on="architecture", how="left", validate="one_to_one")
    table.index.name = "index"
    table.attrs = {key: rows[key].tolist()[0] for key in SHARED}
    return table


def atlas_repeats(name: str = DEFAULT, *, folder: Path = ATLAS) -> pd.DataFrame:
    """Return the table as it was computed: one row for each evaluated class (or architecture) and repeat.

    The column ``architecture`` holds the class's representative, as ``representative`` does in `atlas`; under raw
    settings it holds what was asked for.

    Raises:
        TegnasError: When there is no such table, it is empty, or it is damaged.
    """
    rows = read_sweep(_path(name, folder))
    if rows.empty:
        raise TegnasError(f"the table {name!r} of the atlas has no rows yet")
    level = atlas_settings(name, folder=folder).equivalence
    structure = _structure(level).set_index("architecture")["representative"]
    rows = rows.assign(architecture=rows["architecture"].map(structure))
    return rows.drop_duplicates(["architecture", "repeat"], ignore_index=True)  # members of a class are equal


def atlas_settings(name: str = DEFAULT, *, folder: Path = ATLAS) -> IndicatorSettings:
    """Return the settings that a table was computed with."""
    path = _path(name, folder)
    known = list(read_provenance(path)["settings"].values())
    if len(known) != 1:
        raise TegnasError(f"{path} holds {len(known)} settings; a table of the atlas holds one")
    return IndicatorSettings.model_validate(known[0]["settings"])


def require_indicators(name: str = DEFAULT, *, folder: Path = ATLAS) -> None:
    """Check that a table holds κ, R and MSE; a table of rivals does not.

    Raises:
        TegnasError: When there is no such table, it is damaged, or it holds other indicators.
    """
    lacking = [
        indicator for indicator in INDICATORS if indicator not in atlas_repeats(name, folder=folder).columns
    ]
    if lacking:
        raise TegnasError(
            f"the table {name!r} has no {', '.join(lacking)}; choose one that 'tegnas sweep --indicators teg' made"
        )


def atlas_coverage(name: str = DEFAULT, *, folder: Path = ATLAS) -> Coverage:
    """Return how much of the space a table holds."""
    rows = atlas_repeats(name, folder=folder)
    represented = _structure(atlas_settings(name, folder=folder).equivalence)["representative"]
    complete = complete_repeats(rows)
    averaged = rows.loc[rows["repeat"] < complete, "architecture"]
    return Coverage(
        n_groups=rows["architecture"].nunique(),
        of_groups=represented.nunique(),
        n_architectures=int(represented.isin(averaged).sum()),
        of_architectures=len(represented),
        complete=complete,
        by_repeat=tuple(int(n) for n in rows.groupby("repeat").size().sort_index()),
    )


def _path(name: str, folder: Path) -> Path:
    known = atlas_names(folder)
    if name not in known:
        raise TegnasError(f"there is no table {name!r} in the atlas; there are: {', '.join(known) or 'none'}")
    return folder / f"{name}.parquet"


def complete_repeats(rows: pd.DataFrame) -> int:
    """Return how many of the repeats 0, 1, 2 … every evaluated architecture has."""
    counts, number = rows.groupby("repeat").size(), 0
    while counts.get(number, 0) == rows["architecture"].nunique():
        number += 1
    return max(1, number)


def _joined(table: pd.DataFrame, averaged: pd.DataFrame) -> pd.DataFrame:
    indicators = averaged.drop(columns=[*SHARED]).set_index("architecture")
    indicators = indicators.reindex(table["representative"]).set_axis(table.index)
    indicators["status"] = indicators["status"].fillna(MISSING)
    indicators["n_repeats"] = indicators["n_repeats"].fillna(0).astype(int)
    return pd.concat([table, indicators], axis=1)


def _with_rivals(table: pd.DataFrame, found: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the table with sizes and rivals; both have a row for each architecture, in index order."""
    measured = found.columns.difference(table.columns)
    if not measured.intersection(RIVALS).any():
        raise TegnasError(f"the table {name!r} holds no rivals; sweep with --indicators rivals")
    table = table.assign(**{size: complexity_table()[size].to_numpy() for size in _SIZES})
    if CONTROL_LGA in table.columns and ALIGNMENT not in measured:
        table[ALIGNMENT] = alignment_of(table)
    return pd.concat([table, found[measured]], axis=1)


def alignment_of(table: pd.DataFrame) -> pd.Series:
    """Return the label-gradient alignment of a table with controls, −∞ where it failed, as rivals have it."""
    failed = table[CONTROL_LGA].isna() & (table["status"] != MISSING)  # a kernel of zeros has no alignment
    return table[CONTROL_LGA].mask(failed, -np.inf)


@lru_cache(maxsize=3)
def _structure(level: Level = "shared-weights") -> pd.DataFrame:
    """Return what the strings alone tell, and the representative at a level, in index order."""
    table, space = _of_strings().copy(), NASBench201()
    table.insert(1, "representative", [str(space.representative(a, level)) for a in space.all()])
    return table


@lru_cache(maxsize=1)
def _of_strings() -> pd.DataFrame:
    every = NASBench201().all()
    operations = np.array([architecture.operations for architecture in every])  # (15,625, 6)
    live = np.array([live_edges(architecture) for architecture in every])
    convolutions = np.isin(operations, _CONVOLUTIONS)
    lengths = pd.array([depth(architecture) for architecture in every], dtype="Int64")
    shortened = pd.array([depth(architecture, count_skips=False) for architecture in every], dtype="Int64")
    columns = {
        "architecture": [str(architecture) for architecture in every],
        "connected": live.any(axis=1),
        "depth": lengths,
        "effective_depth": shortened,
        "n_live_edges": live.sum(axis=1),
        **{f"n_{operation}": (operations == operation).sum(axis=1) for operation in OPERATIONS},
        "n_convolutions": convolutions.sum(axis=1),
        "n_live_convolutions": (convolutions & live).sum(axis=1),
    }
    return pd.DataFrame(columns)
