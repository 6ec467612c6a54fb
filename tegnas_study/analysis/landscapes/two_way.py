"""How sure is a mean over searches and over draws of the weights? Both are drawn anew, each side by itself."""

import numpy as np
from numpy.typing import ArrayLike

from tegnas_core.errors import TegnasError
from tegnas_study.tables.bootstrap import LEVEL, Estimate


def two_way(values: ArrayLike, *, seed: int, n_draws: int) -> Estimate:
    """Return the mean of a table with a percentile interval over its rows and its columns.

    A resample draws as many rows and as many columns as there are, with replacement, and takes the mean of where
    they meet. With a single row only columns are drawn.

    Args:
        values: One row a draw of the weights, one column a parent; nan where there is nothing.
        seed: Seed of the resampling.
        n_draws: Number of resamples.

    Raises:
        TegnasError: When the table is empty or not a table.
    """
    table = np.asarray(values, float)
    if table.ndim != 2 or table.size == 0:
        raise TegnasError(f"a mean over draws and searches needs a table of both, got shape {table.shape}")
    rng = np.random.default_rng(seed)
    n_rows, n_columns = table.shape
    known, filled, means = np.isfinite(table), np.nan_to_num(table), []
    for _ in range(n_draws):
        rows = np.bincount(rng.integers(n_rows, size=n_rows), minlength=n_rows)
        columns = np.bincount(rng.integers(n_columns, size=n_columns), minlength=n_columns)
        if n := rows @ known @ columns:
            means.append(rows @ filled @ columns / n)
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]) if means else (np.nan, np.nan)
    return Estimate(float(np.nanmean(table)), float(low), float(high), len(means))
