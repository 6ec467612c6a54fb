"""The reward that is expected anyway: what REINFORCE subtracts to have less noise (paper Eq. 15)."""

from dataclasses import dataclass, field
from typing import Literal, get_args

from tegnas_core.errors import TegnasError

BaselineKind = Literal["debiased", "plain", "previous"]


@dataclass
class Baseline:
    """An exponential moving average of rewards.

    With b_t = γ b_{t−1} + (1 − γ) r_t and b_0 = 0 the advantage of reward r_t is

    - "debiased", as the released code: r_t − b_t / (1 − γ^t), so that the first is 0;
    - "plain", as the paper prints it (Eq. 14, 15): r_t − b_t = γ (r_t − b_{t−1});
    - "previous", as textbooks have it: r_t − b_{t−1}, a baseline that knows nothing of this step's architecture.

    Attributes:
        decay: γ.
        kind: One of these.
    """

    decay: float = 0.9
    kind: BaselineKind = "debiased"
    average: float = field(default=0.0, init=False)
    weight: float = field(default=0.0, init=False)  # 1 − γ^t

    def __post_init__(self) -> None:
        if not 0 <= self.decay < 1:
            raise TegnasError(f"the baseline's decay lies in 0 ≤ γ < 1, got {self.decay}")
        if self.kind not in get_args(BaselineKind):
            raise TegnasError(f"a baseline is {', '.join(get_args(BaselineKind))}, got {self.kind!r}")

    def advantage(self, reward: float) -> float:
        """Take a reward into the average and return how much better it is."""
        before = self.average
        self.average = self.decay * self.average + (1 - self.decay) * reward
        self.weight = self.decay * self.weight + (1 - self.decay)
        expected = {"debiased": self.average / self.weight, "plain": self.average, "previous": before}
        return reward - expected[self.kind]
