"""Regularised evolution: the best of a tournament has a child, and the oldest of the population dies.

Source: Real et al., Regularized Evolution for Image Classifier Architecture Search, AAAI 2019, Algorithm 1; paper
Section 4.1.2, which judges a tournament by the sum of ranks.
"""

from collections import deque
from typing import Generic

import numpy as np
from numpy.typing import NDArray

from tegnas_core.errors import TegnasError
from tegnas_core.search.method import Fitness, Plateau, StepReport, Ties, best_by_rank_sum
from tegnas_core.spaces.base import A, SearchSpace


class Evolution(Generic[A]):
    """Evolution by mutation alone, in which members of the population die of age.

    >>> from tegnas_core.search import Objective, search
    >>> from tegnas_core.spaces import Toy
    >>> rng = np.random.default_rng(0)
    >>> method = Evolution(Toy(8), rng=rng, n_steps=200, population_size=20, tournament_size=5)
    >>> str(search(method, lambda bits: {"ones": bits.ones}, [Objective("ones", True)]).derived)
    '11111111'

    Args:
        space: The space in which architectures are drawn and mutated.
        rng: The generator of all random numbers of the search.
        n_steps: Number of children, which are born after the first population.
        population_size: Number of members of the population; the paper takes 256.
        tournament_size: Number of members of a tournament; the paper takes 64.
        replacement: Whether a tournament is drawn with replacement, as by Real et al.; the released code draws
            without.
        ties: Which rank equal values share: the "best" of their ranks, as in the released code, or the "average".
        patience: Also stop when the diversity has not fallen for this many steps (paper Table 1); None never stops
            early.

    Raises:
        TegnasError: When the population has fewer than two members or fewer than a tournament needs.
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
        ties: Ties = "best",
        patience: int | None = None,
    ) -> None:
        if tournament_size < 1:
            raise TegnasError(f"a tournament has at least 1 member, got {tournament_size}")
        if population_size < max(2, tournament_size):
            raise TegnasError(
                f"a tournament of {tournament_size} needs a population of at least {max(2, tournament_size)}, "
                f"got {population_size}"
            )
        self.space, self.rng, self.n_steps = space, rng, n_steps
        self.population_size, self.tournament_size = population_size, tournament_size
        self.replacement, self.ties = replacement, ties
        self.plateau = Plateau(patience)
        self.population: deque[A] = deque()
        self.values: deque[np.ndarray] = deque()
        self.counts: NDArray[np.float64] | float = 0.0  # how many members have each entry of the encoding
        self.asked: list[A] = []
        self.n_children = 0

    def ask(self) -> list[A]:
        """Return the whole first population, and in later steps one child of a tournament's winner."""
        if not self.population:
            self.asked = [self.space.sample(self.rng) for _ in range(self.population_size)]
        else:
            self.asked = [self.space.mutate(self._winner(), self.rng)]
        return self.asked

    def tell(self, fitness: Fitness) -> StepReport:
        """Add the child to the population and remove the oldest member."""
        if self.population:
            self._leave()
            self.n_children += 1
        for architecture, values in zip(self.asked, fitness, strict=True):
            self._join(architecture, values)
        diversity = self.diversity()
        self.plateau.watch(diversity)
        return StepReport([np.nan] * len(self.asked), diversity=diversity)

    def finished(self) -> str:
        """Stop after `n_steps` children, or when the diversity has stopped falling."""
        if self.plateau.reached:
            return "diversity stopped falling"
        return "all steps taken" if self.population and self.n_children >= self.n_steps else ""

    def derive(self) -> A:
        """Return the best of the current population, by the sum of ranks in it."""
        return self.population[best_by_rank_sum(self.values, ties=self.ties)]

    def diversity(self) -> float:
        """Return the number of decisions in which two members of the population differ on average.

        For one-hot encodings e this is the mean of ½ ‖e_i − e_j‖² over pairs i ≠ j. When c of the n members have
        an entry of the encoding, it is Σ c (n − c) / (n (n − 1)) over all entries.
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
