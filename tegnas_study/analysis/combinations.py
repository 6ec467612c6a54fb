"""How good are indicators together? Combinations, chosen in one half of the classes and reported in the other.

The protocol was written down before any combination was looked at; it is in `book/conventions.md`, section
"Combinations of indicators: the protocol", and this file does what it says.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.across_draws import draw_tables
from tegnas_study.analysis.rivals import BENCHMARK_TABLE
from tegnas_study.analysis.subsets import SIZES, oriented, subset, with_predictors
from tegnas_study.paths import ATLAS
from tegnas_study.tables.atlases import DEFAULT, MISSING, atlas
from tegnas_study.tables.bootstrap import Bootstrap, bootstrap, taus
from tegnas_study.tables.frames import mean_of_draws
from tegnas_study.tables.ranking import TEG, kendall_tau

AZ_PARTS = ("az_expressivity", "az_progressivity", "az_trainability")
INDICATORS = (*TEG, "naswot", "swap", "log_synflow", "meco", *AZ_PARTS, *SIZES)
MOST = 4  # indicators in a candidate
Score = Literal["sum of ranks", "log-rank sum"]
SCORES: tuple[Score, ...] = ("sum of ranks", "log-rank sum")


@dataclass(frozen=True)
class Combination:
    """Several indicators and how their ranks become one score.

    Attributes:
        indicators: Column names.
        score: Σ r_i or Σ log(r_i / m) over the indicators, r_i from 1 (worst) to m (best).
    """

    indicators: tuple[str, ...]
    score: Score = "sum of ranks"

    def of(self, rows: pd.DataFrame) -> pd.Series:
        """Return the score of each row among the rows; a large score is good."""
        ranks = [ascending_ranks(rows, name) for name in self.indicators]
        return pd.Series(self.of_ranks(np.column_stack(ranks)), index=rows.index)

    def of_ranks(self, ranks: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the score from ranks, one column for each of the indicators."""
        return (np.log(ranks / len(ranks)) if self.score == "log-rank sum" else ranks).sum(axis=1)

    def __str__(self) -> str:
        """Return the indicators joined by "+"; with the score when it is the log-rank sum."""
        names = " + ".join(self.indicators)
        return f"{names} (log ranks)" if self.score == "log-rank sum" else names


def ascending_ranks(rows: pd.DataFrame, name: str) -> NDArray[np.float64]:
    """Return 1 for the worst and m for the best of m rows; failures share the worst place."""
    return len(rows) + 1 + oriented(rows, name).to_numpy()


# The sums that were named beforehand.
NAMED: Mapping[str, Combination] = {
    "TEG": Combination(TEG),
    "TE-NAS": Combination(TEG[:2]),
    "AZ-NAS": Combination((*AZ_PARTS, "flops"), "log-rank sum"),
    "MeCo + TEG": Combination(("meco", *TEG)),
    "MeCo + TEG + parameters": Combination(("meco", *TEG, "parameters")),
}


def candidates(indicators: Sequence[str] = INDICATORS, *, most: int = MOST) -> tuple[Combination, ...]:
    """Return every set of one to ``most`` indicators with both scores."""
    sets = [names for size in range(1, most + 1) for names in combinations(indicators, size)]
    return tuple(Combination(names, score) for names in sets for score in SCORES)


def regularised_swap(swap: pd.Series, parameters: pd.Series) -> pd.Series:
    """Return SWAP · exp(−(P − μ)² / σ), P in thousands, μ the largest P of the rows and σ = μ².

    Source: Peng et al., ICLR 2024, who give no μ and σ for NAS-Bench-201; these two are ours.
    """
    thousands = parameters / 1000
    largest = thousands.max()
    return swap * np.exp(-(((thousands - largest) / largest) ** 2))


def measured(
    table: pd.DataFrame, accuracy: str = "test_accuracy", *, name: str = DEFAULT, folder: Path = ATLAS
) -> pd.DataFrame:
    """Return the classes that have all twelve indicators and an accuracy, one row for each.

    κ (its geometric mean), R and MSE are means over all draws of weights and batch, one repeat of each.

    Args:
        table: The table of `atlases.atlas` with accuracies.
        accuracy: The column of accuracies, in percent.
        name: The table of the atlas whose draws are averaged.
        folder: The folder that holds the atlas.

    Raises:
        TegnasError: When a table is not there, or no class has everything.
    """
    known = with_predictors(table)
    draws = draw_tables(known, name, folder=folder, repeats=1)
    means = mean_of_draws([draw[[*TEG]].to_numpy(float) for draw in draws.values()])
    known = known.assign(**dict(zip(TEG, means.T, strict=True)))
    others = atlas(BENCHMARK_TABLE, folder=folder)
    wanted = [name for name in INDICATORS if name not in (*TEG, *SIZES)]
    there = others.loc[known.index, "status"] != MISSING
    rows = subset(known.assign(**others.loc[known.index, wanted])[there], "classes", accuracy)
    return rows.assign(swap_regularised=regularised_swap(rows["swap"], rows["parameters"]))


def chooses(representatives: Iterable[str]) -> NDArray[np.bool_]:
    """Say for each class whether it is in the half that chooses; the others are in the half that reports."""
    digests = [hashlib.blake2b(text.encode()).digest() for text in representatives]
    return np.array([digest[0] % 2 == 0 for digest in digests], bool)


def choose(
    rows: pd.DataFrame, among: Iterable[Combination], accuracy: str = "test_accuracy"
) -> tuple[Combination, pd.Series]:
    """Return the combination with the largest τ among the rows, and the τ of all, the largest first.

    Args:
        rows: The half of the classes that chooses.
        among: The candidates.
        accuracy: The column of accuracies, in percent.

    Raises:
        TegnasError: When there is no candidate.
    """
    among = tuple(among)
    if not among:
        raise TegnasError("there is no combination to choose from")
    ranks = {name: ascending_ranks(rows, name) for name in {name for c in among for name in c.indicators}}
    scores = {c: c.of_ranks(np.column_stack([ranks[name] for name in c.indicators])) for c in among}
    found = pd.Series({c: kendall_tau(score, rows[accuracy]).tau for c, score in scores.items()})
    found = found.sort_values(ascending=False, kind="stable")
    return found.index[0], found


def reported(
    rows: pd.DataFrame,
    chosen: Mapping[str, Combination],
    accuracy: str = "test_accuracy",
    *,
    seed: int,
    n_draws: int,
) -> Bootstrap:
    """Return the agreement of the chosen combinations and of those named beforehand, in the half that reports.

    Args:
        rows: The half of the classes that reports.
        chosen: The combinations that the other half chose, by the words for them.
        accuracy: The column of accuracies, in percent.
        seed: Seed of the resampling, which draws classes.
        n_draws: Number of resamples.

    Returns:
        Statistics named by the words, by `NAMED`, and by single indicators: every one of the twelve, and
        "swap_regularised".
    """
    scores = {words: one.of(rows) for words, one in {**NAMED, **chosen}.items()}
    scores |= {name: oriented(rows, name) for name in INDICATORS}
    scores["swap_regularised"] = rows["swap_regularised"]
    pairs = {words: (score, rows[accuracy]) for words, score in scores.items()}
    return bootstrap(taus(pairs), rows["representative"], seed=seed, n_draws=n_draws)
