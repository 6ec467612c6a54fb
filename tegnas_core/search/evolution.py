"""Regularised evolution: the youngest survive, and the best of a tournament has a child.

Source: Real et al., Regularized Evolution for Image Classifier Architecture Search, AAAI 2019, Algorithm 1; paper
Section 4.1.2, which judges a tournament by the sum of ranks.
"""

from collections import deque
from typing import Generic, Literal

import numpy as np
from numpy.typing import NDArray

from tegnas_core.errors import TegnasError
from tegnas_core.search.method import A, Goodness, Told, best_by_rank_sum
from tegnas_core.search.plateau import Plateau
from tegnas_core.spaces.base import SearchSpace


class Evolution(Generic[A]):
    """Ageing evolution.

    Args:
        space: Where architectures are drawn and mutated.
        rng: Everything random follows from it.
        n_steps: Number of children, after the first population.
        population_size: The paper's is 256.
        tournament_size: The paper's is 64.
        replacement: Draw the tournament with replacement, as Real et al. do; the released code does not.
        ties: How equal values rank, "best" (released) or "average".
        patience: Also stop when the diversity has not fallen for so many steps (paper Table 1); None never does.
    """

    name = "evolution"

    def __init__(
        self,
        space: SearchSpace[A],
        *,
        rng: np.random.Generator,
        n_steps: int = 1000,
        population_size: int = 256,
        tournament_size: int = 64,
        replacement: bool = False,
        ties: Literal["best", "average"] = "best",
        patience: int | None = None,
    ) -> None:
        if population_size < 2 or not 1 <= tournament_size <= population_size:
            raise TegnasError(
                f"a tournament of {tournament_size} needs a population at least as large, and of 2, "
                f"got {population_size}"
            )
        self.space, self.rng, self.n_steps = space, rng, n_steps
        self.population_size, self.tournament_size = population_size, tournament_size
        self.replacement, self.ties = replacement, ties
        self.plateau = Plateau(patience)
        self.population: deque[A] = deque()
        self.values: deque[np.ndarray] = deque()
        self.counts: NDArray[np.float64] | float = 0.0  # of each entry of the encodings, over the population
        self.asked: list[A] = []
        self.n_children = 0

    def ask(self) -> list[A]:
        """Return the first population, all at once; afterwards one child of a tournament's winner."""
        if not self.population:
            self.asked = [self.space.sample(self.rng) for _ in range(self.population_size)]
        else:
            self.asked = [self.space.mutate(self._winner(), self.rng)]
        return self.asked

    def tell(self, goodness: Goodness) -> Told:
        """Let the child live, and the oldest die."""
        if self.population:
            self._leave()
            self.n_children += 1
        for architecture, values in zip(self.asked, goodness, strict=True):
            self._join(architecture, values)
        diversity = self.diversity()
        self.plateau.watch(diversity)
        return Told([np.nan] * len(self.asked), diversity=diversity)

    def finished(self) -> str:
        """Stop after `n_steps` children, or when the diversity stays."""
        if self.plateau.reached:
            return "diversity stopped falling"
        return "all steps taken" if self.population and self.n_children >= self.n_steps else ""

    def derive(self) -> A:
        """Return the best of the last population, by the sum of ranks in it."""
        return self.population[best_by_rank_sum(self.values, ties=self.ties)]

    def diversity(self) -> float:
        """Return the mean over pairs of the population of the number of decisions in which they differ.

        For one-hot encodings e it is the mean of ½ ‖e_i − e_j‖² over i ≠ j: with c of n members having an entry,
        Σ c (n − c) / (n (n − 1)).
        """
        n = len(self.population)
        return float((self.counts * (n - self.counts)).sum() / (n * (n - 1)))

    def _winner(self) -> A:
        chosen = self.rng.choice(len(self.population), self.tournament_size, replace=self.replacement)
        return self.population[chosen[best_by_rank_sum([self.values[i] for i in chosen], ties=self.ties)]]

    def _join(self, architecture: A, values: np.ndarray) -> None:
        self.population.append(architecture)
        self.values.append(values)
        self.counts = self.counts + self.space.encode(architecture)

    def _leave(self) -> None:
        self.counts = self.counts - self.space.encode(self.population.popleft())
        self.values.popleft()
