"""What every search method promises, and what several of them share.

A method asks for the values of some architectures, and is told them. It never sees what it optimises: it is told
numbers, one column for each objective, of which larger is always better. They may be indicators of networks,
accuracies from a table or the ones of a bit string.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tegnas_core.spaces.base import A

Fitness = NDArray[np.float64]  # (n, k): n architectures, k objectives, larger is better, −∞ for a failure
Ties = Literal["best", "average"]


class Objective(NamedTuple):
    """A number to optimise, and which way is better."""

    name: str
    higher_is_better: bool


class StepReport(NamedTuple):
    """What a method says about a step after it has learned from it.

    Attributes:
        rewards: One reward for each architecture of the step; nan when the method has no rewards.
        entropy: Entropy of its policy after the step, in nats; nan when the method has no policy.
        diversity: Diversity of its population after the step; nan when the method has no population.
    """

    rewards: Sequence[float]
    entropy: float = np.nan
    diversity: float = np.nan


class Method(Protocol[A]):
    """One run of a search method, from its first proposal to its result.

    A method draws only from the generator that it was given, and its next proposal follows from this generator and
    from what it was told. Telling it the same values again therefore repeats a search exactly.

    Attributes:
        name: The name of the method on the command line and in tables.
    """

    name: str

    def ask(self) -> Sequence[A]:
        """Return the architectures of the next step."""
        ...

    def tell(self, fitness: Fitness) -> StepReport:
        """Learn from the values of what was asked last, shape (n_asked, n_objectives); larger is better."""
        ...

    def finished(self) -> str:
        """Return why the search ends here, or "" while it goes on."""
        ...

    def derive(self) -> A:
        """Return the result by the method's own rule; it can be asked for at any time and changes nothing."""
        ...


@dataclass
class Plateau:
    """The paper's stopping rule: watch a number and say when it has stopped falling (paper Table 1).

    The number is the entropy of a policy or the diversity of a population.

    Attributes:
        patience: Number of steps for which it may fail to fall; with None the plateau is never reached.
        tolerance: How far the number has to fall for the fall to count.
    """

    patience: int | None
    tolerance: float = 1e-3
    lowest: float = field(default=np.inf, init=False)
    since: int = field(default=0, init=False)

    def watch(self, value: float) -> None:
        """Take note of the value after a step."""
        if value < self.lowest - self.tolerance:
            self.lowest, self.since = value, 0
        else:
            self.since += 1

    @property
    def reached(self) -> bool:
        """Whether the value has not fallen for `patience` steps."""
        return self.patience is not None and self.since >= self.patience


def fitness_of(values: Sequence[Mapping[str, float]], objectives: Sequence[Objective]) -> Fitness:
    """Return the objectives' values with signs such that larger is better; values that are not finite become −∞.

    >>> fitness_of([{"kappa": 20.0, "regions": 90.0}], [Objective("kappa", False), Objective("regions", True)])
    array([[-20.,  90.]])

    Args:
        values: For each architecture a mapping from the names of objectives to values.
        objectives: The columns, in this order.
    """
    table = np.array([[row[o.name] for o in objectives] for row in values], float).reshape(-1, len(objectives))
    signed = table * [1.0 if o.higher_is_better else -1.0 for o in objectives]
    return np.where(np.isfinite(table), signed, -np.inf)


def rank_sums(table: ArrayLike, *, ties: Ties = "best") -> NDArray[np.float64]:
    """Return for each row the sum of its ranks over the columns, where rank 0 is the best; the smallest sum wins.

    The rank of a is the number of b that are better than a. Equal values thus share the best of their ranks, which
    is the rule of the released code; with ``ties="average"`` they share the mean of their ranks.

    Args:
        table: Fitness, shape (n, k).
        ties: "best" or "average".
    """
    return sum((_ranks(column, ties) for column in -np.asarray(table, float).T), start=np.zeros(len(table)))


def best_by_rank_sum(table: ArrayLike, *, ties: Ties = "best") -> int:
    """Return the number of the row with the smallest sum of ranks; among several it is the first.

    Source: paper Section 4.1.2 and its Algorithm 1.
    """
    return int(np.argmin(rank_sums(table, ties=ties)))


def _ranks(column: NDArray[np.float64], ties: Ties) -> NDArray[np.float64]:
    """Return ranks from 0 for the smallest; `scipy.stats.rankdata` does the same, but scipy is slow to import."""
    ascending = np.sort(column)
    n_smaller = np.searchsorted(ascending, column, side="left")
    n_equal = np.searchsorted(ascending, column, side="right") - n_smaller  # the entry itself included
    return n_smaller + {"best": 0.0, "average": 0.5}[ties] * (n_equal - 1)
