"""TE-NAS: from a supernet of everything, remove on every edge what is missed least, until an architecture is left.

With κ and R it is the method of Chen, Gong & Wang, Neural Architecture Search on ImageNet in Four GPU Hours (ICLR
2021), with MSE as well the "TE-NAS + TEG" of the paper (Section 5.3).
"""

from collections.abc import Sequence
from typing import Generic

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from tegnas_core.errors import TegnasError
from tegnas_core.search.method import A, Goodness, Told
from tegnas_core.spaces.base import SearchSpace
from tegnas_core.spaces.mixtures import Mixture, pruning_rules

Removal = tuple[int, int]  # edge and option


class TENAS(Generic[A]):
    """Prune a supernet by the relative change of its objectives when an operation is removed.

    A round evaluates the supernet and each supernet that lacks one operation of an edge with several. With g the
    goodness of an objective (−κ, R, −MSE), the loss by removing operation o from edge e is

        Δ(e, o) = (g_with − g_without(e, o)) / |g_with|,

    rounded to three decimals: it is −Δκ, ΔR and −ΔMSE of TE-NAS, negative where the objective improves. Every
    objective ranks all removals of the round from the smallest Δ, rounded to three significant digits, and equal
    ones share a rank (1, 2, 2, 3, …). On every edge the operations with the smallest sum of ranks go, never the
    last one. On DARTS a last round takes every edge with its one operation away, edge by edge, and each node keeps
    the two with the largest sums; a node with two edges has nothing to choose.

    The history's architectures are supernets (`Mixture`); ``entropy`` is the logarithm of how many architectures
    the supernet still holds, and the method stops when it has nothing to remove.

    Decisions where the sources leave open or disagree:

    - The released code subtracts, rounds and averages over repeats, in this order. Here objectives are averages
      already, unless ``repeats`` says that there is a column for each repeat.
    - It sorts by three significant digits but calls ranks tied when all digits agree; here the rounded tie.
    - It breaks ties of sums by the order of operations; here `rng` does.
    - A removal after which an objective fails (−∞) is missed most; when the supernet itself fails, a removal
      that mends it is missed least.

    Args:
        space: Its supernet is pruned (see `pruning_rules`).
        rng: Breaks ties of the sums, and nothing else.
        n_pruned: How many operations an edge loses a round; None takes the space's own number.
        repeats: The goodness has so many columns for each objective, side by side, one a repeat; changes are
            averaged over them.

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
        self.supernet, self.rng, self.repeats = pruning_rules(space), rng, repeats
        self.n_pruned = self.supernet.n_pruned if n_pruned is None else n_pruned
        self.mixture = self.supernet.start
        self.missed: dict[Removal, tuple[float, float]] = {}  # last sum of ranks, and a number that breaks ties

    def ask(self) -> list[Mixture]:
        """Return the supernet, and then every supernet without one operation (or, in the last round, one edge)."""
        return [self.mixture, *(self.mixture.without(*removal) for removal in self._removals())]

    def tell(self, goodness: Goodness) -> Told:
        """Remove on every edge (or, in the last round, at every node) what is missed least."""
        changes = relative_losses(goodness[0], goodness[1:])  # (n_removals, n_objectives · repeats)
        by_objective = changes.reshape(len(changes), -1, self.repeats)
        sums = dense_ranks(_mean(by_objective)).sum(1)
        ties = self.rng.random(len(sums))
        self.missed |= dict(zip(self._removals(), zip(sums.tolist(), ties.tolist(), strict=True), strict=True))
        self.mixture = self._pruned(self.mixture)
        return Told([np.nan] * len(goodness), entropy=self.mixture.entropy)

    def finished(self) -> str:
        """Stop when there is nothing left to remove."""
        return "" if self._removals() else "pruned to one architecture"

    def derive(self) -> A:
        """Return the architecture that is left; before the end, the one that the last sums of ranks leave."""
        mixture = self.mixture
        while self._choices(mixture):
            mixture = self._pruned(mixture)
        return self.supernet.compose(mixture)

    def _removals(self) -> list[Removal]:
        return [removal for group, _ in self._choices(self.mixture) for removal in group]

    def _choices(self, mixture: Mixture) -> list[tuple[list[Removal], int]]:
        """Return the groups of removals that are weighed against each other, and how many of each are made."""
        active = mixture.active
        if not mixture.is_single:
            edges = [[(edge, option) for option in options] for edge, options in enumerate(active)]
            return [(group, min(self.n_pruned, len(group) - 1)) for group in edges if len(group) > 1]
        nodes = [[(edge, active[edge][0]) for edge in edges if active[edge]] for edges in self.supernet.groups]
        return [(group, len(group) - self.supernet.kept) for group in nodes if len(group) > self.supernet.kept]

    def _pruned(self, mixture: Mixture) -> Mixture:
        for group, n_removed in self._choices(mixture):
            least_missed = sorted(group, key=lambda removal: self.missed.get(removal, (0.0, 0.0)))
            for removal in least_missed[:n_removed]:
                mixture = mixture.without(*removal)
        return mixture


def relative_losses(complete: Sequence[float], without: Goodness) -> NDArray[np.float64]:
    """Return (g_with − g_without) / |g_with|, rounded to three decimals; where g_with is 0, the difference.

    Args:
        complete: Goodness of the supernet, shape (k,).
        without: Goodness of the supernets that lack something, shape (n, k).

    Returns:
        Shape (n, k). +∞ where only the smaller supernet fails, −∞ where only the larger, 0 where both do.
    """
    complete = np.asarray(complete, float)
    with np.errstate(invalid="ignore"):  # a failed supernet gives ∞/∞, replaced below
        losses = (complete - without) / np.where(complete == 0, 1.0, np.abs(complete))
    mended = np.where(np.isfinite(without), -np.inf, 0.0)
    return np.round(np.where(np.isfinite(complete), losses, mended), 3)


def dense_ranks(losses: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the rank of every entry in its column, 1 for the smallest; equal ones share one and none is left out.

    Entries are compared by their first three significant digits.

    Args:
        losses: Shape (n, k).
    """
    digits = np.vectorize(lambda value: float(f"{value:.3g}"), otypes=[float])(losses)
    return stats.rankdata(digits, method="dense", axis=0).astype(np.int64)


def _mean(losses: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean over repeats, the last axis; 0 where one says never (+∞) and another at once (−∞)."""
    with np.errstate(invalid="ignore"):
        mean = losses.mean(-1)
    return np.where(np.isnan(mean), 0.0, mean)
