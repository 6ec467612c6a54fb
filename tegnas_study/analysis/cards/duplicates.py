"""Do equal functions get equal scores? Spread of a score inside a class, beside its spread over all of them."""

from dataclasses import dataclass

import numpy as np

from tegnas_study.analysis.cards.scored import Scored, better
from tegnas_study.tables.bootstrap import Counts, Estimate, Name, bootstrap

FEWEST_CLASSES = 10


@dataclass(frozen=True)
class Duplicates:
    """How alike an indicator judges connected architectures that compute the same function.

    Attributes:
        n: Number of architectures in classes that have two members or more.
        n_classes: Number of these classes.
        equal: Share of the classes whose members all have the same score.
        spread: Standard deviation of ranks inside a class over that of all these architectures: 0 when equal
            functions have equal scores, 1 when the class says nothing about the score.
    """

    n: int
    n_classes: int
    equal: float
    spread: Estimate


def duplicates(found: Scored, *, seed: int, n_draws: int) -> Duplicates | None:
    """Return how consistent the scores of equal functions are; None with fewer than 10 classes of two or more.

    Args:
        found: The scored architectures.
        seed: Seed of the resampling, which draws whole classes.
        n_draws: Number of resamples.
    """
    rows = found.rows[found.rows["connected"]]
    sizes = rows.groupby("representative")["architecture"].transform("size")
    rows = rows[sizes > 1]
    names = rows["representative"].to_numpy()
    if len(set(names)) < FEWEST_CLASSES:
        return None
    score = better(rows, found.columns)
    inside = score - rows.assign(score=score).groupby("representative")["score"].transform("mean").to_numpy()
    n_members = sizes[sizes > 1].to_numpy()
    degrees = (n_members - 1) / n_members  # of freedom that each row brings

    def statistic(counts: Counts) -> dict[Name, float]:
        mean = (counts * score).sum() / counts.sum()
        within = (counts * inside**2).sum() / (counts * degrees).sum()
        return {"spread": float(np.sqrt(within / ((counts * (score - mean) ** 2).sum() / counts.sum())))}

    equal = float((rows.assign(score=score).groupby("representative")["score"].nunique() == 1).mean())
    drawn = bootstrap(statistic, names, seed=seed, n_draws=n_draws)
    return Duplicates(len(rows), len(set(names)), equal, drawn.estimate("spread"))
