"""Means over the cells of a supernet: they stand in for the supernet's own indicators where TE-NAS is looked up.

A supernet is one network in which operations share an edge, and its κ is not a mean of κ over cells. But the cells
in it can be enumerated, 4⁶ = 4,096 at the start, and their mean tells in a moment what pruning would do if the
supernet stood for them perfectly. Results made with it are labelled as such.
"""

import math
from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np
import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_core.spaces import NASBench201
from tegnas_core.spaces.mixtures import Mixture
from tegnas_study.experiments.request import SearchRequest
from tegnas_study.tables.frames import INDICATORS


def supernet_source(request: SearchRequest) -> Callable[[Mixture], Mapping[str, float]]:
    """Return the source that gives a supernet the means of the objectives over its cells.

    Its ``seconds`` are nan: nobody evaluated a supernet, so nobody knows how long that takes (see
    `live.teg_source`).
    """
    means = _means(request.atlas, tuple(objective.name for objective in request.choice.objectives))
    return lambda mixture: {**means(mixture), "seconds": math.nan}


@lru_cache(maxsize=8)
def _means(name: str, columns: tuple[str, ...]) -> Callable[[Mixture], Mapping[str, float]]:
    from tegnas_study.tables.atlases import atlas

    return supernet_means(atlas(name), columns=columns)


def supernet_means(
    table: pd.DataFrame,
    *,
    columns: tuple[str, ...] = INDICATORS,
    geometric: tuple[str, ...] = ("condition_number",),
) -> Callable[[Mixture], Mapping[str, float]]:
    """Return the function that maps a supernet of NAS-Bench-201 to the mean of every column over its cells.

    All cells count the same, as the operations of an edge do in the supernet's network. Cells that failed or are
    missing are left out; none of the 4,096 cells without ``none``, which TE-NAS starts from, is disconnected.

    Args:
        table: One row an architecture (as from `atlas`): ``architecture`` and the columns.
        columns: The columns to average.
        geometric: Those of them that are averaged geometrically, exp(mean(log x)): κ spreads over four orders of
            magnitude, and its arithmetic mean would be that of the few largest cells.

    Returns:
        A function that raises `TegnasError` for a supernet of another space or with a removed edge, and returns
        nan where no cell has a value.

    Raises:
        TegnasError: When a column is missing from the table.
    """
    if missing := [name for name in ("architecture", *columns) if name not in table.columns]:
        raise TegnasError(f"the table has no column {missing[0]!r}")
    space = NASBench201()
    values = np.full((*space.choices, len(columns)), np.nan)
    decisions = np.array([space.decisions(space.parse(text)) for text in table["architecture"]], int)
    values[tuple(decisions.reshape(-1, len(space.choices)).T)] = table[[*columns]].to_numpy(float, na_value=np.nan)
    logarithmic = np.isin(columns, geometric)
    with np.errstate(divide="ignore", invalid="ignore"):
        values[..., logarithmic] = np.log(values[..., logarithmic])
    values[~np.isfinite(values)] = np.nan

    def means(mixture: Mixture) -> dict[str, float]:
        if len(mixture.active) != len(space.choices) or not all(mixture.active):
            raise TegnasError(f"not a supernet of NAS-Bench-201 with an operation on every edge: {mixture}")
        cells = values[np.ix_(*mixture.active)].reshape(-1, len(columns))  # (n_cells, n_columns)
        known = np.isfinite(cells)
        with np.errstate(invalid="ignore"):  # no cell at all: 0 / 0 = nan
            found = np.where(known, cells, 0.0).sum(0) / known.sum(0)
        found[logarithmic] = np.exp(found[logarithmic])
        return dict(zip(columns, found.tolist(), strict=True))

    return means
