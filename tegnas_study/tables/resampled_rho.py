"""Spearman's ρ of many resamples of the same architectures, each in a fraction of a millisecond."""

from collections.abc import Mapping

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from tegnas_study.tables.bootstrap import Name, Statistic
from tegnas_study.tables.resampled_tau import checked_pairs


class RankedPairs:
    """Two orders of the same architectures, ranked once, so that ρ of any resample of them is quick."""

    def __init__(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
        self._x, self._y = (np.unique(values, return_inverse=True)[1].astype(np.int64) for values in (x, y))

    def rho(self, counts: NDArray[np.int64]) -> float:
        """Return ρ when the i-th architecture is there counts[i] times; nan when all values of a side are equal.

        ρ is Pearson's correlation of average ranks. A value that is there m times, with b values below, has the
        rank b + (m + 1) / 2. Source: Spearman, American Journal of Psychology 15 (1904).
        """
        return _rho_of_counts(self._x, self._y, counts)


@numba.njit(cache=True, error_model="numpy")
def _rho_of_counts(x, y, counts):
    """Return ρ of whole-number ranks from 0, each there as often as its count says."""
    x_ranks, y_ranks = _centred_ranks(x, counts), _centred_ranks(y, counts)
    both, x_spread, y_spread = 0.0, 0.0, 0.0
    for i in range(len(x)):
        both += counts[i] * x_ranks[x[i]] * y_ranks[y[i]]
        x_spread += counts[i] * x_ranks[x[i]] ** 2
        y_spread += counts[i] * y_ranks[y[i]] ** 2
    return both / np.sqrt(x_spread * y_spread)


@numba.njit(cache=True, error_model="numpy")
def _centred_ranks(codes, counts):
    """Return the average rank of each code, less the mean of all ranks; codes that are not there have any."""
    totals = np.zeros(codes.max() + 1, np.int64)
    for i in range(len(codes)):
        totals[codes[i]] += counts[i]
    ranks, below = np.zeros(len(totals)), 0
    for code in range(len(totals)):
        ranks[code] = below + (totals[code] + 1) / 2
        below += totals[code]
    return ranks - (below + 1) / 2


def rhos(pairs: Mapping[Name, tuple[ArrayLike, ArrayLike]]) -> Statistic:
    """Return the statistic that computes Spearman's ρ of several pairs of columns, for `bootstrap.bootstrap`.

    Args:
        pairs: Name → (x, y), each of shape (n,).

    Raises:
        TegnasError: When lengths differ or a value is nan.
    """
    ranked_once = {name: RankedPairs(*checked_pairs(x, y)) for name, (x, y) in pairs.items()}
    return lambda counts: {name: found.rho(counts) for name, found in ranked_once.items()}
