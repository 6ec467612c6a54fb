"""How sure is a number about the indicators, whatever weights and images were drawn? Statistics across draws.

The atlas has several draws of the default table: the same architectures, with other initial weights and another
batch of images. A claim about an indicator is about all such draws, so these are its units: the mean over draws
and their standard deviation, in how many of them a claim holds, and an interval in which draws and architectures
are both drawn anew. Source of the two-level bootstrap: Davison and Hinkley, Bootstrap Methods (1997), section 3.8.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.subsets import PREDICTORS, Subset, oriented, subset
from tegnas_study.paths import ATLAS
from tegnas_study.tables.atlases import DEFAULT, atlas, atlas_coverage, atlas_names
from tegnas_study.tables.bootstrap import LEVEL, Bootstrap, Estimate, Formula, Name, Statistic, bootstrap, taus
from tegnas_study.tables.ranking import TEG

OF_A_DRAW = (*TEG, "status", "n_repeats")  # the columns of an atlas that differ from draw to draw


@dataclass(frozen=True)
class AcrossDraws:
    """A number about an indicator: one value for each draw of weights and batch, and how sure their mean is.

    Attributes:
        each: The number in each draw, indexed by the draw.
        estimate: The mean over draws with its two-level interval.
    """

    each: pd.Series
    estimate: Estimate

    @property
    def sd(self) -> float:
        """The standard deviation over draws; nan for a single draw."""
        return float(self.each.std(ddof=1))

    def holds_in(self, *, above: float = 0.0) -> int:
        """Return in how many draws the number lies above a bound."""
        return int((self.each > above).sum())

    def words(self, *, above: float = 0.0) -> str:
        """Return in how many of the draws the number lies above a bound, as in "7 of 10 draws"."""
        return f"{self.holds_in(above=above)} of {len(self.each)} draws"

    def __format__(self, spec: str) -> str:
        """Return mean, deviation and interval in the format of one number, as in ``0.53 ± 0.01 [0.50, 0.55]``."""
        found, number = self.estimate, spec or ".2f"
        mean, sd, low, high = (format(v, number) for v in (found.value, self.sd, found.low, found.high))
        return f"{mean} ± {sd} [{low}, {high}]".replace("-", "−")


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
        return AcrossDraws(each, both.estimate("mean", level=level))

    def table(self) -> pd.DataFrame:
        """Return one row for each statistic: mean, sd, low, high, above (draws above 0) and draws."""
        return pd.DataFrame([as_row(self.across(name)) for name in self.value], index=self.value.columns)


def as_row(found: AcrossDraws) -> dict[str, float]:
    """Return a number across draws as a row of a table: mean, sd, low, high, above (draws above 0) and draws."""
    ends = {"low": found.estimate.low, "high": found.estimate.high}
    return {
        "mean": found.estimate.value,
        "sd": found.sd,
        **ends,
        "above": found.holds_in(),
        "draws": len(found.each),
    }


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
    rng, picked = np.random.default_rng(seed), []

    def every(counts: np.ndarray) -> dict[Name, float]:
        """Return the statistics of the draws that this resample picks; the first call sees every draw once."""
        chosen = rng.integers(len(names), size=len(names)) if picked else np.arange(len(names))
        known = {name: dict(statistics[name](counts)) for name in {names[i] for i in chosen}}
        common = dict(shared(counts)) if shared else {}
        picked.append([{**known[names[i]], **common} for i in chosen])
        return {}

    bootstrap(every, groups, seed=seed, n_draws=n_draws)
    value = pd.DataFrame(picked[0], index=pd.Index(names, name="draw"), dtype=float)
    rows = [row for resample in picked[1:] for row in resample]
    index = pd.Index(np.repeat(np.arange(n_draws), len(names)), name="resample")
    return DrawsBootstrap(value, pd.DataFrame(rows, index=index, columns=value.columns, dtype=float))


def draw_names(name: str = DEFAULT, *, folder: Path = ATLAS) -> tuple[str, ...]:
    """Return the tables of the atlas that are draws of one another: ``name`` first, then ``name-seed1`` and on.

    Raises:
        TegnasError: When there is no table of this name.
    """
    known = atlas_names(folder)
    if name not in known:
        raise TegnasError(f"there is no table {name!r} in the atlas; there are: {', '.join(known) or 'none'}")
    seeds = [int(found[1]) for found in (re.fullmatch(rf"{re.escape(name)}-seed(\d+)", k) for k in known) if found]
    return (name, *(f"{name}-seed{seed}" for seed in sorted(seeds)))


def draw_tables(
    table: pd.DataFrame, name: str = DEFAULT, *, folder: Path = ATLAS, repeats: int | None = None
) -> dict[str, pd.DataFrame]:
    """Return the table once for each draw, with the indicators of that draw in place of its own.

    Args:
        table: The table that `subsets.with_predictors` returns, with accuracies.
        name: The draw whose other draws are looked up.
        folder: The folder that holds the atlas.
        repeats: How many repeats are averaged in each draw; None takes what every draw has, so that no draw is
            quieter than another.
    """
    names = draw_names(name, folder=folder)
    taken = min(atlas_coverage(draw, folder=folder).complete for draw in names) if repeats is None else repeats
    found = {draw: atlas(draw, repeats=taken, folder=folder) for draw in names}
    return {
        draw: table.assign(**other.loc[table.index, [*OF_A_DRAW]]).pipe(_with_draw, draw)
        for draw, other in found.items()
    }


def _with_draw(table: pd.DataFrame, draw: str) -> pd.DataFrame:
    table.attrs = {**table.attrs, "draw": draw}
    return table


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
    rows = same_rows({draw: subset(table, name, accuracy) for draw, table in tables.items()})
    own = [p for p in predictors if p in (*TEG, "rank_sum")]
    first = next(iter(rows.values()))
    pairs = lambda part, columns: {p: (oriented(part, p), part[accuracy]) for p in columns}  # noqa: E731
    return across_draws(
        {draw: taus(pairs(part, own)) for draw, part in rows.items()},
        first["representative"],
        shared=taus(pairs(first, [p for p in predictors if p not in own])),
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
