"""How sure is any number made of a table? The percentile bootstrap, the only one of the study.

Members of a class of equal functions share their indicators, so they are not independent examples: a resample can
draw whole classes. All statistics of one call see the same resamples, so every formula of them has its interval
too, and the interval of a difference is a paired one. Source: Efron, Annals of Statistics 7 (1979).
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from tegnas_core.errors import TegnasError
from tegnas_study.tables.printed import printed
from tegnas_study.tables.resampled_tau import TOGETHER, SortedPairs, checked_pairs

LEVEL = 0.95  # nominal coverage of an interval

Name = Hashable  # of a statistic: a text, or a value with fields
Counts = NDArray[np.int64]  # how often each row is there, shape (n,)
Statistic = Callable[[Counts], Mapping[Name, float]]
Formula = Callable[[Mapping[Name, float | pd.Series]], float | pd.Series]


@dataclass(frozen=True)
class Estimate:
    """A number and its percentile bootstrap interval; nan where there is no answer.

    Attributes:
        value: The number that the table itself gives.
        low: Lower end of the interval.
        high: Upper end of the interval.
        resamples: How many resamples the interval rests on; None when it rests on none, or nobody wrote it down.
    """

    value: float
    low: float
    high: float
    resamples: int | None = field(default=None, compare=False)

    @property
    def numbers(self) -> tuple[float, float, float]:
        """The number, the lower and the upper end."""
        return self.value, self.low, self.high

    def __neg__(self) -> "Estimate":
        """Return the estimate of the number with the other sign."""
        return Estimate(-self.value, -self.high, -self.low, self.resamples)

    def __str__(self) -> str:
        """Return it with two decimals, as in ``0.61 [0.60, 0.62]``."""
        return f"{self:.2f}"

    def __format__(self, spec: str) -> str:
        """Return all three numbers in the format of one, with a true minus sign.

        >>> f"{Estimate(-0.5, -0.61, -0.4):.1f}"
        '−0.5 [−0.6, −0.4]'
        """
        value, low, high = (printed(number, spec or ".2f") for number in self.numbers)
        return f"{value} [{low}, {high}]"


@dataclass(frozen=True)
class Bootstrap:
    """Statistics of a table and of its resamples.

    Attributes:
        value: The statistics of the table itself, indexed by their names.
        draws: One row for each resample, one column for each statistic.
    """

    value: pd.Series
    draws: pd.DataFrame

    def estimate(self, of: Name | Formula, *, level: float = LEVEL) -> Estimate:
        """Return a statistic, or a formula of several, with its interval.

        Args:
            of: A name, or a function from statistics by name to a number, such as ``lambda s: s["a"] - s["b"]``.
                The function must work on numbers and on whole columns.
            level: Nominal coverage of the interval, between 0 and 1.

        Raises:
            TegnasError: When the level is not between 0 and 1.
        """
        if not 0 < level < 1:
            raise TegnasError(f"the level of an interval lies between 0 and 1, got {level}")
        formula = of if callable(of) else (lambda statistics: statistics[of])
        drawn = np.asarray(formula(self.draws), float)
        known = drawn[np.isfinite(drawn)]
        ends = np.quantile(known, [(1 - level) / 2, (1 + level) / 2]) if len(known) else (np.nan, np.nan)
        return Estimate(float(formula(self.value)), float(ends[0]), float(ends[1]), len(drawn))

    def table(self) -> pd.DataFrame:
        """Return one row for each statistic, with the columns value, low and high."""
        estimates = [self.estimate(name) for name in self.value.index]
        rows = [found.numbers for found in estimates]
        return pd.DataFrame(rows, index=self.value.index, columns=["value", "low", "high"])


def bootstrap(statistic: Statistic, groups: ArrayLike, *, seed: int, n_draws: int) -> Bootstrap:
    """Return statistics of a table and of resamples in which whole groups of rows are drawn.

    Of G groups, G are drawn with replacement; a row is then there as often as its group was drawn.

    Args:
        statistic: A function from how often each row is there to numbers by name.
        groups: Which group each row belongs to, shape (n,). When every row is a group of its own, this is the
            ordinary bootstrap.
        seed: Seed of the resampling. The same seed draws the same groups, whatever the statistic is.
        n_draws: Number of resamples.

    Raises:
        TegnasError: When there is no row or no draw.

    >>> values = np.array([1.0, 2.0, 3.0, 4.0])
    >>> found = bootstrap(lambda n: {"mean": n @ values / n.sum()}, np.arange(4), seed=0, n_draws=1000)
    >>> print(found.estimate("mean"))
    2.50 [1.50, 3.50]
    """
    codes, _ = pd.factorize(np.asarray(groups))
    if not len(codes):
        raise TegnasError("a bootstrap needs at least one row, the table is empty")
    _check_draws(n_draws)
    value = pd.Series(dict(statistic(np.ones(len(codes), np.int64))), dtype=float)
    parts = [of_resamples(statistic, counts) for counts in resamples(codes, seed=seed, n_draws=n_draws)]
    return Bootstrap(value, pd.concat(parts, ignore_index=True)[list(value.index)])


def resamples(codes: NDArray[np.int64], *, seed: int, n_draws: int) -> Iterator[NDArray[np.int32]]:
    """Yield how often each row is there in each resample of groups, shape (n, r), r resamples at a time.

    Args:
        codes: The number of the group that each row belongs to, shape (n,).
        seed: Seed of the resampling.
        n_draws: Number of resamples.
    """
    rng, n_groups = np.random.default_rng(seed), codes.max() + 1
    for first in range(0, n_draws, TOGETHER):
        drawn = (rng.integers(n_groups, size=n_groups) for _ in range(min(TOGETHER, n_draws - first)))
        counts = [np.bincount(chosen, minlength=n_groups) for chosen in drawn]
        yield np.array(counts, np.int32).T[codes]


def of_resamples(statistic: Statistic, counts: NDArray[np.int32]) -> pd.DataFrame:
    """Return a statistic of several resamples, each a row; all at once where the statistic knows how.

    Args:
        statistic: The statistic, as `bootstrap` takes it; one with a method ``many`` is asked once for all.
        counts: How often each row is there in each resample, shape (n, r).
    """
    return pd.DataFrame(values_of_resamples(statistic, counts), dtype=float)


def values_of_resamples(statistic: Statistic, counts: NDArray[np.int32]) -> dict[Name, NDArray[np.float64]]:
    """Return what `of_resamples` does as arrays by name, each of shape (r,); small tables need no more."""
    if hasattr(statistic, "many"):
        return dict(statistic.many(counts))
    each = [dict(statistic(counts[:, i].astype(np.int64))) for i in range(counts.shape[1])]
    return {name: np.array([found[name] for found in each], float) for name in each[0]}


class Taus:
    """The statistic that computes Kendall's τ-b of several pairs of columns, of many resamples at once.

    Args:
        pairs: Name → (x, y), each of shape (n,).

    Raises:
        TegnasError: When lengths differ or a value is nan.
    """

    def __init__(self, pairs: Mapping[Name, tuple[ArrayLike, ArrayLike]]) -> None:
        self._sorted = {name: SortedPairs(*checked_pairs(x, y)) for name, (x, y) in pairs.items()}

    def __call__(self, counts: Counts) -> dict[Name, float]:
        """Return the τ of one resample, from counts of shape (n,)."""
        return {name: found.tau(counts) for name, found in self._sorted.items()}

    def many(self, counts: NDArray[np.int32]) -> dict[Name, NDArray[np.float64]]:
        """Return the τ of several resamples, each of shape (r,), from counts of shape (n, r)."""
        return {name: found.taus(counts) for name, found in self._sorted.items()}


def taus(pairs: Mapping[Name, tuple[ArrayLike, ArrayLike]]) -> Taus:
    """Return the statistic that computes Kendall's τ-b of several pairs of columns.

    Args:
        pairs: Name → (x, y), each of shape (n,).

    Raises:
        TegnasError: When lengths differ or a value is nan.
    """
    return Taus(pairs)


def taus_within(pairs: Mapping[Name, tuple[ArrayLike, ArrayLike]], strata: ArrayLike) -> "Within":
    """Return the statistic that computes Kendall's τ-b among architectures of the same stratum (see `Within`).

    Args:
        pairs: Name → (x, y), each of shape (n,).
        strata: Which stratum each row belongs to, shape (n,).
    """
    return Within(taus, pairs, strata)


class Within:
    """The statistic that compares only architectures of the same stratum.

    τ = Σ_s w_s τ_s / Σ_s w_s with w_s = m_s (m_s − 1) / 2, the number of pairs within stratum s. Strata in which
    all values of a side are equal have no τ and no weight.

    Args:
        make: Makes the statistic of one stratum, `taus` for example.
        pairs: Name → (x, y), each of shape (n,).
        strata: Which stratum each row belongs to, shape (n,).
    """

    def __init__(
        self,
        make: Callable[[Mapping[Name, tuple[ArrayLike, ArrayLike]]], Statistic],
        pairs: Mapping[Name, tuple[ArrayLike, ArrayLike]],
        strata: ArrayLike,
    ) -> None:
        labels, self._names = np.asarray(strata), list(pairs)
        members = [np.flatnonzero(labels == label) for label in np.unique(labels)]
        self._parts = [
            (rows, make({k: (np.asarray(x)[rows], np.asarray(y)[rows]) for k, (x, y) in pairs.items()}))
            for rows in members
            if len(rows) > 1
        ]

    def __call__(self, counts: Counts) -> dict[Name, float]:
        """Return the statistics of one resample, from counts of shape (n,)."""
        return {name: float(values[0]) for name, values in self.many(counts[:, None]).items()}

    def many(self, counts: NDArray[np.int32]) -> dict[Name, NDArray[np.float64]]:
        """Return the statistics of several resamples, each of shape (r,), from counts of shape (n, r)."""
        weighted, weights = np.zeros((2, counts.shape[1], len(self._names)))
        for rows, part in self._parts:
            size = counts[rows].sum(0).astype(float)
            values = values_of_resamples(part, counts[rows])
            found = np.column_stack([values[name] for name in self._names])
            weight = np.where(np.isnan(found), 0.0, (size * (size - 1) / 2)[:, None])
            weighted += np.nan_to_num(found) * weight
            weights += weight
        with np.errstate(invalid="ignore"):
            return dict(zip(self._names, (weighted / weights).T, strict=True))


class Joined:
    """Several statistics as one, of one resample or of many at once.

    Args:
        parts: The statistics; their names differ.
    """

    def __init__(self, parts: Iterable[Statistic]) -> None:
        self._parts = tuple(parts)

    def __call__(self, counts: Counts) -> dict[Name, float]:
        """Return the numbers of one resample, from counts of shape (n,)."""
        return {name: value for part in self._parts for name, value in part(counts).items()}

    def many(self, counts: NDArray[np.int32]) -> dict[Name, NDArray[np.float64]]:
        """Return the numbers of several resamples, each of shape (r,), from counts of shape (n, r)."""
        found = [values_of_resamples(part, counts) for part in self._parts]
        return {name: values for part in found for name, values in part.items()}


def bootstrap_interval(
    x: ArrayLike, y: ArrayLike, *, seed: int, n_draws: int = 1000, level: float = LEVEL
) -> Estimate:
    """Return Kendall's τ-b of two columns with its interval over architectures like these.

    n architectures are drawn from the n with replacement, again and again; the interval runs from the
    (1 − level)/2 to the (1 + level)/2 quantile of their τ. Resamples in which all values of a side are equal have
    no τ and are left out.

    Args:
        x: Numbers, shape (n,); infinite ones are the largest or smallest.
        y: Numbers, shape (n,).
        seed: Seed of the resampling. The same seed draws the same architectures, whatever x and y are.
        n_draws: Number of resamples.
        level: Nominal coverage of the interval.

    Raises:
        TegnasError: When the lengths differ, a value is nan, or a size is out of range.

    >>> print(bootstrap_interval([1, 2, 3, 4, 5], [2, 1, 3, 5, 4], seed=0))
    0.60 [0.00, 1.00]
    """
    drawn = bootstrap(taus({"τ": (x, y)}), np.arange(len(np.asarray(x))), seed=seed, n_draws=n_draws)
    return drawn.estimate("τ", level=level)


def paired_difference(
    first: tuple[ArrayLike, ArrayLike],
    second: tuple[ArrayLike, ArrayLike],
    *,
    seed: int,
    n_draws: int = 1000,
    level: float = LEVEL,
) -> Estimate:
    """Return τ(first) − τ(second) over the same architectures, with a paired bootstrap interval.

    Every resample draws the same architectures for both sides, so what the two correlations have in common does
    not widen the interval. To compare strengths, hand in indicators with the same direction: `ranking.ranks`
    turns all of them into small-is-good.

    Args:
        first: x and y of the first correlation, each of shape (n,).
        second: x and y of the second one. The i-th entry of all four columns belongs to the i-th architecture.
        seed: Seed of the resampling.
        n_draws: Number of resamples.
        level: Nominal coverage of the interval.

    Raises:
        TegnasError: When the lengths differ, a value is nan, or a size is out of range.

    >>> accuracy = np.array([90.0, 91.0, 92.0, 93.0, 94.0, 95.0])
    >>> good, poor = np.array([1, 2, 3, 4, 6, 5]), np.array([2, 1, 4, 3, 6, 5])
    >>> print(paired_difference((good, accuracy), (poor, accuracy), seed=0))
    0.27 [0.00, 0.89]
    """
    sizes = [len(np.asarray(x)) for x, _ in (first, second)]
    if sizes[0] != sizes[1]:
        raise TegnasError(f"both sides need the same architectures, got {sizes[0]} and {sizes[1]}")
    pairs = {"first": first, "second": second}
    drawn = bootstrap(taus(pairs), np.arange(sizes[0]), seed=seed, n_draws=n_draws)
    return drawn.estimate(lambda s: s["first"] - s["second"], level=level)


def drawn_repeats(shape: tuple[int, int], *, seed: int, n_draws: int) -> Iterator[NDArray[np.int64]]:
    """Yield which repeats each resample takes: of its r repeats every architecture draws r with replacement.

    Args:
        shape: Number of architectures and r.
        seed: Seed of the resampling.
        n_draws: Number of resamples, each an array of the shape.
    """
    rng = np.random.default_rng(seed)
    for _ in range(n_draws):
        yield rng.integers(shape[1], size=shape)


def bootstrap_repeats(
    repeats: ArrayLike,
    y: ArrayLike,
    *,
    average: Literal["geometric", "arithmetic"],
    seed: int,
    n_draws: int = 1000,
    level: float = LEVEL,
) -> Estimate:
    """Return Kendall's τ-b of averages over repeats, with its interval over repeats of these architectures.

    For every architecture r of its r repeats are drawn with replacement and averaged anew. The interval shows how
    far the draw of weights moves τ, and errs on two sides: with few repeats the spread is too small by the factor
    √((r − 1)/r), and the noise that it adds to the noise already there pulls its middle towards 0.

    Args:
        repeats: Values of an indicator, shape (n, r) with r ≥ 2. A failure is +∞, and so is every average with it.
        y: Numbers, shape (n,).
        average: How repeats are averaged.
        seed: Seed of the resampling.
        n_draws: Number of resamples.
        level: Nominal coverage of the interval.

    Raises:
        TegnasError: When there are fewer than two repeats, the lengths differ, a value is nan, or a size is out
            of range.
    """
    values = np.asarray(repeats, float)
    if values.ndim != 2 or values.shape[1] < 2:
        raise TegnasError(f"resampling repeats needs at least two for each architecture, got shape {values.shape}")
    _check_draws(n_draws)
    values, back = (np.log(values), np.exp) if average == "geometric" else (values, np.asarray)
    once = np.ones(len(values), np.int64)

    def tau(averages: NDArray[np.float64]) -> dict[Name, float]:
        return {"τ": SortedPairs(*checked_pairs(back(averages), y)).tau(once)}

    chosen = drawn_repeats(values.shape, seed=seed, n_draws=n_draws)
    draws = [tau(np.take_along_axis(values, which, 1).mean(1)) for which in chosen]
    return Bootstrap(pd.Series(tau(values.mean(1))), pd.DataFrame(draws)).estimate("τ", level=level)


def _check_draws(n_draws: int) -> None:
    if n_draws < 1:
        raise TegnasError(f"a bootstrap needs at least one draw, got {n_draws}")
