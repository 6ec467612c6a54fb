"""Where an indicator was measured: the tables of the atlas that have its columns, and what they were made with."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_core.indicators.names import ALIGNMENT, INDICATORS, RANK_SUM, STRUCTURAL, TEG
from tegnas_core.settings import NETWORKS, PRESETS, IndicatorSettings
from tegnas_study.paths import ATLAS
from tegnas_study.tables.atlases import (
    CONTROL_LGA,
    DEFAULT,
    MISSING,
    alignment_of,
    atlas,
    atlas_names,
    atlas_repeats,
    atlas_settings,
    complete_repeats,
)
from tegnas_study.tables.sizes import complexity_table

NAMES = (*TEG, RANK_SUM, *(name for name in INDICATORS if name not in TEG))
# Settings that do not change a value, or only how many are averaged.
_APART = {"name", "repeats"}


@dataclass(frozen=True)
class Measured:
    """An indicator in a table of the atlas.

    Attributes:
        name: Name of the indicator.
        table: Name of the table.
        settings: The settings that it was computed with.
        images: Name of the images.
        seed: The seed that weights and images follow from.
        repeats: How many repeats every evaluated architecture has.
        n: Number of architectures that were evaluated, one of each class where one is enough.
    """

    name: str
    table: str
    settings: IndicatorSettings
    images: str
    seed: int
    repeats: int
    n: int

    @property
    def network(self) -> str:
        """The network: "proxy", "benchmark", or its size in words."""
        size = (self.settings.width, self.settings.cells_per_stage)
        for name, changes in NETWORKS.items():
            default = PRESETS["teg"].model_copy(update=changes)
            if size == (default.width, default.cells_per_stage):
                return name
        return f"{size[0]} channels, {size[1]} cells a stage"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the indicator in the table that `values` returns."""
        return columns_of(self.name)


def columns_of(name: str) -> tuple[str, ...]:
    """Return the columns that an indicator is made of: its own, or those whose ranks are summed."""
    return tuple(TEG) if name == RANK_SUM else (name,)


def directions(name: str) -> Mapping[str, bool]:
    """Return whether a larger value is better, for each column of an indicator."""
    return {column: INDICATORS[column].higher_is_better for column in columns_of(name)}


def measurements(name: str, folder: Path = ATLAS) -> tuple[Measured, ...]:
    """Return every table that holds an indicator, in the order of their names.

    Raises:
        TegnasError: When there is no such indicator, or a table is damaged.
    """
    if name not in NAMES:
        raise TegnasError(f"there is no indicator {name!r}; there are: {', '.join(NAMES)}")
    wanted = [(CONTROL_LGA if column == ALIGNMENT else column) for column in columns_of(name)]
    return tuple(
        Measured(name, table, settings, images, seed, repeats, n)
        for table, columns, settings, images, seed, repeats, n in _tables(folder)
        if set(columns_of(name)) <= columns or set(wanted) <= columns
    )


def grounds(name: str, folder: Path = ATLAS) -> tuple[Measured, ...]:
    """Return where an indicator is judged: for each network, the table that holds most of the space.

    Of several that hold equally much, the one with the fewest settings changed from the default, then that with
    the smallest seed and the most repeats. The small proxy network comes first.
    """
    default = PRESETS["teg"]

    def place(found: Measured) -> tuple:
        changed = len(changes(found.settings, default)) + (found.images != "cifar10")
        return (-found.n, changed, found.seed, -found.repeats, found.table)

    best: dict[str, Measured] = {}
    for found in sorted(measurements(name, folder), key=place):
        best.setdefault(found.network, found)
    order = [*NETWORKS]
    return tuple(sorted(best.values(), key=lambda f: order.index(f.network) if f.network in order else len(order)))


def changes(settings: IndicatorSettings, default: IndicatorSettings) -> dict[str, object]:
    """Return the settings that differ from others and change a value."""
    return {
        field: value
        for field, value in settings.model_dump().items()
        if field not in _APART and value != getattr(default, field)
    }


def values(found: Measured, folder: Path = ATLAS, *, repeats: int | None = None) -> pd.DataFrame:
    """Return what was measured, averaged over repeats.

    Args:
        found: Where it was measured.
        folder: The folder that holds the tables.
        repeats: How many of the first repeats are averaged; None takes those that all have.

    Returns:
        Indexed by architecture, for those that were measured: the columns of the indicator, representative,
        connected, and what else the table holds.
    """
    table = _atlas(found.table, repeats, folder)
    table = table[table["status"] != MISSING].set_index("architecture")
    if found.name == ALIGNMENT and ALIGNMENT not in table.columns:
        table = table.assign(**{ALIGNMENT: alignment_of(table)})
    return table[table[[*found.columns]].notna().all(axis=1)]


def counted(name: str) -> pd.DataFrame:
    """Return an indicator that needs no network, indexed by architecture; the depth of a cut cell is nan."""
    sizes = complexity_table().set_index("architecture")
    return pd.DataFrame({name: sizes[name].astype("Float64").to_numpy(float, na_value=np.nan)}, index=sizes.index)


def space_table(folder: Path = ATLAS) -> pd.DataFrame:
    """Return one row for each architecture: architecture, representative, connected, parameters.

    The classes are those of the main table, or of the first that has classes where there is no main one.
    """
    return _space_once(folder, _stamps(folder))


@lru_cache(maxsize=4)
def _space_once(folder: Path, _: tuple) -> pd.DataFrame:
    names = [name for name in (DEFAULT, *atlas_names(folder)) if name in atlas_names(folder)]
    classes = [name for name in names if atlas_settings(name, folder=folder).equivalence != "raw"]
    table = _atlas(classes[0], None, folder) if classes else _atlas(DEFAULT, None, ATLAS)
    sizes = _sizes()
    return table[["architecture", "representative", "connected"]].assign(
        parameters=table["architecture"].map(sizes).astype(float)
    )


def is_counted(name: str) -> bool:
    """Say whether an indicator needs no network."""
    return name in STRUCTURAL


@lru_cache(maxsize=1)
def _sizes() -> pd.Series:
    return complexity_table().set_index("architecture")["parameters"]


def _atlas(name: str, repeats: int | None, folder: Path) -> pd.DataFrame:
    return _atlas_once(name, repeats, folder, _stamps(folder))


@lru_cache(maxsize=64)
def _atlas_once(name: str, repeats: int | None, folder: Path, _: tuple) -> pd.DataFrame:
    return atlas(name, repeats=repeats, folder=folder)


def _stamps(folder: Path) -> tuple[tuple, ...]:
    """Return what changes when a table of the folder does."""
    facts = ((path.name, path.stat()) for path in sorted(folder.glob("*.parquet")))
    return tuple((name, found.st_mtime_ns, found.st_size) for name, found in facts)


def _tables(folder: Path) -> tuple[tuple, ...]:
    return _tables_once(folder, _stamps(folder))


@lru_cache(maxsize=4)
def _tables_once(folder: Path, _: tuple) -> tuple[tuple, ...]:
    found = []
    for name in atlas_names(folder):
        rows = atlas_repeats(name, folder=folder)
        if rows["space"].iloc[0] != "nas-bench-201":
            continue
        known = frozenset(column for column in rows.columns if rows[column].notna().any())
        facts = (atlas_settings(name, folder=folder), str(rows["images"].iloc[0]), int(rows["seed"].iloc[0]))
        found.append((name, known, *facts, complete_repeats(rows), rows["architecture"].nunique()))
    return tuple(found)
