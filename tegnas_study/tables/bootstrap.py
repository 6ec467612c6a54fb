"""How sure is a rank correlation? Percentile bootstrap over architectures, over repeats, and of a difference.

A resample of n architectures is how often each was drawn, and τ-b can be taken of such counts directly: the order
is sorted once, and a draw costs O(n log n) additions. One of 15,625 architectures takes less than a millisecond.
"""

from dataclasses import dataclass
from typing import Literal

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from tegnas_core.errors import TegnasError


@dataclass(frozen=True)
class Interval:
    """A percentile bootstrap interval.

    Attributes:
        low: Lower end.
        high: Upper end; both are nan when no resample had an answer.
        level: Its nominal coverage, such as 0.95.
        n_draws: Number of resamples.
    """

    low: float
    high: float
    level: float
    n_draws: int


@dataclass(frozen=True)
class PairedDifference:
    """The difference of two correlations over the same architectures.

    Attributes:
        difference: τ of the first minus τ of the second.
        interval: Of the difference, both sides resampled together.
        n: Number of architectures.
    """

    difference: float
    interval: Interval
    n: int


def bootstrap_interval(
    x: ArrayLike, y: ArrayLike, *, seed: int, n_draws: int = 1000, level: float = 0.95
) -> Interval:
    """Return an interval for Kendall's τ-b over architectures like these.

    n architectures are drawn from the n with replacement, again and again; the interval runs from the
    (1 − level)/2 to the (1 + level)/2 quantile of their τ. Resamples in which all values of a side are equal have
    no τ and are left out. Source: Efron, Annals of Statistics 7 (1979).

    Args:
        x: Numbers, shape (n,); infinite ones are the largest or smallest.
        y: Numbers, shape (n,).
        seed: Of the resampling; the same seed draws the same architectures whatever x and y are.
        n_draws: Number of resamples.
        level: Of the interval.

    Raises:
        TegnasError: When the lengths differ, a value is nan, or a size is out of range.
    """
    first, second = checked_pairs(x, y)
    _check_sizes(n_draws, level)
    pairs = _Pairs(first, second)
    taus = [pairs.tau(counts) for counts in _draws(len(first), n_draws, seed)]
    return _percentiles(taus, level)


def paired_difference(
    x_first: ArrayLike,
    y_first: ArrayLike,
    x_second: ArrayLike,
    y_second: ArrayLike,
    *,
    seed: int,
    n_draws: int = 1000,
    level: float = 0.95,
) -> PairedDifference:
    """Return τ(x₁, y₁) − τ(x₂, y₂) over the same architectures, with a paired bootstrap interval.

    Every resample draws the same architectures for both sides, so what the two correlations have in common does
    not widen the interval. To compare strengths, hand in indicators with the same direction: `ranking.ranks`
    turns all of them into small-is-good.

    Args:
        x_first: Shape (n,); the i-th entry of all four arrays belongs to the i-th architecture.
        y_first: Shape (n,).
        x_second: Shape (n,).
        y_second: Shape (n,).
        seed: Of the resampling.
        n_draws: Number of resamples.
        level: Of the interval.

    Raises:
        TegnasError: When the lengths differ, a value is nan, or a size is out of range.
    """
    first, second = _Pairs(*checked_pairs(x_first, y_first)), _Pairs(*checked_pairs(x_second, y_second))
    if first.n != second.n:
        raise TegnasError(f"both sides need the same architectures, got {first.n} and {second.n}")
    _check_sizes(n_draws, level)
    once = np.ones(first.n, np.int64)
    differences = [first.tau(counts) - second.tau(counts) for counts in _draws(first.n, n_draws, seed)]
    return PairedDifference(first.tau(once) - second.tau(once), _percentiles(differences, level), first.n)


def bootstrap_repeats(
    repeats: ArrayLike,
    y: ArrayLike,
    *,
    average: Literal["geometric", "arithmetic"],
    seed: int,
    n_draws: int = 1000,
    level: float = 0.95,
) -> Interval:
    """Return an interval for Kendall's τ-b of averages over repeats, the architectures being these.

    For every architecture r of its r repeats are drawn with replacement and averaged anew. The interval shows how
    far the draw of weights moves τ, and errs on two sides: with few repeats the spread is too small by the factor
    √((r − 1)/r), and the noise that it adds to the noise already there pulls its middle towards 0.

    Args:
        repeats: Values of an indicator, shape (n, r) with r ≥ 2; +∞ is a failure, and so is its average.
        y: Shape (n,).
        average: How repeats are averaged.
        seed: Of the resampling.
        n_draws: Number of resamples.
        level: Of the interval.

    Raises:
        TegnasError: When there are fewer than two repeats, the lengths differ, a value is nan, or a size is out
            of range.
    """
    values = np.asarray(repeats, float)
    if values.ndim != 2 or values.shape[1] < 2:
        raise TegnasError(f"resampling repeats needs at least two for each architecture, got shape {values.shape}")
    _check_sizes(n_draws, level)
    values, back = (np.log(values), np.exp) if average == "geometric" else (values, np.asarray)
    rng, once, taus = np.random.default_rng(seed), np.ones(len(values), np.int64), []
    for _ in range(n_draws):
        chosen = rng.integers(values.shape[1], size=values.shape)
        averages = back(np.take_along_axis(values, chosen, 1).mean(1))
        taus.append(_Pairs(*checked_pairs(averages, y)).tau(once))
    return _percentiles(taus, level)


