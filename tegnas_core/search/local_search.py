"""Local search: the plainest guided method, and a strong control on small spaces.

Source: White et al., Exploring the Loss Landscape in Neural Architecture Search, UAI 2021.
"""

from typing import Generic

import numpy as np

from tegnas_core.errors import TegnasError
from tegnas_core.search.method import A, Goodness, Told, best_by_rank_sum
from tegnas_core.spaces.base import SearchSpace


class LocalSearch(Generic[A]):
    """Look at the neighbours of the best in random order, move to the first that is better, restart when none is.

    Better is the smaller sum of ranks of the two, and among all local optima that of all of them.

    Args:
        space: Its `neighbours` are looked at.
        rng: Everything random follows from it.
        n_steps: Number of evaluations, one a step.
    """

    name = "local"

    def __init__(self, space: SearchSpace[A], *, rng: np.random.Generator, n_steps: int = 500) -> None:
        if n_steps < 1:
            raise TegnasError(f"a search takes at least 1 step, got {n_steps}")
        self.space, self.rng, self.n_steps = space, rng, n_steps
        self.visited: list[A] = []
        self.values: list[np.ndarray] = []
        self.here: int | None = None  # number of the visit from which neighbours are looked at
        self.waiting: list[A] = []

    def ask(self) -> list[A]:
        """Return the next neighbour, or a new start."""
        if self.here is not None and not self.waiting:
            self.here = None  # all neighbours are worse: a local optimum
        self.visited.append(self.space.sample(self.rng) if self.here is None else self.waiting.pop())
        return self.visited[-1:]

    def tell(self, goodness: Goodness) -> Told:
        """Move when the neighbour is better."""
        self.values.extend(goodness)
        new = len(self.values) - 1
        if self.here is None or best_by_rank_sum([self.values[self.here], self.values[new]]) == 1:
            self.here = new
            neighbours = self.space.neighbours(self.visited[new])
            self.waiting = [neighbours[i] for i in self.rng.permutation(len(neighbours))]
        return Told([np.nan])

    def finished(self) -> str:
        """Stop after `n_steps`."""
        return "all steps taken" if len(self.values) >= self.n_steps else ""

    def derive(self) -> A:
        """Return the best visited, by the sum of ranks over all."""
        return self.visited[best_by_rank_sum(self.values)]
