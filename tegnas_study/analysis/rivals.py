"""Is anything better than the three? Every indicator there is, on the same networks and in the same resamples.

The rivals are numbers that others read from an untrained network (`indicators.rivals`), and numbers that need no
network at all: its size, the depth of the cell, its convolutions.
"""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from scipy import stats

from tegnas_core.errors import TegnasError
from tegnas_core.indicators import names
from tegnas_study.analysis.subsets import DIRECTIONS, RIVALS, SIZES, Subset, oriented, subset
from tegnas_study.analysis.verdicts import verdict
from tegnas_study.analysis.whole_space import agreement_table, agreements_by_subset
from tegnas_study.tables.bootstrap import Bootstrap, bootstrap, taus
from tegnas_study.tables.ranking import TEG, kendall_tau, rank_sum

TABLE = "rivals-cifar10"  # of the atlas
BENCHMARK_TABLE = "rivals-benchmark-cifar10"  # of the benchmark's own network
MEASURED = names.ZERO_COST  # what that table holds
PREDICTORS = (*TEG, "rank_sum", *SIZES, "depth", "n_convolutions", *RIVALS)
SUBSETS: tuple[Subset, ...] = ("all", "classes", "top tenth")


def compared(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows for which every rival was evaluated, with the depth as a plain number.

    Args:
        table: The table that ``atlas(rivals=…)`` returns; without rivals, those that need no network are left.

    Raises:
        TegnasError: When no row has all rivals.
    """
    rows = table[table[[name for name in RIVALS if name in table.columns]].notna().all(axis=1)]
    if rows.empty:
        raise TegnasError("no architecture has all rivals; evaluate the same ones with --indicators rivals")
    return rows.assign(depth=rows["depth"].astype("Float64").to_numpy(float, na_value=np.nan))


def present(table: pd.DataFrame) -> tuple[str, ...]:
    """Return the predictors that a table can be asked about, in the order of `PREDICTORS`."""
    return tuple(name for name in PREDICTORS if name in table.columns or name == "rank_sum")


def rival_agreements(
    table: pd.DataFrame,
    accuracy: str = "test_accuracy",
    subsets: Iterable[Subset] = SUBSETS,
    *,
    seed: int,
    n_draws: int,
) -> dict[str, Bootstrap]:
    """Return the agreement of every indicator with an accuracy, by subset, "equal size" among them.

    Args:
        table: The table that `compared` returns, with sizes and the accuracy.
        accuracy: The column of accuracies, in percent.
        subsets: Names of the subsets.
        seed: Seed of the resampling, which draws whole classes.
        n_draws: Number of resamples.
    """
    options = {"seed": seed, "n_draws": n_draws}
    return agreements_by_subset(table, accuracy, subsets, present(table), **options)


def gaps(found: Mapping[str, Bootstrap], reference: str = "rank_sum") -> pd.DataFrame:
    """Return by how much each indicator agrees better than a reference does, in pairs over the same resamples.

    Args:
        found: The bootstraps by subset that `rival_agreements` returns. A subset without the reference is left
            out.
        reference: The predictor to compare with.

    Returns:
        Columns subset, predictor, difference, low, high, and ``better``: the verdict on the claim that the
        difference is above zero.
    """
    rows = []
    for name, drawn in found.items():
        for rival in drawn.value.index if reference in drawn.value.index else ():
            if rival != reference:
                gap = drawn.estimate(lambda s, rival=rival: s[rival] - s[reference])
                rows.append((name, rival, gap.value, gap.low, gap.high, str(verdict(gap))))
    return pd.DataFrame(rows, columns=["subset", "predictor", "difference", "low", "high", "better"])


def enlarged_sums(
    table: pd.DataFrame,
    added: Iterable[str],
    accuracy: str = "test_accuracy",
    name: Subset = "classes",
    *,
    seed: int,
    n_draws: int,
) -> Bootstrap:
    """Return the agreement of the sum of four ranks: the three and one more.

    Args:
        table: The table that `compared` returns, with the accuracy.
        added: The predictors to add, one at a time.
        accuracy: The column of accuracies, in percent.
        name: Name of the subset.
        seed: Seed of the resampling, which draws whole classes.
        n_draws: Number of resamples.

    Returns:
        Statistics named by what was added, and "rank_sum", the sum of the three.
    """
    rows = subset(table, name, accuracy)
    sums = {"rank_sum": rows["rank_sum"]}
    sums |= {other: rank_sum(rows, (*TEG, other), higher_is_better=DIRECTIONS) for other in added}
    pairs = {other: (-values, rows[accuracy]) for other, values in sums.items()}
    return bootstrap(taus(pairs), rows["representative"], seed=seed, n_draws=n_draws)


def likeness(table: pd.DataFrame, other: str, name: Subset = "classes") -> pd.Series:
    """Return τ of every indicator with another one, both turned so that larger is better.

    Args:
        table: The table that `compared` returns, with ``test_accuracy``.
        other: The predictor to compare with.
        name: Name of the subset.
    """
    rows = subset(table, name)
    turned = oriented(rows, other)
    found = {rival: kendall_tau(oriented(rows, rival), turned).tau for rival in present(table)}
    return pd.Series(found, name=other)


def spearman(table: pd.DataFrame, accuracy: str = "test_accuracy", name: Subset = "all") -> pd.Series:
    """Return Spearman's ρ of every indicator with an accuracy, which the papers on zero-cost indicators print.

    Args:
        table: The table that `compared` returns, with the accuracy.
        accuracy: The column of accuracies, in percent.
        name: Name of the subset.
    """
    rows = subset(table, name, accuracy)
    found = {p: stats.spearmanr(oriented(rows, p), rows[accuracy]).statistic for p in present(table)}
    return pd.Series(found, name="rho", dtype=float)


def rival_tables(
    table: pd.DataFrame, accuracies: Iterable[str], *, seed: int, n_draws: int
) -> dict[str, pd.DataFrame]:
    """Return the tables of the report: "agreements" and "gaps", each with several accuracies.

    Args:
        table: The table that ``atlas(rivals=…)`` returns, with the accuracies.
        accuracies: The columns of accuracies.
        seed: Seed of the resampling.
        n_draws: Number of resamples.
    """
    rows = compared(table)
    agreements, differences = [], []
    for accuracy in accuracies:
        found = rival_agreements(rows, accuracy, seed=seed, n_draws=n_draws)
        agreements.append(agreement_table(found, rows, accuracy))
        differences.append(gaps(found).assign(accuracy=accuracy))
    return {
        "agreements": pd.concat(agreements, ignore_index=True),
        "gaps": pd.concat(differences, ignore_index=True),
    }
