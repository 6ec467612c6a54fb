"""Local search: the plainest guided method, and a strong control on small spaces.

Source: White et al., Exploring the Loss Landscape in Neural Architecture Search, UAI 2021.
"""

from typing import Generic

import numpy as np

from tegnas_core.errors import TegnasError
from tegnas_core.search.method import Fitness, StepReport, best_by_rank_sum
from tegnas_core.spaces.base import A, SearchSpace


class LocalSearch(Generic[A]):
    """Try the neighbours of the current architecture in random order, and move to the first that is better.

    When no neighbour is better, the search starts again from a random architecture. Of two architectures the one
    with the smaller sum of ranks is better; the result is the one with the smallest sum of ranks over all.

    >>> from tegnas_core.search import Objective, search
    >>> from tegnas_core.spaces import Toy
    >>> method = LocalSearch(Toy(8), rng=np.random.default_rng(0), n_steps=50)
    >>> str(search(method, lambda bits: {"ones": bits.ones}, [Objective("ones", True)]).derived)
    '11111111'

    Args:
        space: The space in which architectures have neighbours.
        rng: The generator of all random numbers of the search.
        n_steps: Number of steps, each of which evaluates one architecture.
    """

    name = "local"

    def __init__(self, space: SearchSpace[A], *, rng: np.random.Generator, n_steps: int = 500) -> None:
        if n_steps < 1:
            raise TegnasError(f"a search takes at least 1 step, got {n_steps}")
        self.space, self.rng, self.n_steps = space, rng, n_steps
        self.visited: list[A] = []
        self.values: list[np.ndarray] = []
        self.here: int | None = None  # number of the visit whose neighbours are tried
        self.waiting: list[A] = []

    def ask(self) -> list[A]:
        """Return the next neighbour, or a random architecture to start again from."""
        if self.here is not None and not self.waiting:
            self.here = None  # all neighbours are worse: a local optimum
        self.visited.append(self.space.sample(self.rng) if self.here is None else self.waiting.pop())
        return self.visited[-1:]

    def tell(self, fitness: Fitness) -> StepReport:
        """Move to the neighbour when it is better."""
        self.values.extend(fitness)
        new = len(self.values) - 1
        if self.here is None or best_by_rank_sum([self.values[self.here], self.values[new]]) == 1:
            self.here = new
            neighbours = self.space.neighbours(self.visited[new])
            self.waiting = [neighbours[i] for i in self.rng.permutation(len(neighbours))]
        return StepReport([np.nan])

    def finished(self) -> str:
        """Stop after `n_steps`."""
        return "all steps taken" if len(self.values) >= self.n_steps else ""

    def derive(self) -> A:
        """Return the best architecture that was visited, by the sum of ranks over all."""
        return self.visited[best_by_rank_sum(self.values)]
