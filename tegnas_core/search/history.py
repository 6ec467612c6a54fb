"""What happened in a search, as a frozen value and as a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic

from tegnas_core.search.method import Objective
from tegnas_core.spaces.base import A

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Visit(Generic[A]):
    """One evaluation of a search.

    Attributes:
        step: Number of the step, from 0; a step may visit several architectures.
        architecture: The architecture that was evaluated.
        values: Its objectives, and anything else that its evaluation returned.
        reward: The reward that the method computed; nan when the method has no rewards.
        entropy: Entropy of the policy after the step, in nats; nan when the method has no policy.
        diversity: Diversity of the population after the step; nan when the method has no population.
        seconds: Time that the evaluation took.
    """

    step: int
    architecture: A
    values: Mapping[str, float]
    reward: float
    entropy: float
    diversity: float
    seconds: float


@dataclass(frozen=True)
class SearchHistory(Generic[A]):
    """All visits of one search, in order, and its result.

    Attributes:
        method: Name of the method.
        objectives: The objectives that the method was told.
        visits: One entry for each evaluation, in order.
        derived: The result by the method's own rule.
        stopped: Why the search ended.
    """

    method: str
    objectives: tuple[Objective, ...]
    visits: tuple[Visit[A], ...]
    derived: A
    stopped: str

    @property
    def n_evaluations(self) -> int:
        """The number of evaluations, repeated ones included."""
        return len(self.visits)

    @property
    def n_unique(self) -> int:
        """The number of different architectures that were evaluated."""
        return len({visit.architecture for visit in self.visits})

    @property
    def n_steps(self) -> int:
        """The number of steps."""
        return self.visits[-1].step + 1 if self.visits else 0

    def table(self) -> pd.DataFrame:
        """Return a table with one row for each evaluation.

        Its columns are step, architecture (as a string), one column for each objective, reward, entropy (nats),
        diversity, seconds, and the numbers of evaluations and of unique architectures up to and with this row.
        """
        import pandas as pd  # here, so that a search does without it

        seen: set[A] = set()
        rows = []
        for number, visit in enumerate(self.visits, start=1):
            seen.add(visit.architecture)
            rows.append(
                {
                    "step": visit.step,
                    "architecture": str(visit.architecture),
                    **{objective.name: visit.values[objective.name] for objective in self.objectives},
                    "reward": visit.reward,
                    "entropy": visit.entropy,
                    "diversity": visit.diversity,
                    "seconds": visit.seconds,
                    "evaluations": number,
                    "unique": len(seen),
                }
            )
        return pd.DataFrame(rows)
