"""A number that a claim is judged by: one value for each draw (or seed, or pair), and how sure it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tegnas_study.analysis.landscapes.two_way import two_way
from tegnas_study.tables.bootstrap import Estimate
from tegnas_study.tables.printed import printed

DRAWS = "draws of weights and batch"


@dataclass(frozen=True)
class Finding:
    """What this study found where the paper claims something.

    Attributes:
        each: The values of single draws, or of what else the unit is.
        estimate: Their mean with its interval.
        unit: What the single values are of, in the plural.
        population: What the number is about, as a clause for a reader.
        spec: How the number is written, as in ``format``.
        suffix: What stands behind it, such as " %".
    """

    each: pd.Series
    estimate: Estimate
    unit: str
    population: str
    spec: str = ".2f"
    suffix: str = ""

    @property
    def sd(self) -> float:
        """The standard deviation of the single values; nan when there is one."""
        return float(self.each.std(ddof=1))

    @property
    def n(self) -> int:
        """How many single values there are."""
        return len(self.each)

    @property
    def short(self) -> str:
        """The number with its interval, and without its deviation."""
        return f"{printed(self.estimate.value, self.spec)}{self._ends}{self.suffix}"

    @property
    def _ends(self) -> str:
        """The interval in brackets; empty where there is none."""
        low, high = self.estimate.low, self.estimate.high
        if low == high or not np.isfinite([low, high]).all():
            return ""
        return f" [{printed(low, self.spec)}, {printed(high, self.spec)}]"

    def __str__(self) -> str:
        """Return the number with its deviation and its interval, as far as it has them.

        >>> from tegnas_study.tables.bootstrap import Estimate
        >>> print(Finding(pd.Series([0.5, 0.6]), Estimate(0.55, 0.4, 0.7), "draws", "all"))
        0.55 ± 0.07 [0.40, 0.70]
        """
        found = self.estimate
        text = printed(found.value, self.spec)
        if np.isfinite(self.sd):
            text += f" ± {printed(self.sd, self.spec.lstrip('+'))}"
        return f"{text}{self._ends}{self.suffix}"


def exact(value: float, population: str, **words: str) -> Finding:
    """Return a number that is counted and not estimated: it has no interval."""
    return Finding(pd.Series({"": value}), Estimate(value, value, value), "count", population, **words)


def over_draws_and_seeds(
    values: pd.DataFrame, population: str, *, seed: int, n_draws: int, unit: str = DRAWS, **words: str
) -> Finding:
    """Return the mean of a table of draws and seeds, with an interval over both.

    Args:
        values: One row for each draw of the weights, one column for each seed of a search.
        population: What the number is about.
        seed: Seed of the resampling.
        n_draws: Number of resamples.
        unit: What a row is, in the plural.
        words: ``spec`` and ``suffix`` of the finding.
    """
    mean = two_way(values, seed=seed, n_draws=n_draws)
    return Finding(values.mean(axis=1), mean, unit, population, **words)


def difference_over_draws(
    own: Mapping[str, pd.Series],
    other: Mapping[str, pd.Series] | pd.Series,
    population: str,
    *,
    unit: str = DRAWS,
    seed: int,
    n_draws: int,
    **words: str,
) -> Finding:
    """Return how far the means of searches differ, draw by draw, with an interval over draws and over searches.

    A resample draws as many draws as there are, with replacement, and in each of them as many searches, of either
    side by itself. What does not depend on the draw is resampled once for all draws.

    Args:
        own: Name of a draw → what the searches on it reached, one for each seed.
        other: The same of what it is compared with, or one series when that knows no draw.
        population: What the number is about.
        unit: What the draws are, in the plural.
        seed: Seed of the resampling.
        n_draws: Number of resamples.
        words: ``spec`` and ``suffix`` of the finding.
    """
    rng, shared = np.random.default_rng(seed), isinstance(other, pd.Series)
    names = [name for name in own if shared or name in other]
    theirs = [other] if shared else [other[name] for name in names]
    first, second = (_resampled_means(side, n_draws, rng) for side in ([own[name] for name in names], theirs))
    chosen = rng.integers(len(names), size=(len(names), n_draws))
    gaps = np.take_along_axis(first - second, chosen, axis=0).mean(axis=0)  # one shared row is broadcast
    low, high = np.quantile(gaps, [0.025, 0.975])
    each = pd.Series({name: float(own[name].mean() - (other if shared else other[name]).mean()) for name in names})
    mean = Estimate(float(each.mean()), float(low), float(high))
    return Finding(each, mean, unit, population, **words)


def _resampled_means(sides: Sequence[pd.Series], n_draws: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the mean of each series in each resample of its own values, shape (series, resamples)."""
    found = []
    for series in sides:
        values = series.dropna().to_numpy(float)
        found.append(values[rng.integers(len(values), size=(n_draws, len(values)))].mean(axis=1))
    return np.stack(found)


def of_four_searches(
    values: Mapping[str, pd.Series], population: str, *, unit: str, seed: int, n_draws: int, **words: str
) -> Finding:
    """Return the mean over searches, with the range in which the mean of four searches ends in 95 of 100 cases.

    The paper prints means of four searches. Each of the four takes one of the tables and one of its seeds, so the
    range holds the luck of the searches and, as far as there are tables, that of the weights.

    Args:
        values: Name of a table → what the searches on it reached, one for each seed.
        population: What the number is about.
        unit: What the tables are, in the plural.
        seed: Seed of the resampling.
        n_draws: Number of resamples.
        words: ``spec`` and ``suffix`` of the finding.
    """
    rng, columns = np.random.default_rng(seed), [series.dropna().to_numpy(float) for series in values.values()]
    drawn = np.stack([rng.choice(column, size=(n_draws, 4)) for column in columns])  # (tables, resamples, 4)
    tables = rng.integers(len(columns), size=(1, n_draws, 4))
    means = np.take_along_axis(drawn, tables, axis=0)[0].mean(axis=1)
    each = pd.Series({name: float(series.mean()) for name, series in values.items()})
    low, high = np.quantile(means, [0.025, 0.975])
    mean = Estimate(float(each.mean()), float(low), float(high))
    return Finding(each, mean, unit, population, **words)
