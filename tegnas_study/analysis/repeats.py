"""How far does the draw of the weights move a result? The same analysis of single repeats and of mixed ones."""

from typing import Literal

import numpy as np
import pandas as pd

from tegnas_study.analysis.subsets import oriented, subset
from tegnas_study.tables.bootstrap import Bootstrap, drawn_repeats
from tegnas_study.tables.ranking import TEG, kendall_tau
from tegnas_study.tables.repeats import of_repeat

INDICATORS = (*TEG, "rank_sum")
ENOUGH = 0.5  # a repeat takes part when at least this share of what was evaluated has it


def usable_repeats(rows: pd.DataFrame) -> int:
    """Return how many leading repeats are there for at least half of what was evaluated.

    Args:
        rows: The table that `atlases.atlas_repeats` returns.
    """
    counts, everything, number = rows.groupby("repeat").size(), rows["architecture"].nunique(), 0
    while counts.get(number, 0) >= ENOUGH * everything and everything:
        number += 1
    return number


def agreement_of_each(table: pd.DataFrame, rows: pd.DataFrame, accuracy: str = "test_accuracy") -> pd.DataFrame:
    """Return the agreement with accuracy of each usable repeat alone.

    Returns:
        Columns repeat, predictor, tau; τ of indicators turned so that larger is better.
    """
    found = []
    for repeat in range(usable_repeats(rows)):
        alone = subset(of_repeat(table, rows, repeat), "all", accuracy)
        for name in INDICATORS:
            found.append((repeat, name, kendall_tau(oriented(alone, name), alone[accuracy]).tau))
    return pd.DataFrame(found, columns=["repeat", "predictor", "tau"])


def agreement_between(table: pd.DataFrame, rows: pd.DataFrame, accuracy: str = "test_accuracy") -> pd.DataFrame:
    """Return how far two repeats agree with each other, for every pair of usable repeats.

    Returns:
        Columns first, second, predictor, tau; over connected architectures, which nothing but noise can reorder.
    """
    found, n_repeats = [], usable_repeats(rows)
    alone = [subset(of_repeat(table, rows, r), "connected", accuracy) for r in range(n_repeats)]
    for first in range(n_repeats):
        for second in range(first + 1, n_repeats):
            both = alone[first].index.intersection(alone[second].index)
            for name in INDICATORS:
                x, y = (oriented(alone[r].loc[both], name) for r in (first, second))
                found.append((first, second, name, kendall_tau(x, y).tau))
    return pd.DataFrame(found, columns=["first", "second", "predictor", "tau"])


def resampled_repeats(
    table: pd.DataFrame,
    rows: pd.DataFrame,
    accuracy: str = "test_accuracy",
    *,
    average: Literal["geometric", "arithmetic"],
    seed: int,
    n_draws: int,
) -> Bootstrap | None:
    """Return the agreement with accuracy when repeats are drawn anew, the architectures being these.

    For every class as many repeats as there are, r, are drawn from them with replacement and averaged. The
    intervals err on two sides: the spread is too small by the factor √((r − 1)/r), and drawing one repeat twice
    leaves more noise in an average, which pulls the middle towards 0.

    Args:
        table: The table that `atlases.atlas` returns, with the accuracy.
        rows: The table that `atlases.atlas_repeats` returns.
        accuracy: The column of accuracies, in percent.
        average: How repeats of κ are averaged.
        seed: Seed of the random draws.
        n_draws: Number of draws.

    Returns:
        A statistic for each indicator and the sum of ranks; None when there are fewer than two usable repeats.
    """
    n_repeats = usable_repeats(rows)
    if n_repeats < 2:
        return None
    matrices = {name: _complete_matrix(rows, name, n_repeats) for name in TEG}
    names = matrices[TEG[0]].index
    there = table[table["representative"].isin(names)]

    def taus_of(chosen: np.ndarray) -> dict[str, float]:
        means = {
            k: _mean(m.to_numpy(), chosen, average if k == TEG[0] else "arithmetic") for k, m in matrices.items()
        }
        averaged = pd.DataFrame(means, index=names)
        drawn = there.assign(**{name: there["representative"].map(averaged[name]) for name in TEG})
        drawn = subset(drawn, "all", accuracy)
        return {name: kendall_tau(oriented(drawn, name), drawn[accuracy]).tau for name in INDICATORS}

    every = np.tile(np.arange(n_repeats), (len(names), 1))
    draws = [taus_of(chosen) for chosen in drawn_repeats(every.shape, seed=seed, n_draws=n_draws)]
    return Bootstrap(pd.Series(taus_of(every)), pd.DataFrame(draws))


def _complete_matrix(rows: pd.DataFrame, name: str, n_repeats: int) -> pd.DataFrame:
    """Return an indicator with a class in each row and a repeat in each column, of the classes that have all."""
    matrix = rows[rows["repeat"] < n_repeats].pivot(index="architecture", columns="repeat", values=name)
    counts = rows[rows["repeat"] < n_repeats].groupby("architecture").size()
    return matrix[counts.reindex(matrix.index) == n_repeats]


def _mean(values: np.ndarray, chosen: np.ndarray, average: str) -> np.ndarray:
    taken = np.take_along_axis(values, chosen, 1)
    return np.exp(np.log(taken).mean(1)) if average == "geometric" else taken.mean(1)
