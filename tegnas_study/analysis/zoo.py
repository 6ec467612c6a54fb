"""What a short training of a small network shows: of cells known after a long one, and of those nobody trained.

Every agreement is Kendall's τ over the networks of the zoo, turned so that larger is better, with an interval from
resampled networks. Of a network with two seeds the mean accuracy counts, except where two seeds are compared.
"""

from collections.abc import Hashable, Mapping, Sequence

import numpy as np
import pandas as pd

from tegnas_core.indicators.names import ALIGNMENT
from tegnas_core.spaces.genotype import Genotype
from tegnas_study.analysis.verdicts import verdict
from tegnas_study.tables.atlases import one_draw, seed_tables
from tegnas_study.tables.bootstrap import Bootstrap, Estimate, bootstrap, taus
from tegnas_study.tables.ranking import HIGHER_IS_BETTER, TEG, kendall_tau, rank_sum, ranks

LITTLE = (*TEG, ALIGNMENT)  # what is measured of networks trained a little
FEWEST = 8  # networks; of fewer an interval says next to nothing
KNOWN, SHORT = "known", "short"  # accuracy after full training, and after the zoo's


def in_words(found: Estimate, *, interval: bool = True) -> str:
    """Return an estimate for a sentence, or that it is not known while the zoo is too small.

    Args:
        found: The estimate.
        interval: Whether the sentence has its interval, too; not where a figure shows it.

    >>> in_words(Estimate(0.5, 0.4, 0.6)), in_words(Estimate(np.nan, np.nan, np.nan))
    ('0.50 [0.40, 0.60]', 'not known yet, with so few networks')
    >>> in_words(Estimate(-0.5, -0.6, -0.4), interval=False)
    '−0.50'
    """
    if not np.isfinite(found.value):
        return "not known yet, with so few networks"
    return str(found) if interval else f"{found.value:.2f}".replace("-", "−")


def final(curves: pd.DataFrame, space: str) -> pd.DataFrame:
    """Return one row for each network of a space, with its accuracy after the last epoch.

    Args:
        curves: The table that `tables.zoo.read_zoo` returns.
        space: Name of the space.

    Returns:
        Columns architecture, group, name, parameters, full_parameters, full_flops, `SHORT` (the mean over seeds,
        in percent), seeds (their number) and cpu_seconds (of a whole training).
    """
    rows = curves[curves["space"] == space]
    whole = rows.groupby(["architecture", "seed"], sort=False).agg(
        **{SHORT: ("test_accuracy", "last"), "cpu_seconds": ("cpu_seconds", "sum")}
    )
    means = whole.groupby("architecture", sort=False).agg(
        **{SHORT: (SHORT, "mean"), "seeds": (SHORT, "size"), "cpu_seconds": ("cpu_seconds", "mean")}
    )
    about = ["group", "name", "parameters", "full_parameters", "full_flops"]
    return rows.groupby("architecture", sort=False)[about].first().join(means).reset_index()


def reliability(curves: pd.DataFrame, space: str, *, seed: int, n_draws: int = 1000) -> Estimate:
    """Return τ between the accuracies of two seeds, over the networks that have both; nan when they are too few.

    Args:
        curves: The table that `tables.zoo.read_zoo` returns.
        space: Name of the space.
        seed: Seed of the resampling.
        n_draws: Number of resamples.
    """
    rows = curves[curves["space"] == space]
    both = rows.groupby(["architecture", "seed"])["test_accuracy"].last().unstack().dropna()
    pairs = {"τ": (both[0], both[1])} if both.shape[1] > 1 else {"τ": ([], [])}
    return _drawn(pairs, len(both) if both.shape[1] > 1 else 0, seed=seed, n_draws=n_draws).estimate("τ")


