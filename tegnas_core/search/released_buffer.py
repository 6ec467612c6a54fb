"""What the released code remembers of the architectures it has visited, its treatment of failures included.

An architecture is bad when its κ and its regression error cannot be computed, and then

1. the first architecture of all, being bad, is stored with κ = MSE = −1: the best values that there are;
2. a later one is stored with the largest κ and the largest MSE of all entries so far; its R stays as measured;
3. when a good one sets a new maximum of κ or of MSE, the entries of all earlier bad ones are brought up to date,
   but the new value is written over all three indicators, whichever it came from: a new maximum κ = 5000 gives
   every bad architecture R = 5000, the best there is.

Source: the released code (commit dfa4177), the buffer of its reward generator.
"""

import numpy as np
from numpy.typing import NDArray

from tegnas_core.search.method import Goodness

SENTINEL = -1.0  # what the released code calls the value of a failure


def as_released(history: Goodness) -> Goodness:
    """Return the goodness of every entry as the released code would remember it after the newest.

    Args:
        history: Goodness of positive indicators, shape (t, k), oldest first, −∞ where one failed. All three are
            positive, so a goodness below zero tells that smaller is better; a column of failures only is one of
            these, as the linear regions can always be counted.
    """
    failed = ~np.isfinite(history)
    signs = np.where(((history > 0) & ~failed).any(0), 1.0, -1.0)
    indicators = np.where(failed, SENTINEL, signs * history)
    return signs * _remembered(indicators, failed.any(1), np.flatnonzero(signs < 0))


def _remembered(
    indicators: NDArray[np.float64], bad: NDArray[np.bool_], smaller_is_better: NDArray[np.int64]
) -> NDArray[np.float64]:
    buffer = indicators.copy()
    largest = buffer[0]  # of all entries so far, in each column
    for t in range(1, len(buffer)):
        for x in smaller_is_better:
            if bad[t]:
                buffer[t, x] = largest[x]
            elif buffer[t, x] > largest[x]:
                buffer[np.flatnonzero(bad[:t])] = buffer[t, x]  # all columns, not only x
                largest = buffer[:t].max(0)
        largest = np.maximum(largest, buffer[t])
    return buffer
