"""Searches over their evaluations: what each seed did, and what is typical of all seeds.

A table of histories has one row for each evaluation, in the columns of `SearchHistory.table`. Two more columns say
which search a row belongs to: ``method`` and ``seed``.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

from tegnas_core.errors import TegnasError
from tegnas_study.tables.bootstrap import Estimate

if TYPE_CHECKING:
    from tegnas_core.search import SearchHistory

SEARCH = ("method", "seed")


def histories_table(histories: Iterable[tuple[str, int, "SearchHistory"]]) -> pd.DataFrame:
    """Return the tables of several searches below each other.

    Args:
        histories: The name of each search, its seed, and its history.

    Raises:
        TegnasError: When there is no search.
    """
    tables = [history.table().assign(method=name, seed=seed) for name, seed, history in histories]
    if not tables:
        raise TegnasError("a table of histories needs at least one search")
    return pd.concat(tables, ignore_index=True)


def best_so_far(table: pd.DataFrame, column: str) -> pd.Series:
    """Return the largest value that a search has seen up to and with each row.

    Args:
        table: Histories, one row for each evaluation.
        column: The column whose larger values are better.
    """
    return table.groupby([*SEARCH])[column].cummax()


def running_mean(table: pd.DataFrame, column: str, window: int) -> pd.Series:
    """Return the mean over a search's last evaluations, fewer at its beginning.

    Args:
        table: Histories, one row for each evaluation.
        column: The column of the histories that is looked at.
        window: How many evaluations the mean is taken over, the row's own included.

    Raises:
        TegnasError: When the window holds no evaluation.
    """
    if window < 1:
        raise TegnasError(f"a running mean is over at least 1 evaluation, got window={window}")
    rolled = table.groupby([*SEARCH], sort=False)[column].rolling(window, min_periods=1).mean()
    return rolled.droplevel([*SEARCH]).reindex(table.index)


def share_of_start(table: pd.DataFrame, column: str) -> pd.Series:
    """Return each row's value as a share of the first of its search.

    Args:
        table: Histories, one row for each evaluation.
        column: The column that is compared, such as an entropy or a diversity.
    """
    return table[column] / table.groupby([*SEARCH])[column].transform("first")


def first_at_least(table: pd.DataFrame, column: str, value: float) -> pd.Series:
    """Return after how many evaluations each search first reached a value; nan where it never did.

    Args:
        table: Histories, one row for each evaluation.
        column: The column whose larger values are better.
        value: The value that is to be reached.

    Returns:
        Indexed by method and seed.
    """
    reached = table["evaluations"].where(table[column] >= value)
    return reached.groupby([table[name] for name in SEARCH], sort=False).min()


def over_seeds(
    table: pd.DataFrame, column: str, *, x: str = "evaluations", band: tuple[float, float] = (0.0, 1.0)
) -> pd.DataFrame:
    """Return the median over seeds and a band at every x; a search that has ended keeps its last value.

    Args:
        table: Histories, one row for each evaluation.
        column: The column that is summarised; rows without a number in it are left out.
        x: What is counted, "evaluations" or "step"; the last row of a step stands for it.
        band: The two quantiles that are its ends; (0, 1) is the range.

    Returns:
        Columns method, x, median, low and high.
    """
    rows = []
    for method, searches in table.dropna(subset=[column]).groupby("method", sort=False):
        curves = searches.groupby([x, "seed"])[column].last().unstack("seed").ffill()
        found = curves.quantile([0.5, *band], axis=1).T.set_axis(["median", "low", "high"], axis=1)
        rows.append(found.reset_index().assign(method=method))
    return pd.concat(rows, ignore_index=True)[["method", x, "median", "low", "high"]]


def mean_over_seeds(values: ArrayLike, *, seed: int, n_draws: int = 1000) -> Estimate:
    """Return the mean over independent searches with a 95 % percentile bootstrap interval over them.

    Args:
        values: One number for each seed, shape (n,).
        seed: Seed of the resampling.
        n_draws: Number of resamples.

    Raises:
        TegnasError: When there are fewer than two.
    """
    numbers = np.asarray(values, float)
    if len(numbers) < 2:
        raise TegnasError(f"an interval over seeds needs at least 2 searches, got {len(numbers)}")
    rng = np.random.default_rng(seed)
    found = stats.bootstrap((numbers,), np.mean, n_resamples=n_draws, method="percentile", rng=rng)
    return Estimate(float(numbers.mean()), *map(float, found.confidence_interval), n_draws)