def checked_pairs(x: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return both as float arrays, shape (n,).

    Raises:
        TegnasError: When the lengths differ, there are fewer than two pairs, or a value is nan.
    """
    first, second = np.asarray(x, float), np.asarray(y, float)
    if first.ndim != 1 or first.shape != second.shape:
        raise TegnasError(f"two lists of the same length are needed, got shapes {first.shape} and {second.shape}")
    if len(first) < 2:
        raise TegnasError(f"an order needs at least two architectures, got {len(first)}")
    missing = int(np.isnan(first).sum() + np.isnan(second).sum())
    if missing:
        raise TegnasError(f"{missing} of the values are nan; leave these rows out, or use ranking.failures_last")
    return first, second


class _Pairs:
    """Two orders of the same architectures, sorted once, so that τ of any resample of them is quick."""

    def __init__(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
        x_ranks, y_ranks = (np.unique(values, return_inverse=True)[1].astype(np.int64) for values in (x, y))
        self.n = len(x)
        self._order = np.lexsort((y_ranks, x_ranks))
        self._x, self._y = x_ranks[self._order], y_ranks[self._order]

    def tau(self, counts: NDArray[np.int64]) -> float:
        """Return τ-b when the i-th architecture is there counts[i] times."""
        return _tau_of_counts(self._x, self._y, counts[self._order])


@numba.njit(cache=True, error_model="numpy")
def _tau_of_counts(x, y, counts):
    """Return τ-b of whole-number ranks, sorted by x and then y, each there as often as its count says.

    A binary indexed tree over y holds what has a smaller x; what it holds above y is discordant. (Fenwick 1994.)
    """
    n, tree = len(x), np.zeros(len(x) + 1, np.int64)
    y_totals = np.zeros(n, np.int64)
    before, discordant, x_tied, both_tied = 0, 0, 0, 0
    start = 0
    while start < n:
        stop, group = start, 0
        while stop < n and x[stop] == x[start]:
            below, k = 0, y[stop] + 1
            while k > 0:  # the sum over ranks up to y
                below += tree[k]
                k -= k & -k
            discordant += counts[stop] * (before - below)
            group += counts[stop]
            stop += 1
        equal = 0
        for i in range(start, stop):
            y_totals[y[i]] += counts[i]
            k = y[i] + 1
            while k <= n:
                tree[k] += counts[i]
                k += k & -k
            equal = equal + counts[i] if i > start and y[i] == y[i - 1] else counts[i]
            if i + 1 == stop or y[i + 1] != y[i]:
                both_tied += equal * (equal - 1) // 2
        x_tied += group * (group - 1) // 2
        before += group
        start = stop
    pairs = before * (before - 1) // 2
    y_tied = (y_totals * (y_totals - 1) // 2).sum()
    concordant = pairs - x_tied - y_tied + both_tied - discordant
    return (concordant - discordant) / np.sqrt(float(pairs - x_tied) * float(pairs - y_tied))


def _draws(n: int, n_draws: int, seed: int):
    """Yield how often each of n architectures occurs in a resample."""
    rng = np.random.default_rng(seed)
    for _ in range(n_draws):
        yield np.bincount(rng.integers(n, size=n), minlength=n)


def _check_sizes(n_draws: int, level: float) -> None:
    if n_draws < 1:
        raise TegnasError(f"a bootstrap needs at least one draw, got {n_draws}")
    if not 0 < level < 1:
        raise TegnasError(f"the level of an interval lies between 0 and 1, got {level}")


def _percentiles(values: list[float], level: float) -> Interval:
    known = np.asarray(values)[np.isfinite(values)]
    ends = np.quantile(known, [(1 - level) / 2, (1 + level) / 2]) if len(known) else (np.nan, np.nan)
    return Interval(float(ends[0]), float(ends[1]), level, len(values))
