"""TE-NAS: prune a supernet of all operations, on every edge what is missed least, until one architecture is left.

With κ and R it is the method of Chen, Gong & Wang, Neural Architecture Search on ImageNet in Four GPU Hours (ICLR
2021). With MSE as well it is the "TE-NAS + TEG" of the paper (Section 5.3).
"""

from collections.abc import Sequence
from typing import Generic

import numpy as np
from numpy.typing import NDArray

from tegnas_core.errors import TegnasError
from tegnas_core.search.method import Fitness, StepReport
from tegnas_core.spaces.base import A, SearchSpace
from tegnas_core.spaces.mixtures import Mixture, pruning_rules

Removal = tuple[int, int]  # edge and option


class TENAS(Generic[A]):
    """Prune a supernet by the relative change of its objectives when an operation is removed.

    A round evaluates the supernet, and the supernets that lack one operation on one edge that has several. With g
    the fitness of an objective (−κ, R, −MSE), the loss by removing operation o from edge e is

        Δ(e, o) = (g_with − g_without(e, o)) / |g_with|,

    rounded to three decimals. It is −Δκ, ΔR and −ΔMSE of TE-NAS, and negative where the objective improves. Every
    objective ranks all removals of the round from the smallest Δ, rounded to three significant digits, and equal
    ones share a rank (1, 2, 2, 3, …). On every edge the operations with the smallest sum of ranks are removed,
    though never the last one. On DARTS a last round removes whole edges, each with its one operation, and each
    node keeps the two edges with the largest sums; a node with two edges has nothing to choose.

    The architectures of the history are supernets (`Mixture`). Its ``entropy`` is the logarithm of how many
    architectures the supernet still holds. The method stops when there is nothing left to remove.

    >>> from tegnas_core.search import Objective, search
    >>> from tegnas_core.spaces import Toy
    >>> method = TENAS(Toy(4), rng=np.random.default_rng(0))
    >>> def mean_ones(mixture):
    ...     return {"ones": sum(np.mean(options) for options in mixture.active)}
    >>> history = search(method, mean_ones, [Objective("ones", True)])
    >>> [str(visit.architecture) for visit in history.visits[:3]], str(history.derived)
    (['0+1|0+1|0+1|0+1', '1|0+1|0+1|0+1', '0|0+1|0+1|0+1'], '1111')

    Decisions where the sources disagree or leave something open:

    - The released code subtracts, rounds and averages over repeats, in this order. Here objectives are averages
      already, unless ``repeats`` says that there is a column for each repeat.
    - It sorts by three significant digits, but calls ranks tied only when all digits agree. Here ranks are tied
      when the rounded values agree.
    - It breaks ties of sums by the order of operations. Here `rng` breaks them.
    - A removal after which an objective fails (−∞) is missed most. When the supernet itself fails, a removal that
      mends it is missed least.

    Args:
        space: The space whose supernet is pruned (see `pruning_rules`).
        rng: Breaks ties of the sums; nothing else is random.
        n_pruned: How many operations each edge loses in a round; None takes the space's own number.
        repeats: How many columns of the fitness belong to each objective, side by side, one for each repeat;
            changes are averaged over them.

    Raises:
        TegnasError: When n_pruned or repeats is not positive.
    """

    name = "te-nas"

    def __init__(
        self,
        space: SearchSpace[A],
        *,
        rng: np.random.Generator,
        n_pruned: int | None = None,
        repeats: int = 1,
    ) -> None:
        if min(repeats, 1 if n_pruned is None else n_pruned) < 1:
            raise TegnasError(
                f"pruning removes at least 1 operation by 1 repeat, got n_pruned={n_pruned}, repeats={repeats}"
            )
        self.rules, self.rng, self.repeats = pruning_rules(space), rng, repeats
        self.n_pruned = self.rules.n_pruned if n_pruned is None else n_pruned
        self.mixture = self.rules.start
        self.missed: dict[Removal, tuple[float, float]] = {}  # last sum of ranks, random tie-breaker

    def ask(self) -> list[Mixture]:
        """Return the supernet, and each that lacks one operation (or one edge, in the last round of DARTS)."""
        return [self.mixture, *(self.mixture.without(*removal) for removal in self._removals())]

    def tell(self, fitness: Fitness) -> StepReport:
        """Remove what is missed least on every edge (in the last round of DARTS, at every node)."""
        changes = relative_losses(fitness[0], fitness[1:])  # (n_removals, n_objectives · repeats)
        by_objective = changes.reshape(len(changes), -1, self.repeats)
        sums = dense_ranks(_mean(by_objective)).sum(1)
        ties = self.rng.random(len(sums))
        self.missed |= dict(zip(self._removals(), zip(sums.tolist(), ties.tolist(), strict=True), strict=True))
        self.mixture = self._pruned(self.mixture)
        return StepReport([np.nan] * len(fitness), entropy=self.mixture.entropy)

    def finished(self) -> str:
        """Stop when there is nothing left to remove."""
        return "" if self._removals() else "pruned to one architecture"

    def derive(self) -> A:
        """Return the architecture that is left or, before the end, that the last sums of ranks would leave."""
        mixture = self.mixture
        while self._choices(mixture):
            mixture = self._pruned(mixture)
        return self.rules.compose(mixture)

    def _removals(self) -> list[Removal]:
        return [removal for group, _ in self._choices(self.mixture) for removal in group]

    def _choices(self, mixture: Mixture) -> list[tuple[list[Removal], int]]:
        """Return the groups of removals that compete with each other, and how many of each group are made."""
        active = mixture.active
        if not mixture.is_single:
            edges = [[(edge, option) for option in options] for edge, options in enumerate(active)]
            return [(group, min(self.n_pruned, len(group) - 1)) for group in edges if len(group) > 1]
        nodes = [[(edge, active[edge][0]) for edge in edges if active[edge]] for edges in self.rules.groups]
        return [(group, len(group) - self.rules.kept) for group in nodes if len(group) > self.rules.kept]

    def _pruned(self, mixture: Mixture) -> Mixture:
        for group, n_removed in self._choices(mixture):
            least_missed = sorted(group, key=lambda removal: self.missed.get(removal, (0.0, 0.0)))
            for removal in least_missed[:n_removed]:
                mixture = mixture.without(*removal)
        return mixture


