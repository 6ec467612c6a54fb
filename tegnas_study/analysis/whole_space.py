"""Indicators against accuracy over the whole space: the paper's Fig. 1, with how sure each number is.

Agreement is Kendall's τ-b with the indicator turned so that larger is better; a larger τ then is always better.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_core.indicators.names import CONDITION_NUMBER, RANK_SUM, TEG
from tegnas_study.analysis.subsets import COUNTS, DIRECTIONS, PREDICTORS, Subset, oriented, subset
from tegnas_study.tables.bootstrap import Bootstrap, Estimate, bootstrap, taus, taus_within
from tegnas_study.tables.ranking import precision_at_k, ranks

# Axes of the panels of Fig. 1 that span several powers of ten.
LOGARITHMIC = (CONDITION_NUMBER.name,)
PANELS = (*TEG, RANK_SUM)
N_BINS = 40


def agreements(
    table: pd.DataFrame,
    accuracy: str = "test_accuracy",
    name: Subset = "all",
    predictors: Sequence[str] = PREDICTORS,
    *,
    seed: int,
    n_draws: int,
) -> Bootstrap:
    """Return the agreement of several predictors with an accuracy in one subset.

    Args:
        table: The table that `subsets.with_predictors` returns, with the accuracy.
        accuracy: The column of accuracies, in percent.
        name: Name of the subset.
        predictors: Columns, or "rank_sum".
        seed: Seed of the resampling, which draws whole classes.
        n_draws: Number of resamples.
    """
    rows = subset(table, name, accuracy)
    pairs = {predictor: (oriented(rows, predictor), rows[accuracy]) for predictor in predictors}
    return bootstrap(taus(pairs), rows["representative"], seed=seed, n_draws=n_draws)


def equal_size_agreements(
    table: pd.DataFrame,
    accuracy: str = "test_accuracy",
    predictors: Sequence[str] = PREDICTORS,
    *,
    seed: int,
    n_draws: int,
) -> Bootstrap:
    """Return the agreement among pairs of connected architectures with equally many parameters.

    What is left of an indicator when counting parameters cannot help; see `bootstrap.taus_within`. Predictors
    that count, and so are equal within every such pair, are left out.
    """
    rows = subset(table, "connected", accuracy)
    chosen = [predictor for predictor in predictors if predictor not in COUNTS]
    pairs = {predictor: (oriented(rows, predictor), rows[accuracy]) for predictor in chosen}
    statistic = taus_within(pairs, rows["parameters"])
    return bootstrap(statistic, rows["representative"], seed=seed, n_draws=n_draws)


def agreements_by_subset(
    table: pd.DataFrame,
    accuracy: str = "test_accuracy",
    subsets: Iterable[Subset] = ("all", "connected", "classes", "top tenth"),
    predictors: Sequence[str] = PREDICTORS,
    *,
    seed: int,
    n_draws: int,
) -> dict[str, Bootstrap]:
    """Return the agreements in several subsets, and among pairs of equal size under the name "equal size".

    Args:
        table: The same table as in `agreements`.
        accuracy: The column of accuracies, in percent.
        subsets: Names of the subsets.
        predictors: Columns, or "rank_sum".
        seed: Seed of the resampling.
        n_draws: Number of resamples.
    """
    options = {"predictors": predictors, "seed": seed, "n_draws": n_draws}
    found = {name: agreements(table, accuracy, name, **options) for name in subsets}
    return {**found, "equal size": equal_size_agreements(table, accuracy, **options)}


def best_alone(agreements: pd.Series) -> str:
    """Return the one of κ, R and MSE that agrees most, by agreements of one subset and one accuracy.

    Which one it is differs from subset to subset, so it is asked for where it is compared.
    """
    return str(agreements[[*TEG]].astype(float).idxmax())


def gain_of_sum(found: Bootstrap) -> tuple[str, Estimate]:
    """Return the best indicator alone and by how much the sum of ranks agrees better, both in the same subset.

    Args:
        found: The agreements of one subset that `agreements` returns.
    """
    alone = best_alone(found.value)
    return alone, found.estimate(lambda s: s[RANK_SUM] - s[alone])


def agreement_table(
    found: Mapping[str, Bootstrap], table: pd.DataFrame, accuracy: str = "test_accuracy"
) -> pd.DataFrame:
    """Return the agreements in several subsets as one table.

    Args:
        found: The bootstraps by subset that `agreements_by_subset` returns.
        table: The table that they were computed from.
        accuracy: The column of accuracies that they were computed from.

    Returns:
        Columns accuracy, subset, predictor, n (architectures), n_classes, tau, low, high.
    """
    parts = []
    for name, result in found.items():
        rows = subset(table, "connected" if name == "equal size" else name, accuracy)
        facts = {"accuracy": accuracy, "subset": name, "n": len(rows)}
        facts["n_classes"] = rows["representative"].nunique()
        numbers = result.table().rename(columns={"value": "tau"}).rename_axis("predictor").reset_index()
        parts.append(numbers.assign(**facts))
    columns = ["accuracy", "subset", "predictor", "n", "n_classes", "tau", "low", "high"]
    return pd.concat(parts, ignore_index=True)[columns]


def panel_words(agreements: pd.DataFrame) -> dict[str, str]:
    """Return what stands above each panel of Fig. 1: τ with its interval, and with its sign.

    Args:
        agreements: Columns predictor, tau, low, high, of one accuracy and subset.
    """
    words = {}
    for row in agreements.itertuples():
        turned = Estimate(row.tau, row.low, row.high)
        words[row.predictor] = f"τ = {turned if DIRECTIONS[row.predictor] else -turned}".replace(" [", "\n[")
    return words


def precision_table(
    table: pd.DataFrame, ks: Sequence[int], accuracy: str = "test_accuracy", predictors: Sequence[str] = PREDICTORS
) -> pd.DataFrame:
    """Return what each predictor's first choices are worth.

    Args:
        table: The same table as in `agreements`.
        ks: Sizes of the short list; those larger than the space are left out.
        accuracy: The column of accuracies, in percent.
        predictors: Columns, or "rank_sum".

    Returns:
        One row for each predictor and k: ``precision``, the share of its k first that are among the k most
        accurate (`ranking.precision_at_k`); ``chance``, what random choice reaches; ``first``, the mean accuracy
        of what it ranks first, and ``best``, the best accuracy there is.
    """
    rows = subset(table, "all", accuracy)
    found = []
    for predictor in predictors:
        places = ranks(rows[predictor], higher_is_better=DIRECTIONS[predictor])
        first = rows[accuracy][places == places.min()].mean()
        for k in (k for k in ks if k <= len(rows)):
            precision = precision_at_k(places, rows[accuracy], k, higher_is_better=False)
            found.append((predictor, k, precision, k / len(rows), first, rows[accuracy].max()))
    return pd.DataFrame(found, columns=["predictor", "k", "precision", "chance", "first", "best"])


def binned(
    table: pd.DataFrame, predictor: str, accuracy: str = "test_accuracy", *, n_bins: int = N_BINS
) -> pd.DataFrame:
    """Return how many architectures lie where in the panel of a predictor: thousands of dots as a small table.

    The bins of κ are equal on a logarithmic axis; those of an accuracy are equal in −log(101 − accuracy), as the
    figures draw it. Failures, which have no place on the axis, are left out.

    Returns:
        Columns predictor, accuracy, x_low, x_high, y_low, y_high, count; only bins that hold something.
    """
    rows = subset(table, "all", accuracy)
    rows = rows[np.isfinite(rows[predictor])]
    if rows.empty:
        raise TegnasError(f"no architecture has a finite {predictor}")
    x_edges = _edges(rows[predictor], n_bins, np.log, np.exp) if predictor in LOGARITHMIC else None
    x_edges = _edges(rows[predictor], n_bins) if x_edges is None else x_edges
    y_edges = _edges(rows[accuracy], n_bins, lambda a: -np.log10(101 - a), lambda s: 101 - 10.0**-s)
    counts, _, _ = np.histogram2d(rows[predictor], rows[accuracy], bins=(x_edges, y_edges))
    i, j = np.nonzero(counts)
    columns = {"x_low": x_edges[i], "x_high": x_edges[i + 1], "y_low": y_edges[j], "y_high": y_edges[j + 1]}
    facts = {"predictor": predictor, "accuracy": accuracy}
    return pd.DataFrame({**columns, "count": counts[i, j].astype(int)}).assign(**facts)


def _edges(values: pd.Series, n_bins: int, there=np.asarray, back=np.asarray) -> np.ndarray:
    """Return ends of bins that are equal on the scale ``there`` and hold the smallest and the largest value."""
    low, high = float(values.min()), float(values.max())
    edges = np.array(back(np.linspace(there(low), there(high), n_bins + 1)), float)
    edges[0], edges[-1] = low, high if high > low else low + 1
    return edges
