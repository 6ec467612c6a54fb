"""From objectives to one reward: paper Eq. 16 to 18, and two alternatives to them.

A reward is a pure function of the fitness of everything visited so far, with the newest entry last. The history is
only read and never edited. A failure counts as the worst finite value of the window, or as what the released code
makes of it.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tegnas_core.errors import TegnasError
from tegnas_core.search.method import Fitness

SENTINEL = -1.0  # the value that the released code gives to a failure


@dataclass(frozen=True)
class Reward:
    """How the fitness of a new architecture becomes a reward.

    With x_t the fitness of one objective (its sign included), and max and min over the window W:

    - "change": r_t = Σ_x (x_t − x_{t−1}) / (max_W x − min_W x + ε), and r_1 = 0 (Eq. 16 to 18, signs repaired);
    - "level": r_t = Σ_x (x_t − min_W x) / (max_W x − min_W x + ε);
    - "value": r_t = Σ_x x_t · factor, for an objective that is a reward already, such as an accuracy.

    >>> Reward(epsilon=0.0)(np.array([[3.0], [5.0], [4.0]]))  # it fell by half of the range
    -0.5

    Attributes:
        kind: "change", "level" or "value".
        window: Number of the last entries that are looked at, the new one included; None looks at all of them, as
            the paper's text does.
        epsilon: ε, which is 1e-6 in the released code.
        factor: What "value" multiplies by; 0.01 turns percent into a share.
        failures: With "worst" a failure counts as the worst finite value of the window. "released" treats positive
            indicators as the released code does (see `as_released`).

    Raises:
        TegnasError: When the window is empty, ε is negative, or the treatment of failures is unknown.
    """

    kind: Literal["change", "level", "value"] = "change"
    window: int | None = 10
    epsilon: float = 1e-6
    factor: float = 1.0
    failures: Literal["worst", "released"] = "worst"

    def __post_init__(self) -> None:
        if self.window is not None and self.window < 1:
            raise TegnasError(f"a reward looks back over at least 1 entry, got window={self.window}")
        if self.epsilon < 0:
            raise TegnasError(f"epsilon must not be negative, got {self.epsilon}")
        if self.failures not in ("worst", "released"):
            raise TegnasError(f"failures count as worst or as released, got {self.failures!r}")

    def __call__(self, history: Fitness) -> float:
        """Return the reward of the newest entry.

        Args:
            history: Fitness of all entries, shape (t, k), with the oldest first and −∞ for a failure.
        """
        if self.failures == "released":
            history = as_released(history)
        window = history if self.window is None else history[-self.window :]
        finite = np.isfinite(window)
        known = finite.any(0)  # of an objective that always failed nothing is said
        window, finite = window[:, known], finite[:, known]
        worst = np.where(finite, window, np.inf).min(0)
        width = np.where(finite, window, -np.inf).max(0) - worst + self.epsilon
        # the first entry has only itself before it
        now, before = (np.where(np.isfinite(row), row, worst) for row in (window[-1], history[-2:][0][known]))
        if self.kind == "value":
            return float(sum(now * self.factor))
        change = now - (before if self.kind == "change" else worst)
        return float(sum(change[width > 0] / width[width > 0]))


def as_released(history: Fitness) -> Fitness:
    """Return the fitness of every entry as the released code would remember it after the newest one.

    In the released code an architecture is bad when its κ and its regression error cannot be computed. Then

    1. the first architecture of all, when it is bad, is stored with κ = MSE = −1, the best values that there are;
    2. a later one is stored with the largest κ and the largest MSE of all entries so far, and with its own R;
    3. when a good one sets a new maximum of κ or of MSE, the entries of all earlier bad ones are brought up to
       date, but the new value is written over all three indicators, whichever it came from. A new maximum
       κ = 5000 thus gives every bad architecture R = 5000, the best value there is.

    Args:
        history: Fitness of positive indicators, shape (t, k), with the oldest entry first and −∞ where one failed.
            All three indicators are positive, so a fitness below zero tells that smaller is better. A column of
            nothing but failures is also one of these, since the linear regions can always be counted.

    Source: the released code (commit dfa4177), the buffer of its reward generator.
    """
    failed = ~np.isfinite(history)
    signs = np.where(((history > 0) & ~failed).any(0), 1.0, -1.0)
    indicators = np.where(failed, SENTINEL, signs * history)
    return signs * _remembered(indicators, failed.any(1), np.flatnonzero(signs < 0))


def _remembered(
    indicators: NDArray[np.float64], bad: NDArray[np.bool_], smaller_is_better: NDArray[np.int64]
) -> NDArray[np.float64]:
    buffer = indicators.copy()
    largest = buffer[0]  # the maximum of each column over all entries so far
    for t in range(1, len(buffer)):
        for x in smaller_is_better:
            if bad[t]:
                buffer[t, x] = largest[x]
            elif buffer[t, x] > largest[x]:
                buffer[np.flatnonzero(bad[:t])] = buffer[t, x]  # all columns, not only x
                largest = buffer[:t].max(0)
        largest = np.maximum(largest, buffer[t])
    return buffer
