"""Random search: the control that shows what a search method is worth."""

from typing import Generic

import numpy as np

from tegnas_core.errors import TegnasError
from tegnas_core.search.method import A, Goodness, Told, best_by_rank_sum
from tegnas_core.spaces.base import SearchSpace


class RandomSearch(Generic[A]):
    """Draw architectures uniformly and independently; the result is the best by the sum of ranks over all.

    With the indicator ``naswot`` and 25 architectures it is the search of Mellor et al. (ICML 2021).

    Args:
        space: Where architectures are drawn from.
        rng: Everything random follows from it.
        n_steps: How many architectures are drawn, one a step.
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

    def tell(self, goodness: Goodness) -> Told:
        """Remember its values."""
        self.values.extend(goodness)
        return Told([np.nan])

    def finished(self) -> str:
        """Stop after `n_steps`."""
        return "all steps taken" if len(self.values) >= self.n_steps else ""

    def derive(self) -> A:
        """Return the best drawn, by the sum of ranks."""
        return self.drawn[best_by_rank_sum(self.values)]
