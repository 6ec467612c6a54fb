"""How much of an indicator is the draw of the weights: agreement of halves, repeats needed, reliability."""

from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from tegnas_study.analysis.cards.measured import Measured, directions, measurements
from tegnas_study.analysis.cards.scored import FEWEST, better
from tegnas_study.analysis.reliability import intraclass, repeats_needed
from tegnas_study.paths import ATLAS
from tegnas_study.tables.atlases import CONTROL_LGA, atlas_repeats
from tegnas_study.tables.bootstrap import Counts, Estimate, Name, bootstrap, taus

ENOUGH = 0.9  # τ between two averages
SPLITS = 3  # into halves


@dataclass(frozen=True)
class Noise:
    """How reliable an indicator is, over connected classes whose repeats all worked.

    Attributes:
        table: The table of the atlas with the most repeats under these settings.
        n: Number of classes.
        repeats: How many repeats each of them has.
        half: How many repeats are averaged on either side.
        tau: Kendall's τ between two averages of that many different repeats, the mean of a few splits.
        needed: How many repeats an average needs so that τ with another one is 0.9 (`reliability.repeats_needed`).
        intraclass: The intra-class correlation of the ranks in single repeats (see `reliability.intraclass`).
    """

    table: str
    n: int
    repeats: int
    half: int
    tau: Estimate
    needed: Estimate
    intraclass: Estimate


def noise(found: Measured, folder: Path = ATLAS, *, seed: int, n_draws: int) -> Noise | None:
    """Return how reliable an indicator is; None where no table has two repeats of enough classes.

    Args:
        found: Where it was measured; another table with the same settings, images and seed may have more repeats.
        folder: The folder that holds the tables.
        seed: Seed of the choice of halves and of the resampling, which draws classes.
        n_draws: Number of resamples.
    """
    alike = [other for other in measurements(found.name, folder) if _alike(other, found) and other.repeats > 1]
    if not alike:
        return None
    most = max(alike, key=lambda other: (other.repeats, other.n))
    matrices = repeated_values(most, folder)
    (n, repeats), half = next(iter(matrices.values())).shape, most.repeats // 2
    if n < FEWEST:
        return None
    halves = {
        number: (_average(matrices, first), _average(matrices, second))
        for number, (first, second) in enumerate(_splits(repeats, half, seed=seed))
    }
    single = np.column_stack([_average(matrices, (number,)) for number in range(repeats)])
    tau_of_halves = taus(halves)

    def statistic(counts: Counts) -> dict[Name, float]:
        agreed = tau_of_halves(counts)
        return {
            "tau": float(np.mean([*agreed.values()])),
            "intraclass": intraclass(np.repeat(single, counts, axis=0)),
        }

    drawn = bootstrap(statistic, np.arange(n), seed=seed, n_draws=n_draws)
    needed = drawn.estimate(lambda s: repeats_needed(np.minimum(s["tau"], 1 - 1e-6), half, ENOUGH))
    return Noise(most.table, n, repeats, half, drawn.estimate("tau"), needed, drawn.estimate("intraclass"))


def repeated_values(found: Measured, folder: Path = ATLAS) -> dict[str, np.ndarray]:
    """Return a matrix for each column of an indicator, (classes, repeats), of those whose repeats all worked.

    The numbers are on the scale on which repeats are averaged, and are turned so that larger is better.
    """
    rows = atlas_repeats(found.table, folder=folder)
    rows = rows[(rows["repeat"] < found.repeats) & (rows["status"] == "ok")]
    matrices = {}
    for column, higher_is_better in directions(found.name).items():
        numbers = rows.pivot(index="architecture", columns="repeat", values=_in_table(column, rows))
        if column == "condition_number" and found.settings.average == "geometric":
            numbers = np.log(numbers)
        matrices[column] = numbers if higher_is_better else -numbers
    complete = np.all([np.isfinite(m.to_numpy(float)).all(axis=1) for m in matrices.values()], axis=0)
    return {column: matrix.to_numpy(float)[complete] for column, matrix in matrices.items()}


def _in_table(column: str, rows: pd.DataFrame) -> str:
    return column if column in rows.columns else CONTROL_LGA


def _alike(other: Measured, found: Measured) -> bool:
    return (other.settings.label, other.images, other.seed) == (found.settings.label, found.images, found.seed)


def _average(matrices: dict[str, np.ndarray], chosen: tuple[int, ...]) -> np.ndarray:
    """Return the mean over some repeats, larger being better; of several columns the sum of their ranks."""
    means = pd.DataFrame({column: matrix[:, list(chosen)].mean(axis=1) for column, matrix in matrices.items()})
    return better(means, dict.fromkeys(matrices, True))


def _splits(repeats: int, half: int, *, seed: int) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Return a few different ways to choose twice as many repeats as go into a half."""
    if half == 1:
        pairs = [((first,), (second,)) for first, second in combinations(range(repeats), 2)]
        return pairs[:SPLITS]
    rng = np.random.default_rng(seed)
    orders = [rng.permutation(repeats).tolist() for _ in range(SPLITS)]
    return [(tuple(order[:half]), tuple(order[half : 2 * half])) for order in orders]
