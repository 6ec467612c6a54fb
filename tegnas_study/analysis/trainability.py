"""Is κ trainability? Whether it knows who learns fast, and what it knows once everything has been learnt.

An indicator of trainability should tell best after few epochs, where the speed of learning decides, and should
have nothing to say about the gap between training and test accuracy of networks that all fit their images.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from tegnas_core.indicators.names import RANK_SUM
from tegnas_study.analysis.across_draws import Pairs, as_row, draw_agreements, taus_across_draws
from tegnas_study.analysis.subsets import evaluated, oriented, subset
from tegnas_study.tables.bootstrap import bootstrap, taus
from tegnas_study.tables.ranking import TEG

PREDICTORS = (*TEG, RANK_SUM, "parameters")
# Epoch → the column of test accuracies. The first two are from the run of 12 epochs.
EPOCHS: Mapping[int, str] = {
    1: "cifar10_test_12_epoch_01",
    12: "cifar10_test_12_epoch_12",
    200: "cifar10_test_200",
}
TRAIN, TEST = "cifar10_valid_train_acc_200", "cifar10_valid_test_acc_200"
FITTED = 99.0  # percent of the training images, above which a cell counts as fitted
# Other trainings of the same architectures: by others, and by the benchmark with half of the images.
OTHER_RUNS: Mapping[str, str] = {"trained anew by others": "cifar10_test_retrained", "half of the images": TEST}


def by_epoch(tables: Mapping[str, pd.DataFrame], *, seed: int, n_draws: int) -> pd.DataFrame:
    """Return the agreement with test accuracy after 1, 12 and 200 epochs, across draws of weights and batch.

    Args:
        tables: The tables that `across_draws.draw_tables` returns, with the columns of the benchmark.
        seed: Seed of the resampling, which draws draws and whole classes.
        n_draws: Number of resamples.

    Returns:
        Columns epoch, statistic and those of `across_draws.as_row`; a statistic is τ of a predictor, or "R above
        κ", the difference of the two. Epochs that the benchmark does not know are left out.
    """
    rows, known = [], next(iter(tables.values())).columns
    for epoch, accuracy in ((epoch, column) for epoch, column in EPOCHS.items() if column in known):
        found = draw_agreements(tables, accuracy, "all", PREDICTORS, seed=seed, n_draws=n_draws)
        formulas = {name: (lambda s, name=name: s[name]) for name in PREDICTORS}
        formulas["R above κ"] = lambda s: s["linear_regions"] - s["condition_number"]
        rows += [{"epoch": epoch, "statistic": n, **as_row(found.across(f))} for n, f in formulas.items()]
    return pd.DataFrame(rows)


def gap_of_fitted(tables: Mapping[str, pd.DataFrame], *, seed: int, n_draws: int) -> pd.DataFrame:
    """Return the agreement with a *small* gap of training and test accuracy, among cells that fit their images.

    The cells are those above `FITTED` % training accuracy under the protocol with 25,000 images.

    Args:
        tables: The tables that `across_draws.draw_tables` returns, with the columns of the benchmark.
        seed: Seed of the resampling, which draws draws and whole classes.
        n_draws: Number of resamples.

    Returns:
        Columns statistic (the predictor), n (cells) and those of `across_draws.as_row`; positive where an
        indicator that calls a cell better goes with a smaller gap. No rows when fewer than two cells fit.
    """
    if (next(iter(tables.values()))[TRAIN] > FITTED).sum() < 2:
        return pd.DataFrame()
    chosen = {draw: table[table[TRAIN] > FITTED] for draw, table in tables.items()}
    rows = {draw: subset(evaluated(table), "all", TEST) for draw, table in chosen.items()}

    def pairs(part: pd.DataFrame, names: Sequence[str]) -> Pairs:
        return {name: (oriented(part, name), part[TEST] - part[TRAIN]) for name in names}

    found = taus_across_draws(rows, pairs, PREDICTORS[:-1], PREDICTORS[-1:], seed=seed, n_draws=n_draws)
    table = found.table().rename_axis("statistic").reset_index()
    return table.assign(n=len(next(iter(rows.values()))))


def ceilings(table: pd.DataFrame, accuracy: str = EPOCHS[200], *, seed: int, n_draws: int) -> pd.DataFrame:
    """Return how far two trainings of the same architectures agree: no predictor can be expected to do better.

    A perfect predictor of one training run is that run itself, so its τ with another run is the ceiling.

    Args:
        table: The table with the columns of the benchmarks.
        accuracy: The column that selects the subsets.
        seed: Seed of the resampling, which draws whole classes.
        n_draws: Number of resamples.

    Returns:
        Columns other (which training), subset, n, tau, low, high; no rows for a training that is not known.
    """
    rows = []
    for other, column in ((other, column) for other, column in OTHER_RUNS.items() if column in table.columns):
        for name in ("all", "classes", "top tenth"):
            part = subset(table[table[column].notna()], name, accuracy)
            statistic = taus({"τ": (part[column], part[accuracy])})
            found = bootstrap(statistic, part["representative"], seed=seed, n_draws=n_draws)
            rows.append((other, name, len(part), *found.estimate("τ").numbers))
    return pd.DataFrame(rows, columns=["other", "subset", "n", "tau", "low", "high"])
