"""Kendall's τ-b of many resamples of the same architectures, several thousand a second.

A resample of n architectures says how often each of them was drawn, and τ-b can be computed from such counts. The
order is sorted once, and every resample then costs O(n log n) additions, done for many resamples at once.
"""

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from tegnas_core.errors import TegnasError

TOGETHER = 64  # resamples that are computed at once; the compiler must know their number to be quick


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


class SortedPairs:
    """Two orders of the same architectures, sorted once, so that τ of any resample of them is quick."""

    def __init__(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
        ranks = [np.unique(values, return_inverse=True)[1].astype(np.int64) for values in (x, y)]
        x_ranks, y_ranks = sorted(
            ranks, key=lambda side: -side.max()
        )  # τ-b is symmetric, and a small tree is quick
        self.n = len(x)
        self._order = np.lexsort((y_ranks, x_ranks))
        self._x, self._y = x_ranks[self._order], y_ranks[self._order]

    def tau(self, counts: NDArray[np.int64]) -> float:
        """Return τ-b when the i-th architecture is there counts[i] times."""
        return _tau_of_counts(self._x, self._y, counts[self._order])

    def taus(self, counts: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return τ-b of several resamples, shape (r,), from counts of shape (n, r); 64 cost as much as one."""
        parts, r = [], counts.shape[1]
        for first in range(0, r, TOGETHER):
            some = counts[:, first : first + TOGETHER]
            missing = TOGETHER - some.shape[1]
            part = np.ascontiguousarray(np.pad(some, ((0, 0), (0, missing))) if missing else some, np.int32)
            parts.append(_taus_of_counts(self._x, self._y, self._order, part)[: some.shape[1]])
        return np.concatenate(parts)


@numba.njit(cache=True, error_model="numpy")
def _tau_of_counts(x, y, counts):
    """Return τ-b of whole-number ranks, sorted by x and then y, each there as often as its count says.

    A binary indexed tree over y holds what has a smaller x; what it holds above y is discordant. (Fenwick 1994.)
    """
    n, n_ranks = len(x), y.max() + 1
    tree, y_totals = np.zeros(n_ranks + 1, np.int64), np.zeros(n_ranks, np.int64)
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
            while k <= n_ranks:
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


@numba.njit(cache=True, error_model="numpy")
def _taus_of_counts(x, y, order, counts):
    """Return τ-b of whole-number ranks, sorted by x and then y, in `TOGETHER` resamples.

    A binary indexed tree over y holds what has a smaller x; what it holds above y is discordant (Fenwick 1994).
    Each of its nodes has one number for each resample, side by side, so one step serves them all.
    """
    n, r, n_ranks = len(x), TOGETHER, y.max() + 1
    tree, y_totals = np.zeros((n_ranks + 1, r), np.int32), np.zeros((n_ranks, r), np.int32)
    before, below, group, equal = np.zeros((4, r), np.int32)
    discordant, x_tied, both_tied, y_tied = np.zeros((4, r), np.int64)
    start = 0
    while start < n:
        stop = start
        group[:] = 0
        while stop < n and x[stop] == x[start]:
            _sum_up_to(tree, y[stop], below)
            there = counts[order[stop]]
            for j in range(TOGETHER):
                discordant[j] += np.int64(there[j]) * (before[j] - below[j])
                group[j] += there[j]
            stop += 1
        for i in range(start, stop):
            there, y_total = counts[order[i]], y_totals[y[i]]
            _add_at(tree, y[i], there)
            if i == start or y[i] != y[i - 1]:
                equal[:] = 0
            for j in range(TOGETHER):
                equal[j] += there[j]
                y_total[j] += there[j]
            if i + 1 == stop or y[i + 1] != y[i]:
                _add_pairs(both_tied, equal)
        _add_pairs(x_tied, group)
        for j in range(TOGETHER):
            before[j] += group[j]
        start = stop
    for i in range(n_ranks):
        _add_pairs(y_tied, y_totals[i])
    pairs = np.zeros(r, np.int64)
    _add_pairs(pairs, before)
    concordant = pairs - x_tied - y_tied + both_tied - discordant
    return (concordant - discordant) / np.sqrt((pairs - x_tied) * (pairs - y_tied).astype(np.float64))


@numba.njit(cache=True)
def _sum_up_to(tree, rank, total):
    """Put the sum over all ranks up to this one into ``total``."""
    total[:] = 0
    k = np.uint64(rank + 1)  # a negative index would have to be looked for
    while k > 0:
        node = tree[k]
        for j in range(TOGETHER):
            total[j] += node[j]
        k &= k - np.uint64(1)


@numba.njit(cache=True)
def _add_at(tree, rank, counts):
    """Add counts at a rank."""
    k = rank + 1
    while k < len(tree):
        node = tree[np.uint64(k)]
        for j in range(TOGETHER):
            node[j] += counts[j]
        k += k & -k


@numba.njit(cache=True)
def _add_pairs(total, counts):
    """Add the number of pairs that can be made of each count."""
    for j in range(TOGETHER):
        total[j] += np.int64(counts[j]) * (np.int64(counts[j]) - 1) // 2
