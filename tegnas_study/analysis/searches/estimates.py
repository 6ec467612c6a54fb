"""What do searches find, and is one way better than another? Tables 2 and 5 of the paper, with intervals.

Seeds are the examples here: a resample draws seeds, and of a seed all rows, since rows with the same method and
seed share their draws. Every difference is therefore a paired one where it can be.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.verdicts import verdict
from tegnas_study.tables.bootstrap import Bootstrap, Estimate, bootstrap
from tegnas_study.tables.study_rows import ROW, StudyRow, ValueSource, row_of_each

ACCURACIES = {  # what Tables 2 and 5 say of a found cell, and the column of outcomes that knows it
    "CIFAR-10 test": "derived cifar10 test",
    "CIFAR-10 valid": "derived cifar10 valid",
    "CIFAR-100 test": "derived cifar100 test",
    "ImageNet16-120 test": "derived ImageNet16-120 test",
}


def mean_accuracies(outcomes: pd.DataFrame, column: str, *, seed: int, n_draws: int) -> Bootstrap:
    """Return the mean over seeds of an accuracy, of every row of searches, by `StudyRow`.

    Args:
        outcomes: One row for each search, with the columns `ROW`, seed, and the accuracy.
        column: The column of accuracies, in percent.
        seed: Seed of the resampling, which draws seeds of searches.
        n_draws: Number of resamples.

    Raises:
        TegnasError: When a search is there twice.
    """
    values = by_seed(outcomes, column)
    known = values.notna().to_numpy(float)
    filled = values.fillna(0.0).to_numpy(float)

    def means(counts: np.ndarray) -> Mapping[str, float]:
        with np.errstate(invalid="ignore"):
            found = (counts @ filled) / (counts @ known)
        return dict(zip(values.columns, found, strict=True))

    return bootstrap(means, values.index.to_numpy(), seed=seed, n_draws=n_draws)


def found_accuracies(
    outcomes: pd.DataFrame, *, seed: int, n_draws: int
) -> tuple[dict[str, Bootstrap], pd.DataFrame]:
    """Return the means of all four `ACCURACIES`, by their names, and the `summary` of them.

    Args:
        outcomes: One row for each search, with the columns `ROW`, seed, and the four accuracies.
        seed: Seed of the resampling.
        n_draws: Number of resamples.

    Raises:
        TegnasError: When a search is there twice.
    """
    drawn = {c: mean_accuracies(outcomes, c, seed=seed, n_draws=n_draws) for c in ACCURACIES.values()}
    return {name: drawn[column] for name, column in ACCURACIES.items()}, summary(outcomes, drawn)


def by_seed(outcomes: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return one column of outcomes with a seed in each row and a `StudyRow` in each column.

    Raises:
        TegnasError: When a search is there twice.
    """
    rows = row_of_each(outcomes)
    keyed = pd.DataFrame({"seed": outcomes["seed"], "row": rows, "value": outcomes[column].astype(float)})
    if keyed.duplicated(["seed", "row"]).any():
        raise TegnasError("the outcomes hold a search twice; keep one of each row and seed")
    numbers = {row: number for number, row in enumerate(dict.fromkeys(rows))}  # a pivot sorts its columns
    wide = keyed.assign(row=rows.map(numbers)).pivot(index="seed", columns="row", values="value")
    return wide.set_axis(pd.Index([*numbers], dtype=object), axis=1)


def gap(means: Bootstrap, first: StudyRow, second: StudyRow) -> Estimate:
    """Return by how much one row's mean is above another's, over the same resamples of seeds.

    Raises:
        TegnasError: When a row is not there.
    """
    for row in (first, second):
        if row not in means.value.index:
            raise TegnasError(f"there is no row ({row}) among the searches; run tegnas study")
    return means.estimate(lambda s: s[first] - s[second])


def summary(outcomes: pd.DataFrame, means: Mapping[str, Bootstrap]) -> pd.DataFrame:
    """Return the mean of each row and accuracy, its interval, and the deviation of a single search.

    Args:
        outcomes: The table that `mean_accuracies` took.
        means: A column of accuracies → the bootstrap that `mean_accuracies` returned for it.

    Returns:
        Indexed by `StudyRow`; columns accuracy, mean, low, high, sd, n (number of seeds).
    """
    parts = []
    for column, drawn in means.items():
        values = by_seed(outcomes, column)
        found = drawn.table().rename(columns={"value": "mean"}).assign(sd=values.std(), n=values.notna().sum())
        parts.append(found.assign(accuracy=column))
    return pd.concat(parts)[["accuracy", "mean", "low", "high", "sd", "n"]]


def with_row_columns(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table indexed by `StudyRow` with the columns `ROW` in front, and no index."""
    fields = {name: [getattr(row, name) for row in table.index] for name in ROW}
    return pd.concat([pd.DataFrame(fields), table.reset_index(drop=True)], axis=1)


def as_printed(found: pd.DataFrame) -> pd.DataFrame:
    """Return a summary as papers print it: "mean ± deviation" by row and accuracy; "mean" where nothing is drawn.

    Args:
        found: The table that `summary` returns.
    """
    spread = found["sd"].map(lambda sd: f" ± {sd:.2f}" if np.isfinite(sd) else "")
    text = found["mean"].map("{:.2f}".format) + spread
    columns = {name: text[found["accuracy"] == name] for name in dict.fromkeys(found["accuracy"])}
    return pd.DataFrame(columns).reindex([*dict.fromkeys(found.index)])


def paired_gaps(
    means: Mapping[str, Bootstrap], pairs: Mapping[str, tuple[StudyRow, StudyRow]], *, by: str = "claim"
) -> pd.DataFrame:
    """Return gaps of several pairs of rows on several accuracies.

    Args:
        means: Name of an accuracy → the bootstrap that `mean_accuracies` returns for it.
        pairs: Name → the first and the second row, of which `gap` takes the difference.
        by: Name of the column that holds the names.

    Returns:
        Columns by, accuracy, difference, low, high, and ``verdict`` on "the first is better".
    """
    rows = []
    for name, (first, second) in pairs.items():
        for accuracy, found in means.items():
            estimate = gap(found, first, second)
            rows.append((name, accuracy, estimate.value, estimate.low, estimate.high, str(verdict(estimate))))
    return pd.DataFrame(rows, columns=[by, "accuracy", "difference", "low", "high", "verdict"])


def gaps_by_draw(means: Bootstrap, method: str, other: StudyRow) -> dict[ValueSource, float]:
    """Return by how much TEG is above another row on each single draw of the weights.

    Args:
        means: The bootstrap that `mean_accuracies` returns.
        method: The method whose searches by TEG are taken, with their usual number of evaluations.
        other: The row that they are compared with.
    """
    by_teg = [row for row in means.value.index if (row.method, row.reward) == (method, "teg")]
    own = [row for row in by_teg if row.source.is_one_draw]
    return {row.source: float(means.value[row]) - float(means.value[other]) for row in own}
