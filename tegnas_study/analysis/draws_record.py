"""How well the indicators agree with accuracy, across draws of weights and batch: what the record keeps of it."""

from collections.abc import Iterable, Mapping

import pandas as pd

from tegnas_core.indicators.names import RANK_SUM
from tegnas_study.analysis.across_draws import DrawsBootstrap, as_row, draw_agreements
from tegnas_study.analysis.subsets import Subset
from tegnas_study.analysis.whole_space import best_alone
from tegnas_study.tables.bootstrap import Formula
from tegnas_study.tables.ranking import TEG

SUBSETS: tuple[Subset, ...] = ("all", "classes", "top tenth")
PREDICTORS = (*TEG, RANK_SUM, "parameters")
ALONE, SIZE = "sum above best alone", "sum above parameters"


def agreements(
    tables: Mapping[str, pd.DataFrame],
    accuracies: Iterable[str],
    subsets: Iterable[Subset] = SUBSETS,
    *,
    seed: int,
    n_draws: int,
) -> dict[str, pd.DataFrame]:
    """Return agreements and gains of the sum of ranks on several data sets and in several subsets.

    Args:
        tables: The tables that `across_draws.draw_tables` returns, with the accuracies.
        accuracies: The columns of accuracies.
        subsets: Names of the subsets.
        seed: Seed of the resampling, which draws draws and whole classes.
        n_draws: Number of resamples.

    Returns:
        "agreements", with the columns accuracy, subset, statistic and those of `across_draws.as_row`; the
        statistics are τ of each predictor and the gains `SIZE` and `ALONE`, for which ``against`` names the best
        indicator alone of that subset and accuracy. "each", with the columns accuracy, subset, draw, predictor and
        tau: what the means are made of.
    """
    rows, each, subsets = [], [], tuple(subsets)
    for accuracy in accuracies:
        for name in subsets:
            found = draw_agreements(tables, accuracy, name, PREDICTORS, seed=seed, n_draws=n_draws)
            facts = {"accuracy": accuracy, "subset": name}
            for statistic, (formula, against) in _statistics(found).items():
                numbers = as_row(found.across(formula))
                rows.append({**facts, "statistic": statistic, "against": against, **numbers})
            single = found.value.rename_axis(columns="predictor").stack().rename("tau").reset_index()
            each.append(single.assign(**facts))
    columns = ["accuracy", "subset", "draw", "predictor", "tau"]
    return {"agreements": pd.DataFrame(rows), "each": pd.concat(each, ignore_index=True)[columns]}


def _statistics(found: DrawsBootstrap) -> dict[str, tuple[Formula, str]]:
    """Return a formula for each statistic, and what it compares with."""
    alone = best_alone(found.value.mean())
    single = {name: (lambda s, name=name: s[name], "") for name in PREDICTORS}
    return {
        **single,
        ALONE: (lambda s: s[RANK_SUM] - s[alone], alone),
        SIZE: (lambda s: s[RANK_SUM] - s["parameters"], "parameters"),
    }
