"""What the first choices of an indicator are worth, and what it adds to a search that draws at random."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tegnas_study.tables.bootstrap import Bootstrap, Counts, Estimate, Name, Statistic
from tegnas_study.tables.resampled_tau import checked_pairs

KS = (10, 100)  # lengths of the short list; the top 1 % is added
BUDGETS = (25, 100, 500)  # evaluations of a search that draws at random


@dataclass(frozen=True)
class Shortlist:
    """The k architectures that an indicator ranks first.

    Attributes:
        k: How many are chosen.
        precision: Which share of them is among the k most accurate; ties are broken at random.
        chance: The share that a random choice reaches.
        accuracy: Their mean accuracy, in percent.
    """

    k: int
    precision: Estimate
    chance: float
    accuracy: Estimate


@dataclass(frozen=True)
class RandomSearch:
    """N architectures drawn independently and uniformly, of which one is kept; expected accuracies in percent.

    Attributes:
        n: Number of draws.
        chosen: The accuracy of the one that the indicator ranks first.
        best: The accuracy of the best one: what training all of them would find.
        one: The accuracy of a single draw: what keeping any of them would find.
        lost: How much the indicator's choice falls short of the best one.
    """

    n: int
    chosen: Estimate
    best: Estimate
    one: Estimate
    lost: Estimate


def lengths(n: int) -> tuple[int, ...]:
    """Return the lengths of the short list for a table of n architectures: 10, 100, and the top 1 %."""
    return tuple(sorted({k for k in (*KS, -(-n // 100)) if k < n}))


def choices(score: ArrayLike, accuracy: ArrayLike, ks: Sequence[int], budgets: Sequence[int]) -> Statistic:
    """Return the statistic that computes what an indicator chooses, for `bootstrap.bootstrap`.

    Args:
        score: Values turned so that larger is better, shape (n,).
        accuracy: Accuracies in percent, shape (n,).
        ks: Lengths of the short list.
        budgets: Numbers of draws of a random search.

    Returns:
        A statistic with the names ("precision", k), ("accuracy", k), ("chosen", N), ("best", N) and "one". Ties
        are broken at random, in either order by itself; copies of one row that a resample holds are no ties, and
        have the same places in both orders.

    Raises:
        TegnasError: When the lengths differ or a value is nan.
    """
    better, known = checked_pairs(score, accuracy)
    by_score, by_accuracy = (np.unique(-values, return_inverse=True)[1] for values in (better, known))
    untied = (np.bincount(by_score)[by_score] == 1) & (np.bincount(by_accuracy)[by_accuracy] == 1)

    def statistic(counts: Counts) -> dict[Name, float]:
        weighted = counts * known
        score_totals, accuracy_totals = (np.bincount(codes, weights=counts) for codes in (by_score, by_accuracy))
        found: dict[Name, float] = {"one": float(weighted.sum() / counts.sum())}
        for k in ks:
            first = membership(score_totals, k)[by_score]
            best = membership(accuracy_totals, k)[by_accuracy]
            both = np.where(untied, np.minimum(first, best), first * best)
            found["precision", k] = float((counts * both).sum() / k)
            found["accuracy", k] = float((weighted * first).sum() / k)
        for name, codes, totals in (("chosen", by_score, score_totals), ("best", by_accuracy, accuracy_totals)):
            sums = np.bincount(codes, weights=weighted)
            for n, value in zip(budgets, best_of_draws(totals, sums, budgets), strict=True):
                found[name, n] = value
        return found

    return statistic


def membership(totals: NDArray[np.float64], k: int) -> NDArray[np.float64]:
    """Return the probability to be among the k first when ties are broken at random, shape (places,).

    Args:
        totals: How many rows share each place, from the first on, shape (places,).
        k: How many are chosen.
    """
    before = np.cumsum(totals) - totals
    return np.clip((k - before) / np.maximum(totals, 1), 0, 1)


def best_of_draws(totals: NDArray[np.float64], sums: NDArray[np.float64], budgets: Sequence[int]) -> list[float]:
    """Return the expected accuracy of the first-placed of N independent draws, for every N; exact.

    The first-placed draw has place g with the probability P(N draws ≥ g) − P(N draws > g), where each draw is ≥ g
    with the share of rows from g on, and within a place every row is equally likely.

    Args:
        totals: How many rows share each place, from the first on, shape (places,).
        sums: The sum of their accuracies, shape (places,).
        budgets: Numbers of draws.
    """
    means = sums / np.maximum(totals, 1)
    ahead = 1 - np.concatenate([[0.0], np.cumsum(totals) / totals.sum()])
    with np.errstate(divide="ignore"):
        logarithms = np.log(np.maximum(ahead, 0.0))
    return [float((-np.diff(np.exp(n * logarithms)) * means).sum()) for n in budgets]


def shortlists(found: Bootstrap, ks: Sequence[int], n: int) -> tuple[Shortlist, ...]:
    """Return what `choices` found about short lists, of n architectures in all."""
    return tuple(
        Shortlist(k, found.estimate(("precision", k)), k / n, found.estimate(("accuracy", k))) for k in ks
    )


def random_searches(found: Bootstrap, budgets: Sequence[int]) -> tuple[RandomSearch, ...]:
    """Return what `choices` found about searches that draw at random."""
    return tuple(
        RandomSearch(
            n,
            chosen=found.estimate(("chosen", n)),
            best=found.estimate(("best", n)),
            one=found.estimate("one"),
            lost=found.estimate(lambda s, n=n: s["best", n] - s["chosen", n]),
        )
        for n in budgets
    )
