"""Does R prefer training accuracy, and MSE test accuracy? The paper's reading of Fig. 1, tested in pairs.

Training and test accuracy order architectures nearly alike, so the two τ of an indicator differ by little, and the
intervals of each alone say nothing: what counts is the difference over the same architectures.
"""

from collections.abc import Mapping, Sequence
from functools import partial

import pandas as pd

from tegnas_core.indicators.names import RANK_SUM, TEG
from tegnas_study.analysis.across_draws import as_row, taus_across_draws
from tegnas_study.analysis.subsets import Subset, oriented, subset
from tegnas_study.tables.bootstrap import Bootstrap, Formula, Name, bootstrap, taus

PREDICTORS = (*TEG, RANK_SUM, "parameters")

# Training measure, its direction, and the test accuracy of the same training runs.
PROTOCOLS: Mapping[str, tuple[str, bool, str]] = {
    "50,000 images, accuracy": ("cifar10_train_acc_200", True, "cifar10_test_200"),
    "25,000 images, accuracy": ("cifar10_valid_train_acc_200", True, "cifar10_valid_test_acc_200"),
    "25,000 images, loss": ("cifar10_valid_train_loss_200", False, "cifar10_valid_test_acc_200"),
}


def _prefers_train(name: str) -> Formula:
    return lambda s: s[name, "train"] - s[name, "test"]


# Positive when the claim is true.
CLAIMS: Mapping[str, Formula] = {
    "R agrees more with training": _prefers_train("linear_regions"),
    "MSE agrees more with test": lambda s: -_prefers_train("regression_error")(s),
    "R prefers training more than MSE does": lambda s: (
        _prefers_train("linear_regions")(s) - _prefers_train("regression_error")(s)
    ),
    "κ agrees more with training": _prefers_train("condition_number"),
    "parameters agree more with training": _prefers_train("parameters"),
}


def train_and_test(
    table: pd.DataFrame,
    train: str,
    test: str,
    name: Subset = "all",
    *,
    higher_is_better: bool = True,
    selected_by: str | None = None,
    seed: int,
    n_draws: int,
) -> Bootstrap:
    """Return the agreement of each predictor with training and with test, over the same architectures.

    Args:
        table: The table that `subsets.with_predictors` returns, with both columns.
        train: The column of training accuracies, or of training losses.
        test: The column of test accuracies.
        name: Name of the subset.
        higher_is_better: False for a training loss.
        selected_by: Accuracy that selects the subset; None takes ``test``. Choosing the best by one of the two
            shortens its range and with it its τ, so a top tenth should be looked at both ways.
        seed: Seed of the resampling, which draws whole classes.
        n_draws: Number of resamples.

    Returns:
        Statistics named (predictor, "train") and (predictor, "test").
    """
    rows = subset(table[table[train].notna() & table[test].notna()], name, selected_by or test)
    statistic = taus(_pairs(rows, PREDICTORS, train=train, test=test, higher_is_better=higher_is_better))
    return bootstrap(statistic, rows["representative"], seed=seed, n_draws=n_draws)


def _pairs(
    rows: pd.DataFrame, predictors: Sequence[str], *, train: str, test: str, higher_is_better: bool
) -> dict[Name, tuple[pd.Series, pd.Series]]:
    measures = {"train": rows[train] if higher_is_better else -rows[train], "test": rows[test]}
    return {
        (predictor, split): (oriented(rows, predictor), measure)
        for predictor in predictors
        for split, measure in measures.items()
    }


def claims_across_draws(tables: Mapping[str, pd.DataFrame], *, seed: int, n_draws: int) -> pd.DataFrame:
    """Return every claim of `claim_table`, with draws of weights and batch as the units.

    Args:
        tables: The tables that `across_draws.draw_tables` returns, with the columns of the benchmark.
        seed: Seed of the resampling, which draws draws and whole classes.
        n_draws: Number of resamples.

    Returns:
        Columns protocol, subset, claim, then those of `across_draws.as_row`. A positive difference agrees with the
        claim.
    """
    parts = []
    for protocol, (train, higher, test) in PROTOCOLS.items():
        known = {d: table[table[train].notna() & table[test].notna()] for d, table in tables.items()}
        pairs = partial(_pairs, train=train, test=test, higher_is_better=higher)
        for words, name, by in _cases(train, test, higher_is_better=higher):
            rows = {draw: subset(table, name, by) for draw, table in known.items()}
            found = taus_across_draws(rows, pairs, PREDICTORS[:-1], PREDICTORS[-1:], seed=seed, n_draws=n_draws)
            for claim, formula in CLAIMS.items():
                numbers = as_row(found.across(formula))
                parts.append({"protocol": protocol, "subset": words, "claim": claim, **numbers})
    return pd.DataFrame(parts)


def _cases(train: str, test: str, *, higher_is_better: bool) -> list[tuple[str, Subset, str]]:
    """Return the subsets of a protocol: what each is called, its name, and the accuracy that chooses it."""
    cases: list[tuple[str, Subset, str]] = [
        ("all", "all", test),
        ("connected", "connected", test),
        ("classes", "classes", test),
        ("top tenth by test", "top tenth", test),
    ]
    return [*cases, ("top tenth by training", "top tenth", train)] if higher_is_better else cases


def claim_table(table: pd.DataFrame, *, seed: int, n_draws: int) -> pd.DataFrame:
    """Return every claim under every protocol of `PROTOCOLS`, over all architectures and among the best.

    Args:
        table: The same table as in `train_and_test`, with the columns of the benchmark.
        seed: Seed of the resampling.
        n_draws: Number of resamples.

    Returns:
        Columns protocol, subset, claim, n, difference, low, high. The difference is one of two τ (or of two
        such differences) and is positive when the claim is true.
    """
    parts = []
    for protocol, (train, higher, test) in PROTOCOLS.items():
        cases = _cases(train, test, higher_is_better=higher)
        for words, name, by in cases:
            options = {"higher_is_better": higher, "selected_by": by, "seed": seed, "n_draws": n_draws}
            found = train_and_test(table, train, test, name, **options)
            n = len(subset(table[table[train].notna() & table[test].notna()], name, by))
            for claim, formula in CLAIMS.items():
                estimate = found.estimate(formula)
                parts.append((protocol, words, claim, n, estimate.value, estimate.low, estimate.high))
    columns = ["protocol", "subset", "claim", "n", "difference", "low", "high"]
    return pd.DataFrame(parts, columns=columns)


def level_table(table: pd.DataFrame, *, seed: int, n_draws: int) -> pd.DataFrame:
    """Return the agreements that the differences are made of, over all architectures.

    Returns:
        Columns protocol, predictor, split, tau, low, high.
    """
    parts = []
    for protocol, (train, higher, test) in PROTOCOLS.items():
        found = train_and_test(table, train, test, higher_is_better=higher, seed=seed, n_draws=n_draws)
        for predictor in PREDICTORS:
            for split in ("train", "test"):
                estimate = found.estimate((predictor, split))
                parts.append((protocol, predictor, split, estimate.value, estimate.low, estimate.high))
    return pd.DataFrame(parts, columns=["protocol", "predictor", "split", "tau", "low", "high"])
