"""What a landscape looks like to a step that changes one edge: optima, their basins, and the way to the best.

Architectures that compute the same function have the same indicators, so a step may change nothing. A *plateau* is
all that can be reached from an architecture by such steps; it counts once, and it is walked across for nothing.
Sources: Stadler, Fitness landscapes, 2002; Jones & Forrest, Fitness distance correlation, ICGA 1995.
"""

import itertools
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tegnas_core.errors import TegnasError

SHAPE = (5,) * 6  # operations on each edge of NAS-Bench-201


@cache
def neighbours(shape: tuple[int, ...] = SHAPE) -> NDArray[np.int64]:
    """Return the architectures that differ in one decision, shape (n, Σ (options − 1)).

    An architecture is its number when all are written out, the last decision varying fastest.

    Args:
        shape: Number of options of each decision.
    """
    codes = np.indices(shape).reshape(len(shape), -1)  # (decisions, n)
    columns = []
    for decision, options in enumerate(shape):
        for shift in range(1, options):
            moved = codes.copy()
            moved[decision] = (moved[decision] + shift) % options
            columns.append(np.ravel_multi_index(tuple(moved), shape))
    return np.stack(columns, axis=1)


def distances_to(targets: ArrayLike, shape: tuple[int, ...] = SHAPE) -> NDArray[np.int64]:
    """Return how many decisions each architecture is away from the nearest of some, shape (n,).

    Args:
        targets: Their numbers, at least one.
        shape: Number of options of each decision.
    """
    codes = np.indices(shape).reshape(len(shape), -1).T
    goals = codes[np.unique(np.asarray(targets))]
    return np.min([(codes != goal).sum(1) for goal in goals], axis=0)


@dataclass(frozen=True)
class Landscape:
    """A fitness over all architectures, seen by steepest ascent.

    Attributes:
        fitness: Shape (n,), larger is better.
        plateau: Number of the plateau of each architecture, shape (n,).
        top: The plateau where steepest ascent from each architecture ends, shape (n,).
    """

    fitness: NDArray[np.float64]
    plateau: NDArray[np.int64]
    top: NDArray[np.int64]

    @property
    def optima(self) -> NDArray[np.int64]:
        """Return the plateaus from which no step leads up, without the one where everything has failed."""
        ends = np.unique(self.top)
        return ends[np.isfinite(self._height()[ends])]

    @property
    def basins(self) -> pd.Series:
        """Return from how many architectures the ascent ends on each optimum, the largest first, by plateau."""
        sizes = np.bincount(self.top, minlength=self.plateau.max() + 1)
        return pd.Series(sizes[self.optima], index=self.optima).sort_values(ascending=False, kind="stable")

    @property
    def global_basin(self) -> float:
        """Return the share of all architectures from which the ascent ends on the best of all."""
        best = np.unique(self.plateau[self.fitness == self.fitness.max()])
        return float(np.isin(self.top, best).mean())

    def reached(self, good: ArrayLike) -> float:
        """Return the share of starts whose ascent ends on a good architecture, any of the end's plateau alike.

        Args:
            good: Which architectures are, shape (n,), bool.
        """
        return self.mean_at_end(good)

    @property
    def is_optimum(self) -> NDArray[np.bool_]:
        """Say of each architecture whether it lies on an optimum, shape (n,)."""
        return np.isin(self.plateau, self.optima)

    def mean_at_end(self, values: ArrayLike) -> float:
        """Return the mean of other values where the ascents end, over all starts; a plateau's members count alike.

        Args:
            values: One value for every architecture, shape (n,), such as an accuracy.
        """
        means = np.bincount(self.plateau, weights=np.asarray(values, float)) / np.bincount(self.plateau)
        return float(means[self.top].mean())

    def _height(self) -> NDArray[np.float64]:
        height = np.full(self.plateau.max() + 1, -np.inf)
        np.maximum.at(height, self.plateau, self.fitness)
        return height


