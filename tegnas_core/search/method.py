"""What every search method promises: it asks for values of some architectures, and is told them.

A method never sees what it optimises: it is told numbers, one column an objective, larger always better. Whether
they are indicators of networks, looked-up accuracies or the ones of a bit string is the caller's affair.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from tegnas_core.search.objective import Objective as Objective
from tegnas_core.spaces.base import A as A

Goodness = NDArray[np.float64]  # (n, k): n architectures, k objectives, larger is better, −∞ for a failure


class Told(NamedTuple):
    """What a method says of a step.

    Attributes:
        rewards: One for each architecture of the step; nan where the method knows no rewards.
        entropy: Of its policy in nats, after the step; nan without a policy.
        diversity: Of its population, after the step; nan without a population.
    """

    rewards: Sequence[float]
    entropy: float = np.nan
    diversity: float = np.nan


class Method(Protocol[A]):
    """One run of a search method, from its first proposal to its result.

    A method draws from the generator that it was given and from nothing else, and its next proposal follows from
    this and from what it was told: telling the same values again repeats a search exactly.

    Attributes:
        name: The name used on the command line and in tables.
    """

    name: str

    def ask(self) -> Sequence[A]:
        """Return the architectures of the next step."""
        ...

    def tell(self, goodness: Goodness) -> Told:
        """Learn from the values of what was asked last, shape (n_asked, n_objectives), larger is better."""
        ...

    def finished(self) -> str:
        """Return why the search ends here, or "" while it goes on."""
        ...

    def derive(self) -> A:
        """Return the result by the method's own rule; asked for at any time, it changes nothing."""
        ...


def goodness(values: Sequence[Mapping[str, float]], objectives: Sequence[Objective]) -> Goodness:
    """Return the objectives' values with signs such that larger is better; what is not finite becomes −∞.

    Args:
        values: One mapping from objective to value for each architecture.
        objectives: The columns.
    """
    table = np.array([[row[o.name] for o in objectives] for row in values], float).reshape(-1, len(objectives))
    signed = table * [1.0 if o.higher_is_better else -1.0 for o in objectives]
    return np.where(np.isfinite(table), signed, -np.inf)


def rank_sums(table: ArrayLike, *, ties: str = "best") -> NDArray[np.float64]:
    """Return for each row the sum over columns of its rank, 0 for the best; the smallest sum wins.

    rank(a) = #{b better than a}, so that equal values share the best rank (the released code's rule); with
    ``ties="average"`` they share the mean of their ranks.

    Args:
        table: Goodness, shape (n, k).
        ties: "best" or "average".
    """
    ranks = stats.rankdata(-np.asarray(table, float), method={"best": "min", "average": "average"}[ties], axis=0)
    return (ranks - 1.0).sum(1)


def best_by_rank_sum(table: ArrayLike, *, ties: str = "best") -> int:
    """Return the row with the smallest sum of ranks, the first of several.

    Source: paper Section 4.1.2 and its Algorithm 1.
    """
    return int(np.argmin(rank_sums(table, ties=ties)))
