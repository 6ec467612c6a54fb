"""A stand-in for the indicators of a supernet: their expectation over its cells, looked up in the atlas.

A supernet is one network in which operations share an edge, and its κ is not a mean of κ over cells. But the cells
in it can be enumerated, 4⁶ = 4,096 at the start, and their mean tells in a moment what pruning would do if the
supernet stood for them perfectly. Results made with it are labelled as such.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_core.spaces import NASBench201
from tegnas_study.tables.frames import INDICATORS

if TYPE_CHECKING:
    from tegnas_core.spaces.mixtures import Mixture


def expected_over_cells(
    table: pd.DataFrame,
    *,
    columns: tuple[str, ...] = INDICATORS,
    geometric: tuple[str, ...] = ("condition_number",),
) -> Callable[["Mixture"], Mapping[str, float]]:
    """Return the function from a supernet of NAS-Bench-201 to the mean of every column over its cells.

    All cells count the same, as the operations of an edge do in the supernet's network. What failed or is missing
    is left out: of the 4,096 cells without ``none``, which TE-NAS starts from, none is disconnected.

    Args:
        table: One row an architecture (as from `atlas`): ``architecture`` and the columns.
        columns: What is averaged.
        geometric: Of these, the geometric mean exp(mean(log x)): κ spreads over four orders of magnitude, and its
            mean over cells would be that of the few largest.

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

    def expectation(mixture: "Mixture") -> dict[str, float]:
        if len(mixture.active) != len(space.choices) or not all(mixture.active):
            raise TegnasError(f"not a supernet of NAS-Bench-201 with an operation on every edge: {mixture}")
        cells = values[np.ix_(*mixture.active)].reshape(-1, len(columns))  # (n_cells, n_columns)
        known = np.isfinite(cells)
        with np.errstate(invalid="ignore"):  # no cell at all: 0 / 0 = nan
            means = np.where(known, cells, 0.0).sum(0) / known.sum(0)
        means[logarithmic] = np.exp(means[logarithmic])
        return dict(zip(columns, means.tolist(), strict=True))

    return expectation