def landscape(fitness: ArrayLike, shape: tuple[int, ...] = SHAPE) -> Landscape:
    """Return plateaus and ends of steepest ascent of a fitness.

    From a plateau the ascent goes to the best neighbour of all its members, until none is better.

    Args:
        fitness: Fitness of every architecture, shape (n,); larger is better, and −∞ is a failure.
        shape: Number of options of each decision.

    Raises:
        TegnasError: When there are not as many values as architectures, or one is nan.
    """
    values, near = np.asarray(fitness, float), neighbours(shape)
    if values.shape != (len(near),) or np.isnan(values).any():
        raise TegnasError(f"a landscape of {len(near):,} architectures needs as many numbers, none of them nan")
    plateau = _plateaus(values, near)
    best = near[np.arange(len(near)), values[near].argmax(1)]  # best neighbour of every architecture
    order = np.lexsort((np.arange(len(values)), -values[best], plateau))
    exit_of = order[np.unique(plateau[order], return_index=True)[1]]  # the member with the best way up
    up = np.where(values[best[exit_of]] > values[exit_of], plateau[best[exit_of]], np.arange(len(exit_of)))
    while not np.array_equal(up, up[up]):  # follow the ways to their ends, twice as far each time
        up = up[up]
    return Landscape(values, plateau, up[plateau])


def _plateaus(values: NDArray[np.float64], near: NDArray[np.int64]) -> NDArray[np.int64]:
    first, which = np.nonzero(values[near] == values[:, None])
    links = coo_array((np.ones(len(first)), (first, near[first, which])), shape=(len(values),) * 2)
    return connected_components(links, directed=False)[1].astype(np.int64)


def fitness_distance(fitness: ArrayLike, goals: ArrayLike, shape: tuple[int, ...] = SHAPE) -> float:
    """Return the rank correlation of fitness with the distance to the nearest goal: −1 leads straight to it.

    Args:
        fitness: Fitness of every architecture, shape (n,); larger is better.
        goals: Numbers of the architectures that are sought.
        shape: Number of options of each decision.
    """
    order = stats.rankdata(np.asarray(fitness, float), method="dense")  # −∞ for all failures alike
    return float(stats.spearmanr(order, distances_to(goals, shape)).statistic)


def landscape_row(fitness: ArrayLike, accuracy: ArrayLike, *, share: float = 0.01) -> dict[str, float]:
    """Return what one landscape is like, in numbers.

    Args:
        fitness: Fitness of every architecture of NAS-Bench-201; larger is better.
        accuracy: Accuracy of every architecture.
        share: What counts as the top in accuracy.

    Returns:
        optima (how many), largest_basin and global_basin (shares of the space), to_best and to_most_accurate
        (`fitness_distance` to its own best and to the most accurate), and reached (`Landscape.reached` of the top
        share in accuracy).
    """
    found, values = landscape(fitness), np.asarray(fitness, float)
    known = np.asarray(accuracy, float)
    good = known >= np.sort(known)[-max(1, round(share * len(known)))]
    return {
        "optima": len(found.optima),
        "largest_basin": float(found.basins.iloc[0] / len(values)),
        "global_basin": found.global_basin,
        "to_best": fitness_distance(values, np.flatnonzero(values == values.max())),
        "to_most_accurate": fitness_distance(values, np.flatnonzero(known == known.max())),
        "reached": found.reached(good),
    }


def subsets(n: int, size: int, *, most: int, rng: np.random.Generator) -> list[tuple[int, ...]]:
    """Return different sets of so many of n draws: all of them, or a random choice if they are more than `most`.

    Args:
        n: How many draws there are.
        size: Number of members of a set.
        most: How many sets at most.
        rng: Chooses.
    """
    every = list(itertools.combinations(range(n), size))
    if len(every) <= most:
        return every
    return [every[i] for i in np.sort(rng.choice(len(every), most, replace=False))]