def relative_losses(complete: Sequence[float], without: Fitness) -> NDArray[np.float64]:
    """Return (g_with − g_without) / |g_with|, rounded to three decimals; where g_with is 0, only the difference.

    Args:
        complete: Fitness of the supernet, shape (k,).
        without: Fitness of the supernets that lack something, shape (n, k).

    Returns:
        Losses, shape (n, k): +∞ where only the smaller supernet fails, −∞ where only the larger one fails, and 0
        where both fail.
    """
    complete = np.asarray(complete, float)
    with np.errstate(invalid="ignore"):  # a failed supernet gives ∞/∞, replaced below
        losses = (complete - without) / np.where(complete == 0, 1.0, np.abs(complete))
    mended = np.where(np.isfinite(without), -np.inf, 0.0)
    return np.round(np.where(np.isfinite(complete), losses, mended), 3)


def dense_ranks(losses: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the rank of every entry in its column, from 1 for the smallest.

    Equal entries share a rank and no rank is left out. Entries are compared by their first three significant
    digits.

    Args:
        losses: Losses of n removals by k objectives, shape (n, k).
    """
    digits = np.vectorize(lambda value: float(f"{value:.3g}"), otypes=[float])(losses)
    return np.stack([np.unique(column, return_inverse=True)[1] + 1 for column in digits.T], axis=1)


def _mean(losses: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean over repeats, the last axis; it is 0 where one says never (+∞) and another at once (−∞)."""
    with np.errstate(invalid="ignore"):
        mean = losses.mean(-1)
    return np.where(np.isnan(mean), 0.0, mean)
