"""The newer rivals on two networks, what all indicators reach together, and what is left to find: the tables.

`combinations` says by which protocol.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
from scipy import stats

from tegnas_core.indicators.names import RIVALS
from tegnas_study.analysis.ceiling import FEATURES, ceiling, out_of_fold
from tegnas_study.analysis.combinations import NAMED, candidates, choose, chooses, measured, reported
from tegnas_study.analysis.rivals import BENCHMARK_TABLE, TABLE
from tegnas_study.analysis.subsets import SIZES, oriented, subset, with_predictors
from tegnas_study.paths import ATLAS
from tegnas_study.tables.atlases import MISSING, atlas, atlas_names
from tegnas_study.tables.bootstrap import Bootstrap, bootstrap, taus

# network → tables of the atlas that hold rivals of it
NETWORKS: Mapping[str, tuple[str, ...]] = {
    "proxy": (TABLE, "rivals-newer-cifar10"),
    "benchmark's network": (BENCHMARK_TABLE,),
}
LEARNED = (25, 100, 400)  # how many classes a forest learns from, beside all of the other folds
WITHOUT_SIZE = "chosen, without size"


def network_table(
    table: pd.DataFrame, accuracy: str, *, folder: Path = ATLAS, seed: int, n_draws: int
) -> pd.DataFrame:
    """Return how well rivals agree with an accuracy on each network, over the classes that all the tables hold.

    Args:
        table: The table of `atlases.atlas` with the accuracy.
        accuracy: The column of accuracies, in percent.
        folder: The folder that holds the atlas; tables that are not there are left out.
        seed: Seed of the resampling, which draws classes.
        n_draws: Number of resamples.

    Returns:
        Columns predictor, network, tau, low, high, rho (Spearman) and n, the number of classes. The network of the
        sizes is "none".
    """
    known = set(atlas_names(folder))
    found = {n: [atlas(t, repeats=1, folder=folder) for t in names if t in known] for n, names in NETWORKS.items()}
    rows = subset(with_predictors(table), "classes", accuracy)
    for one in (one for tables in found.values() for one in tables):
        rows = rows[one.loc[rows.index, "status"] != MISSING]
    columns = {(name, "none"): oriented(rows, name) for name in SIZES}
    for network, tables in found.items():
        for one in tables:
            held = one.loc[rows.index]
            columns |= {(name, network): oriented(held, name) for name in RIVALS if name in held}
    pairs = {key: (column, rows[accuracy]) for key, column in columns.items()}
    drawn = bootstrap(taus(pairs), rows["representative"], seed=seed, n_draws=n_draws)
    rhos = [stats.spearmanr(column, rows[accuracy]).statistic for column in columns.values()]
    return _as_taus(drawn, [*columns], ["predictor", "network"]).assign(rho=rhos, n=len(rows))


def combination_tables(
    rows: pd.DataFrame, accuracy: str, *, seed: int, n_draws: int, most: int | None = None
) -> dict[str, pd.DataFrame]:
    """Return what one half of the classes chose, and what that is worth in the other.

    Args:
        rows: The table that `combinations.measured` returns.
        accuracy: The column of accuracies, in percent.
        seed: Seed of the resampling, which draws classes.
        n_draws: Number of resamples.
        most: Indicators in a candidate; None takes as many as the protocol says.

    Returns:
        "chosen": choice, combination, tau and n in the half that chooses; "reported": name, tau, low, high, n of
        the half that reports; "gains": choice, over, difference, low, high.
    """
    mine = chooses(rows["representative"])
    every = candidates() if most is None else candidates(most=most)
    among = {"chosen": every, WITHOUT_SIZE: [c for c in every if not {*SIZES} & {*c.indicators}]}
    found = {words: choose(rows[mine], some, accuracy) for words, some in among.items()}
    chosen = {words: best for words, (best, _) in found.items()}
    drawn = reported(rows[~mine], chosen, accuracy, seed=seed, n_draws=n_draws)
    gains = []
    for words in chosen:
        for other in (*NAMED, *drawn.value.index[drawn.value.index.isin(["meco", "parameters"])]):
            gap = drawn.estimate(lambda s, a=words, b=other: s[a] - s[b])
            gains.append((words, other, gap.value, gap.low, gap.high))
    values = drawn.table().rename_axis("name").reset_index().rename(columns={"value": "tau"})
    return {
        "chosen": pd.DataFrame(
            [(words, str(best), taus_of[best], int(mine.sum())) for words, (best, taus_of) in found.items()],
            columns=["choice", "combination", "tau", "n"],
        ),
        "reported": values.assign(n=int((~mine).sum())),
        "gains": pd.DataFrame(gains, columns=["choice", "over", "difference", "low", "high"]),
    }


def ceiling_table(
    rows: pd.DataFrame, accuracy: str, *, seed: int, n_draws: int, n_trees: int, n_folds: int
) -> pd.DataFrame:
    """Return how well forests order the classes that they never saw.

    Args:
        rows: The table that `combinations.measured` returns.
        accuracy: The column of accuracies, in percent.
        seed: Seed of folds, forests and resampling.
        n_draws: Number of resamples.
        n_trees: Trees of a forest.
        n_folds: Number of folds.

    Returns:
        Columns features, learned (how many classes each forest learned from), tau, low, high.
    """
    options = {"seed": seed, "n_trees": n_trees, "n_folds": n_folds}
    everything = len(rows) * (n_folds - 1) // n_folds
    keys = [(which, n) for which in FEATURES for n in (*(n for n in LEARNED if n < everything), everything)]
    made = {
        f"{which} {n}": out_of_fold(rows, which, accuracy, n_learned=n if n < everything else None, **options)
        for which, n in keys
    }
    return _as_taus(ceiling(rows, made, accuracy, seed=seed, n_draws=n_draws), keys, ["features", "learned"])


def _as_taus(drawn: Bootstrap, keys: Sequence[tuple], names: list[str]) -> pd.DataFrame:
    """Return τ and its interval as columns tau, low and high, behind what each of them is of."""
    values = drawn.table().rename(columns={"value": "tau"}).reset_index(drop=True)
    return pd.concat([pd.DataFrame(keys, columns=names), values], axis=1)


def together(
    table: pd.DataFrame,
    accuracy: str,
    *,
    name: str,
    folder: Path = ATLAS,
    seed: int,
    n_draws: int,
    n_trees: int,
    n_folds: int,
) -> dict[str, pd.DataFrame]:
    """Return all tables of this file for one accuracy, by name; arguments are those of the functions above."""
    rows = measured(table, accuracy, name=name, folder=folder)
    resampling = {"seed": seed, "n_draws": n_draws}
    return {
        "networks": network_table(table, accuracy, folder=folder, **resampling),
        **combination_tables(rows, accuracy, **resampling),
        "ceiling": ceiling_table(rows, accuracy, **resampling, n_trees=n_trees, n_folds=n_folds),
    }
