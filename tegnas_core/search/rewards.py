"""From objectives to one reward: paper Eq. 16 to 18, and what may stand in their place.

A reward is a pure function of the goodness of everything visited so far, the newest last: history is read, never
edited. A failure counts as the worst finite value of the window, or as whatever the released code makes of it.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from tegnas_core.errors import TegnasError
from tegnas_core.search.method import Goodness
from tegnas_core.search.released_buffer import as_released

Kind = Literal["change", "level", "value"]


@dataclass(frozen=True)
class Reward:
    """How the goodness of a new architecture becomes a number.

    With x_t the goodness of one objective (the sign is in it), and max and min over the window W:

    - "change": r_t = Σ_x (x_t − x_{t−1}) / (max_W x − min_W x + ε), and r_1 = 0 (Eq. 16 to 18, signs repaired);
    - "level": r_t = Σ_x (x_t − min_W x) / (max_W x − min_W x + ε);
    - "value": r_t = Σ_x x_t · factor, for an objective that is a reward already, such as an accuracy.

    Attributes:
        kind: One of these.
        window: How many of the last entries, the new one included; None takes all, as the paper's text.
        epsilon: ε, 1e-6 in the released code.
        factor: Of kind "value"; 0.01 turns percent into a share.
        failures: "worst": a failure counts as the worst finite value of the window. "released": as in
            `released_buffer`, for positive indicators.
    """

    kind: Kind = "change"
    window: int | None = 10
    epsilon: float = 1e-6
    factor: float = 1.0
    failures: Literal["worst", "released"] = "worst"

    def __post_init__(self) -> None:
        if self.window is not None and self.window < 1:
            raise TegnasError(f"a reward looks back over at least 1 entry, got window={self.window}")
        if self.epsilon < 0:
            raise TegnasError(f"epsilon is not negative, got {self.epsilon}")
        if self.failures not in ("worst", "released"):
            raise TegnasError(f"failures count as worst or as released, got {self.failures!r}")

    def __call__(self, history: Goodness) -> float:
        """Return the reward of the newest entry.

        Args:
            history: Goodness of all entries, shape (t, k), oldest first; −∞ where one failed.
        """
        if self.failures == "released":
            history = as_released(history)
        window = history if self.window is None else history[-self.window :]
        now, before = history[-1], history[-2:][0]  # the first has none before it but itself
        return float(sum(self._one(window[:, x], now[x], before[x]) for x in range(history.shape[1])))

    def _one(self, window: np.ndarray, now: float, before: float) -> float:
        finite = window[np.isfinite(window)]
        if len(finite) == 0:
            return 0.0
        worst, width = finite.min(), np.ptp(finite) + self.epsilon
        now, before = (value if np.isfinite(value) else worst for value in (now, before))
        if self.kind == "value":
            return now * self.factor
        return (now - (before if self.kind == "change" else worst)) / width if width > 0 else 0.0
