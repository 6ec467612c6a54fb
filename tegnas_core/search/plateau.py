"""The paper's stopping rule: a number that has stopped falling."""

from dataclasses import dataclass, field

import numpy as np


@dataclass
class Plateau:
    """Watches the entropy of a policy or the diversity of a population (paper Table 1).

    Attributes:
        patience: For how many steps it may fail to fall; None for ever.
        tolerance: By how much it has to fall to count.
    """

    patience: int | None
    tolerance: float = 1e-3
    lowest: float = field(default=np.inf, init=False)
    since: int = field(default=0, init=False)

    def watch(self, value: float) -> None:
        """Note the value after a step."""
        if value < self.lowest - self.tolerance:
            self.lowest, self.since = value, 0
        else:
            self.since += 1

    @property
    def reached(self) -> bool:
        """Whether the value has not fallen for `patience` steps."""
        return self.patience is not None and self.since >= self.patience
