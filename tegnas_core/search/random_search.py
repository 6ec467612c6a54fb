"""Random search: the control that shows what a search method is worth."""

from typing import Generic

import numpy as np

from tegnas_core.errors import TegnasError
from tegnas_core.search.method import Fitness, StepReport, best_by_rank_sum
from tegnas_core.spaces.base import A, SearchSpace


class RandomSearch(Generic[A]):
    """Draw architectures uniformly and independently; the result is the best by the sum of ranks over all.

    With the indicator ``naswot`` and 25 architectures this is the search of Mellor et al. (ICML 2021).

    >>> from tegnas_core.search import Objective, search
    >>> from tegnas_core.spaces import Toy
    >>> method = RandomSearch(Toy(12), rng=np.random.default_rng(0), n_steps=20)
    >>> search(method, lambda bits: {"ones": bits.ones}, [Objective("ones", True)]).derived.ones
    10

    Args:
        space: The space from which architectures are drawn.
        rng: The generator of all random numbers of the search.
        n_steps: Number of steps, each of which draws one architecture.
    """

    name = "random"

    def __init__(self, space: SearchSpace[A], *, rng: np.random.Generator, n_steps: int = 500) -> None:
        if n_steps < 1:
            raise TegnasError(f"a search takes at least 1 step, got {n_steps}")
        self.space, self.rng, self.n_steps = space, rng, n_steps
        self.drawn: list[A] = []
        self.values: list[np.ndarray] = []

    def ask(self) -> list[A]:
        """Draw one architecture."""
        self.drawn.append(self.space.sample(self.rng))
        return self.drawn[-1:]

    def tell(self, fitness: Fitness) -> StepReport:
        """Remember the values of the architecture."""
        self.values.extend(fitness)
        return StepReport([np.nan])

    def finished(self) -> str:
        """Stop after `n_steps`."""
        return "all steps taken" if len(self.values) >= self.n_steps else ""

    def derive(self) -> A:
        """Return the best architecture that was drawn, by the sum of ranks over all."""
        return self.drawn[best_by_rank_sum(self.values)]
