"""How sure is any number made of a table? The bootstrap over classes of equal functions.

Members of a class share their indicators, so they are not independent examples: a resample draws whole classes.
All statistics of one call see the same resamples, so any formula of them has its interval too, a paired one.
Source: Efron, Annals of Statistics 7 (1979).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from tegnas_core.errors import TegnasError
from tegnas_study.tables.bootstrap import _Pairs, checked_pairs

LEVEL = 0.95  # of every interval in this package

Counts = NDArray[np.int64]  # how often each row is there, shape (n,)
Statistic = Callable[[Counts], Mapping[str, float]]
Formula = Callable[[Mapping[str, float | pd.Series]], float | pd.Series]


@dataclass(frozen=True)
class Estimate:
    """A number and its percentile bootstrap interval; nan where it has no answer.

    Attributes:
        value: Of the table itself.
        low: Lower end of the interval.
        high: Upper end.
    """

    value: float
    low: float
    high: float

    def __neg__(self) -> "Estimate":
        """Return the estimate of the number with the other sign."""
        return Estimate(-self.value, -self.high, -self.low)

    def __str__(self) -> str:
        """Return it with two decimals, as in ``0.61 [0.60, 0.62]``."""
        return f"{self:.2f}"

    def __format__(self, spec: str) -> str:
        """Return all three numbers in the format of one, with a true minus sign."""
        value, low, high = (format(number, spec or ".2f") for number in (self.value, self.low, self.high))
        return f"{value} [{low}, {high}]".replace("-", "−")


@dataclass(frozen=True)
class Bootstrap:
    """Statistics of a table and of its resamples.

    Attributes:
        value: Of the table itself, indexed by the name of the statistic.
        draws: One row a resample, one column a statistic.
    """

    value: pd.Series
    draws: pd.DataFrame

    def estimate(self, of: str | Formula) -> Estimate:
        """Return a statistic, or a formula of several, with its interval.

        Args:
            of: A name, or a function of a mapping from names to values such as ``lambda s: s["a"] - s["b"]``; it
                must work on numbers and on whole columns.
        """
        formula = of if callable(of) else (lambda statistics: statistics[of])
        drawn = np.asarray(formula(self.draws), float)
        known = drawn[np.isfinite(drawn)]
        ends = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]) if len(known) else (np.nan, np.nan)
        return Estimate(float(formula(self.value)), float(ends[0]), float(ends[1]))

    def table(self) -> pd.DataFrame:
        """Return one row a statistic: value, low, high."""
        estimates = {name: self.estimate(name) for name in self.value.index}
        return pd.DataFrame([vars(e) for e in estimates.values()], index=list(estimates))


def bootstrap(statistic: Statistic, groups: ArrayLike, *, seed: int, n_draws: int) -> Bootstrap:
    """Return statistics of a table and of resamples in which whole groups of rows are drawn.

    Of G groups, G are drawn with replacement; a row is then there as often as its group was drawn.

    Args:
        statistic: How often each row is there → numbers by name.
        groups: Which group each row belongs to, shape (n,); different for each row: an ordinary bootstrap.
        seed: Of the drawing; the same seed draws the same groups whatever the statistic is.
        n_draws: Number of resamples.

    Raises:
        TegnasError: When there is no row or no draw.
    """
    codes, names = pd.factorize(np.asarray(groups))
    if not len(codes):
        raise TegnasError("a bootstrap needs at least one row, the table is empty")
    if n_draws < 1:
        raise TegnasError(f"a bootstrap needs at least one draw, got {n_draws}")
    value = pd.Series(dict(statistic(np.ones(len(codes), np.int64))), dtype=float)
    rng, rows = np.random.default_rng(seed), []
    for _ in range(n_draws):
        drawn = rng.integers(len(names), size=len(names))
        rows.append(dict(statistic(np.bincount(drawn, minlength=len(names))[codes])))
    return Bootstrap(value, pd.DataFrame(rows, columns=value.index, dtype=float))


def taus(pairs: Mapping[str, tuple[ArrayLike, ArrayLike]]) -> Statistic:
    """Return the statistic that computes Kendall's τ-b of several pairs of columns.

    Args:
        pairs: Name → (x, y), each of shape (n,).

    Raises:
        TegnasError: When lengths differ or a value is nan.
    """
    sorted_once = {name: _Pairs(*checked_pairs(x, y)) for name, (x, y) in pairs.items()}
    return lambda counts: {name: found.tau(counts) for name, found in sorted_once.items()}


def taus_within(pairs: Mapping[str, tuple[ArrayLike, ArrayLike]], strata: ArrayLike) -> Statistic:
    """Return the statistic that compares only architectures of the same stratum.

    τ = Σ_s w_s τ_s / Σ_s w_s with w_s = m_s (m_s − 1) / 2, the number of pairs within stratum s; strata in which
    all values of a side are equal have no τ and no weight.

    Args:
        pairs: Name → (x, y), each of shape (n,).
        strata: Shape (n,).
    """
    labels = np.asarray(strata)
    members = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    members = [rows for rows in members if len(rows) > 1]
    inner = [
        taus({k: (np.asarray(x)[rows], np.asarray(y)[rows]) for k, (x, y) in pairs.items()}) for rows in members
    ]

    def statistic(counts: Counts) -> dict[str, float]:
        found = pd.DataFrame([part(counts[rows]) for part, rows in zip(inner, members, strict=True)], dtype=float)
        sizes = np.array([counts[rows].sum() for rows in members], float)
        weights = found.notna().mul(sizes * (sizes - 1) / 2, axis=0)
        return ((found * weights).sum() / weights.sum()).reindex(list(pairs)).to_dict()

    return statistic