def with_rank_sum(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with the column ``rank_sum`` of κ, R and MSE, ranked within it."""
    return table.assign(rank_sum=rank_sum(table))


def with_pairs_in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with every genotype in its column ``architecture`` printed in one way, so that tables join.

    The pairs of a node have no order (see `Genotype`), and two tables may print the same genotype differently.
    """
    texts = [str(Genotype.parse(text).sorted()) for text in table["architecture"]]
    return table.assign(architecture=texts)


def agreements(
    table: pd.DataFrame, predictors: Sequence[str], accuracy: str, *, seed: int, n_draws: int = 1000
) -> Bootstrap:
    """Return the turned τ of every predictor with an accuracy, and all resamples, from which gaps follow.

    Args:
        table: One row for each network.
        predictors: Columns of the table; `HIGHER_IS_BETTER` knows the direction of indicators, and of all others
            more is better.
        accuracy: A column of the table without gaps.
        seed: Seed of the resampling.
        n_draws: Number of resamples.

    Returns:
        The statistics by the names of the predictors; all are nan with fewer than `FEWEST` networks.
    """
    pairs = {name: (_turned(table[name], name), table[accuracy]) for name in predictors}
    return _drawn(pairs, len(table), seed=seed, n_draws=n_draws)


def _drawn(pairs: Mapping[Hashable, tuple], n: int, *, seed: int, n_draws: int) -> Bootstrap:
    """Return τ of pairs of columns over n networks, or nan everywhere when they are too few to say anything."""
    if n < FEWEST:
        nothing = pd.Series({name: np.nan for name in pairs}, dtype=float)
        return Bootstrap(nothing, pd.DataFrame([nothing] * n_draws).reset_index(drop=True))
    return bootstrap(taus(pairs), np.arange(n), seed=seed, n_draws=n_draws)


def _turned(values: pd.Series, name: str) -> np.ndarray:
    return -ranks(values, higher_is_better=HIGHER_IS_BETTER.get(name, True))


def by_epoch(
    curves: pd.DataFrame, known: pd.Series, theory: pd.DataFrame, *, seed: int, n_draws: int = 1000
) -> pd.DataFrame:
    """Return how the accuracy after each epoch orders the cells of NAS-Bench-201, beside the sum of ranks.

    Args:
        curves: The table that `tables.zoo.read_zoo` returns.
        known: Accuracy after full training by architecture.
        theory: κ, R and MSE by architecture, such as one of the atlas; they are ranked within the zoo.
        seed: Seed of the resampling.
        n_draws: Number of resamples.

    Returns:
        Columns epoch, cpu_seconds (mean of a training so far), n, tau, low, high, and for τ of the training minus
        τ of the sum of ranks gap, gap_low, gap_high and verdict (on "training orders better").
    """
    rows = curves[(curves["space"] == "nas-bench-201") & (curves["seed"] == 0)]
    wide = rows.pivot(index="architecture", columns="epoch", values="test_accuracy")
    seconds = rows.pivot(index="architecture", columns="epoch", values="cpu_seconds").cumsum(axis=1).mean()
    table = with_rank_sum(wide.join(theory[[*TEG]], how="inner"))
    table[KNOWN] = known.reindex(table.index)
    drawn = agreements(table, [*wide.columns, "rank_sum"], KNOWN, seed=seed, n_draws=n_draws)
    found = []
    for epoch in wide.columns:
        gap = drawn.estimate(lambda s, epoch=epoch: s[epoch] - s["rank_sum"])
        numbers = (*drawn.estimate(epoch).numbers, *gap.numbers)
        found.append((epoch, seconds[epoch], len(table), *numbers, str(verdict(gap))))
    names = ["epoch", "cpu_seconds", "n", "tau", "low", "high", "gap", "gap_low", "gap_high", "verdict"]
    return pd.DataFrame(found, columns=names)


def order_by_draw(known: pd.Series, *, tables: Sequence[str] | None = None) -> pd.Series:
    """Return τ of the sum of ranks of κ, R and MSE with an accuracy on every single draw of the weights.

    Args:
        known: Accuracy by architecture; the three are ranked within these architectures.
        tables: Names of tables of the atlas, whose first repeat is a draw; None takes all seeds.
    """
    found = {}
    for name in tables or seed_tables():
        found[name] = kendall_tau(-rank_sum(one_draw(name).loc[known.index]), known).tau
    return pd.Series(found)


def first_better(by_epoch: pd.DataFrame) -> pd.Series | None:
    """Return the row of `by_epoch` from which on training orders better than theory, or None.

    That it does so after one epoch and not after a later one would be the luck of looking several times.
    """
    holds = (by_epoch["verdict"] == "holds")[::-1].cumprod()[::-1].astype(bool)
    return by_epoch[holds].iloc[0] if holds.any() else None


def little_by_epoch(
    little: pd.DataFrame, known: pd.Series, names: Sequence[str], *, seed: int, n_draws: int = 1000
) -> pd.DataFrame:
    """Return how indicators of networks trained a little order them, epoch by epoch.

    Args:
        little: The table that `tables.zoo.read_trained_a_little` returns.
        known: Accuracy after full training by architecture.
        names: Columns of the table to judge; ``rank_sum`` is added.
        seed: Seed of the resampling.
        n_draws: Number of resamples.

    Returns:
        Columns epoch, predictor, n, tau, low, high, and change, change_low and change_high: τ minus τ at
        initialisation, of the same resamples.
    """
    parts = []
    for epoch, rows in little.groupby("epoch"):
        rows = with_rank_sum(rows.set_index("architecture"))[[*names, "rank_sum"]]
        parts.append(rows.rename(columns=lambda name, epoch=epoch: f"{name} {epoch}"))
    table = pd.concat(parts, axis=1).dropna(how="all")
    accuracy = known.reindex(table.index)
    columns = [(name, epoch) for epoch in sorted(little["epoch"].unique()) for name in (*names, "rank_sum")]
    pairs = {(name, epoch): (_turned(table[f"{name} {epoch}"], name), accuracy) for name, epoch in columns}
    drawn = _drawn(pairs, len(table), seed=seed, n_draws=n_draws)
    found = []
    for name, epoch in columns:
        change = drawn.estimate(lambda s, key=(name, epoch): s[key] - s[(key[0], 0)])
        found.append((epoch, name, len(table), *drawn.estimate((name, epoch)).numbers, *change.numbers))
    return pd.DataFrame(
        found, columns=["epoch", "predictor", "n", "tau", "low", "high", "change", "change_low", "change_high"]
    )


def beside_groups(table: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """Return the accuracies of the groups of the zoo: how many networks, mean, smallest and largest.

    Args:
        table: The table that `final` returns.
        labels: Group → what it is called, in the order of the rows.
    """
    found = table.groupby("group")[SHORT].agg(["size", "mean", "min", "max"])
    return found.reindex([group for group in labels if group in found.index]).rename(index=labels)
