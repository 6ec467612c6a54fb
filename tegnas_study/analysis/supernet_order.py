"""Does a supernet know which cells are good? How its order of cells agrees with accuracy, beside κ, R and MSE.

Seeds of supernets, draws of the weights of untrained networks, and cells are resampled together. Below `FEW` seeds
there is no interval and no verdict.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.across_draws import AcrossDraws, DrawsBootstrap, across_draws
from tegnas_study.analysis.subsets import oriented
from tegnas_study.analysis.weight_sharing import FEW, mean_of_seeds
from tegnas_study.tables.atlases import one_draw, seed_tables
from tegnas_study.tables.bootstrap import Estimate, taus
from tegnas_study.tables.ranking import TEG, kendall_tau, rank_sum

SUPERNET, SUM = "supernet", "sum of ranks"
INDICATORS = (*TEG, SUM)


def agreements(
    ranking: pd.DataFrame, accuracy: pd.Series, *, method: str, seed: int, n_draws: int
) -> DrawsBootstrap:
    """Return how supernets, κ, R, MSE and their sum of ranks agree with accuracy on the same cells, draw by draw.

    Draw i is the supernet of the i-th seed beside the i-th table of the atlas, one repeat. Draws and cells are
    resampled.

    Args:
        ranking: Rows method, seed, epoch, architecture, accuracy (with shared weights).
        accuracy: Accuracies by architecture string.
        method: The method whose supernets are judged.
        seed: Seed of the resampling.
        n_draws: Number of resamples.

    Returns:
        Kendall's τ by name: that of `after` for a supernet, and those of `INDICATORS`.

    Raises:
        TegnasError: When the method has no ranking, or a supernet has not judged every cell at every time.
    """
    mine = ranking[ranking["method"] == method]
    if mine.empty:
        raise TegnasError(f"no supernet of {method} has ranked cells; run the record of weight sharing")
    wide = mine.pivot(index=["seed", "epoch"], columns="architecture", values="accuracy")
    if wide.isna().any(axis=None):
        raise TegnasError(f"a supernet of {method} lacks cells of its ranking")
    truth, names, statistics = accuracy[wide.columns].to_numpy(float), seed_tables(), {}
    for number, (one, rows) in enumerate(wide.groupby(level="seed")):
        pairs = {after(int(epoch)): (row.to_numpy(float), truth) for (_, epoch), row in rows.iterrows()}
        table = one_draw(names[number % len(names)]).loc[wide.columns]
        columns = {name: oriented(table, name) for name in TEG} | {SUM: -rank_sum(table)}
        pairs |= {name: (column.to_numpy(float), truth) for name, column in columns.items()}
        statistics[str(one)] = taus(pairs)
    return across_draws(statistics, np.arange(len(truth)), seed=seed, n_draws=n_draws)


def after(epoch: int) -> str:
    """Return what the ranking of a supernet after an epoch is called.

    >>> after(40)
    'supernet, 40'
    """
    return f"{SUPERNET}, {epoch}"


def across_seeds(found: DrawsBootstrap, statistic: Callable[[pd.DataFrame], pd.Series] | str) -> AcrossDraws:
    """Return a statistic of `agreements` across its draws, without an interval when there are fewer than `FEW`.

    Args:
        found: What `agreements` returned.
        statistic: The name of one, or a function of all, as for `DrawsBootstrap.across`.
    """
    across = found.across(statistic)
    if across.n_draws >= FEW:
        return across
    unknown = Estimate(across.estimate.value, float("nan"), float("nan"), across.estimate.resamples)
    return AcrossDraws(unknown, across.sd, across.above, across.n_draws, across.each)


def agreement_table(found: DrawsBootstrap, epochs: Sequence[int]) -> pd.DataFrame:
    """Return what `agreements` found as a table: what (supernet or indicator), epoch, tau, low, high, seeds.

    Args:
        found: What `agreements` returned.
        epochs: The epochs of the supernet; the rows of indicators repeat for each, since they need no training.
    """
    rows = []
    for epoch in epochs:
        for what, name in ((SUPERNET, after(epoch)), *((name, name) for name in INDICATORS)):
            across = across_seeds(found, name)
            rows.append((what, epoch, *across.estimate.numbers, across.n_draws))
    return pd.DataFrame(rows, columns=["what", "epoch", "tau", "low", "high", "seeds"])


def convolutions_order(ranking: pd.DataFrame, *, seed: int, n_draws: int) -> Estimate:
    """Return Kendall's τ between accuracy with shared weights and a cell's convolutions, the mean over seeds.

    Args:
        ranking: Rows seed, architecture and accuracy of one method after one epoch.
        seed: Seed of the draws of Student's t, which gives the interval (see `mean_of_seeds`).
        n_draws: Number of draws.
    """
    counts = ranking["architecture"].map(lambda text: text.count("nor_conv"))
    each = ranking.assign(counts=counts).groupby("seed")
    taus_of_seeds = [kendall_tau(rows["accuracy"], rows["counts"]).tau for _, rows in each]
    return mean_of_seeds(taus_of_seeds, seed=seed, n_draws=n_draws)


def above(found: DrawsBootstrap, epoch: int, indicator: str) -> AcrossDraws:
    """Return by how much the supernet after an epoch agrees better than an indicator, across draws."""
    return across_seeds(found, lambda s: s[after(epoch)] - s[indicator])
