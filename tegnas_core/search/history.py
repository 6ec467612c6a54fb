"""What happened in a search, as a frozen value and as a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic

import pandas as pd

from tegnas_core.search.method import A, Objective


@dataclass(frozen=True)
class Visit(Generic[A]):
    """One evaluation of a search.

    Attributes:
        step: Number of the step, from 0; a step may visit several architectures.
        architecture: What was evaluated.
        values: Its objectives, and what else its evaluation told.
        reward: As the method computed it; nan where it knows none.
        entropy: Of the policy after the step, in nats; nan without a policy.
        diversity: Of the population after the step; nan without a population.
        seconds: What the evaluation cost.
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
        method: Its name.
        objectives: What the method was told.
        visits: In the order of evaluation.
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
        """Return how many evaluations there were, repeated ones included."""
        return len(self.visits)

    @property
    def n_unique(self) -> int:
        """Return how many different architectures were evaluated."""
        return len({visit.architecture for visit in self.visits})

    @property
    def n_steps(self) -> int:
        """Return the number of steps."""
        return self.visits[-1].step + 1 if self.visits else 0

    def table(self) -> pd.DataFrame:
        """Return one row an evaluation.

        Columns: step, architecture (its string), one an objective, reward, entropy (nats), diversity, seconds,
        evaluations and unique (how many there were up to and with this row).
        """
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
