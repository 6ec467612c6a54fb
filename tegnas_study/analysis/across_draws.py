"""How sure is a number about the indicators, whatever weights and images were drawn? Statistics across draws.

The atlas has several draws of the default table: the same architectures, with other initial weights and another
batch of images. A claim about an indicator is about all such draws, so these are its units: the mean over draws
and their standard deviation, in how many of them a claim holds, and an interval in which draws and architectures
are both drawn anew. Source of the two-level bootstrap: Davison and Hinkley, Bootstrap Methods (1997), section 3.8.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.subsets import PREDICTORS, Subset, oriented, subset
from tegnas_study.paths import ATLAS
from tegnas_study.tables.atlases import DEFAULT, atlas, atlas_coverage, seed_tables
from tegnas_study.tables.bootstrap import (
    LEVEL,
    Bootstrap,
    Estimate,
    Formula,
    Name,
    Statistic,
    of_resamples,
    resamples,
    taus,
)
from tegnas_study.tables.printed import printed
from tegnas_study.tables.ranking import TEG

Pairs = Mapping[Name, tuple[ArrayLike, ArrayLike]]
OF_A_DRAW = (*TEG, "status", "n_repeats")  # the columns of an atlas that differ from draw to draw


@dataclass(frozen=True)
class AcrossDraws:
    """A number about an indicator: one value for each draw of weights and batch, and how sure their mean is.

    Attributes:
        estimate: The mean over draws with its two-level interval.
        sd: The standard deviation over draws; nan for a single draw.
        above: In how many draws the number lies above zero.
        n_draws: How many draws there are.
        each: The number in each draw, indexed by the draw; None when it was read from a record.
    """

    estimate: Estimate
    sd: float
    above: int
    n_draws: int
    each: pd.Series | None = None

    def words(self) -> str:
        """Return in how many of the draws the number lies above zero, as in "7 of 10 draws"."""
        return f"{self.above} of {self.n_draws} draws"

    def __neg__(self) -> "AcrossDraws":
        """Return the number with the other sign; a draw at zero then counts as above."""
        each = None if self.each is None else -self.each
        return AcrossDraws(-self.estimate, self.sd, self.n_draws - self.above, self.n_draws, each)

    def __format__(self, spec: str) -> str:
        """Return mean, deviation and interval in the format of one number, as in ``0.53 ± 0.01 [0.50, 0.55]``."""
        found, number = self.estimate, spec or ".2f"
        mean, sd, low, high = (printed(v, number) for v in (found.value, self.sd, found.low, found.high))
        return f"{mean} ± {sd} [{low}, {high}]"


@dataclass(frozen=True)
class DrawsBootstrap:
    """Statistics of every draw, and of resamples in which draws and groups of rows are drawn anew.

    Attributes:
        value: One row for each draw, one column for each statistic.
        resampled: As many rows as there are draws for each resample, which the index numbers; one column for each
            statistic.
    """

    value: pd.DataFrame
    resampled: pd.DataFrame

    def across(self, of: Name | Formula, *, level: float = LEVEL) -> AcrossDraws:
        """Return a statistic, or a formula of several, across draws.

        A formula is applied in each draw, and its values are averaged.

        Args:
            of: A name, or a function from statistics by name to a number, such as ``lambda s: s["a"] - s["b"]``.
                The function must work on whole columns.
            level: Nominal coverage of the interval, between 0 and 1.

        Raises:
            TegnasError: When the level is not between 0 and 1.
        """
        formula = of if callable(of) else (lambda statistics: statistics[of])
        each = pd.Series(formula(self.value), index=self.value.index, dtype=float)
        drawn = pd.Series(formula(self.resampled), index=self.resampled.index, dtype=float)
        means = drawn.groupby(level=0, sort=False).mean()
        both = Bootstrap(pd.Series({"mean": each.mean()}), means.to_frame("mean"))
        sd, above = float(each.std(ddof=1)), int((each > 0).sum())
        return AcrossDraws(both.estimate("mean", level=level), sd, above, len(each), each)

    def table(self) -> pd.DataFrame:
        """Return one row for each statistic: mean, sd, low, high, above (draws above 0) and draws."""
        return pd.DataFrame([as_row(self.across(name)) for name in self.value], index=self.value.columns)


def as_row(found: AcrossDraws) -> dict[str, float]:
    """Return a number across draws as a row of a table: mean, sd, low, high, above (draws above 0) and draws."""
    value, low, high = found.estimate.numbers
    return {"mean": value, "sd": found.sd, "low": low, "high": high, "above": found.above, "draws": found.n_draws}


def from_row(row: Mapping[str, float] | pd.Series, *, resamples: int) -> AcrossDraws:
    """Return a number across draws from the row of a table.

    Args:
        row: What `as_row` returns.
        resamples: How many resamples the interval rests on, as the record says.
    """
    estimate = Estimate(float(row["mean"]), float(row["low"]), float(row["high"]), resamples)
    return AcrossDraws(estimate, float(row["sd"]), int(row["above"]), int(row["draws"]))


def across_draws(
    statistics: Mapping[str, Statistic],
    groups: ArrayLike,
    *,
    shared: Statistic | None = None,
    seed: int,
    n_draws: int,
) -> DrawsBootstrap:
    """Return statistics of several draws of weights and batch, and of resamples of draws and groups.

    Of D draws, D are drawn with replacement; independently, of G groups of rows, G are. All draws of a resample
    see the same rows, so what the draws have in common widens the interval as it should. With few draws the part
    of the interval that comes from them is too narrow, by the factor √((D − 1)/D).

    Args:
        statistics: A name for each draw, and a function from how often each row is there to numbers by name.
        groups: Which group each row belongs to, shape (n,), the same for all draws.
        shared: Statistics that do not depend on the draw, such as those of the number of parameters.
        seed: Seed of the resampling.
        n_draws: Number of resamples.

    Raises:
        TegnasError: When there is no draw of weights, no row, or no resample.
    """
    names = list(statistics)
    if not names:
        raise TegnasError("there is no draw of weights and batch")
    codes, _ = pd.factorize(np.asarray(groups))
    if not len(codes) or n_draws < 1:
        raise TegnasError(f"a bootstrap needs rows and resamples, got {len(codes)} and {n_draws}")
    every, ones = np.arange(len(names))[None], np.ones((len(codes), 1), np.int32)
    value = _of_draws(statistics, shared, ones, every).set_axis(pd.Index(names, name="draw"))
    rng, parts = np.random.default_rng([seed, len(names)]), []
    for counts in resamples(codes, seed=seed, n_draws=n_draws):
        chosen = rng.integers(len(names), size=(counts.shape[1], len(names)))
        parts.append(_of_draws(statistics, shared, counts, chosen))
    index = pd.Index(np.repeat(np.arange(n_draws), len(names)), name="resample")
    return DrawsBootstrap(value, pd.concat(parts).set_axis(index))


def _of_draws(
    statistics: Mapping[str, Statistic], shared: Statistic | None, counts: np.ndarray, chosen: np.ndarray
) -> pd.DataFrame:
    """Return the statistics of the draws that each resample chose, shape (r, D), one after the other."""
    found = [of_resamples(statistic, counts) for statistic in statistics.values()]
    n = counts.shape[1]
    if shared is not None:
        common = of_resamples(shared, counts)
        found = [pd.concat([own, common], axis=1) for own in found]
    stacked = pd.concat(found, ignore_index=True)
    places = chosen * n + np.arange(n)[:, None]  # draw by draw, each with all resamples
    return stacked.iloc[places.ravel()].reset_index(drop=True)


def draw_tables(
    table: pd.DataFrame,
    name: str = DEFAULT,
    *,
    more: Sequence[str] = (),
    folder: Path = ATLAS,
    repeats: int | None = None,
) -> dict[str, pd.DataFrame]:
    """Return the table once for each draw, with the indicators of that draw in place of its own.

    Args:
        table: The table that `subsets.with_predictors` returns, with accuracies.
        name: The draw whose other draws are looked up.
        more: More columns of a draw, such as controls; draws without them are left out.
        folder: The folder that holds the atlas.
        repeats: How many repeats are averaged in each draw; None takes what every draw has, so that no draw is
            quieter than another.
    """
    names = seed_tables(name, folder=folder)
    taken = min(atlas_coverage(draw, folder=folder).complete for draw in names) if repeats is None else repeats
    columns, found = [*OF_A_DRAW, *more], {draw: atlas(draw, repeats=taken, folder=folder) for draw in names}
    return {
        draw: table.assign(**other.loc[table.index, columns])
        for draw, other in found.items()
        if set(columns) <= set(other.columns)
    }


def draw_agreements(
    tables: Mapping[str, pd.DataFrame],
    accuracy: str = "test_accuracy",
    name: Subset = "all",
    predictors: Sequence[str] = PREDICTORS,
    *,
    seed: int,
    n_draws: int,
) -> DrawsBootstrap:
    """Return the agreement of several predictors with an accuracy in one subset, across draws.

    Args:
        tables: The tables that `draw_tables` returns.
        accuracy: The column of accuracies, in percent.
        name: Name of the subset.
        predictors: Columns, or "rank_sum".
        seed: Seed of the resampling, which draws draws and whole classes.
        n_draws: Number of resamples.

    Raises:
        TegnasError: When the draws do not cover the same architectures.
    """
    rows = {draw: subset(table, name, accuracy) for draw, table in tables.items()}
    own = [p for p in predictors if p in (*TEG, "rank_sum")]

    def pairs(part: pd.DataFrame, columns: Sequence[str]) -> Pairs:
        return {p: (oriented(part, p), part[accuracy]) for p in columns}

    shared = [p for p in predictors if p not in own]
    return taus_across_draws(rows, pairs, own, shared, seed=seed, n_draws=n_draws)


def taus_across_draws(
    rows: Mapping[str, pd.DataFrame],
    pairs: Callable[[pd.DataFrame, Sequence[str]], Pairs],
    own: Sequence[str],
    shared: Sequence[str],
    *,
    seed: int,
    n_draws: int,
) -> DrawsBootstrap:
    """Return Kendall's τ of several predictors in each draw; what does not depend on the draw is computed once.

    Args:
        rows: For each draw the same architectures.
        pairs: A function from rows and names of predictors to the pairs of columns that are compared.
        own: Predictors that differ from draw to draw.
        shared: Predictors that do not.
        seed: Seed of the resampling, which draws draws and whole classes.
        n_draws: Number of resamples.

    Raises:
        TegnasError: When the draws do not cover the same architectures.
    """
    first = next(iter(same_rows(rows).values()))
    return across_draws(
        {draw: taus(pairs(part, own)) for draw, part in rows.items()},
        first["representative"],
        shared=taus(pairs(first, shared)),
        seed=seed,
        n_draws=n_draws,
    )


def same_rows(rows: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables when they hold the same architectures in the same order.

    Raises:
        TegnasError: When they do not.
    """
    (first, table), *others = rows.items()
    for draw, other in others:
        if not table.index.equals(other.index):
            raise TegnasError(f"the draws {first} and {draw} do not cover the same architectures")
    return dict(rows)
