"""What do searches find, and is one way better than another? Tables 2 and 5 of the paper, with intervals.

Seeds are the examples here: a resample draws seeds, and of a seed all rows, since rows with the same method and
seed share their draws. Every difference is therefore a paired one where it can be.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.resampling import Bootstrap, Estimate, bootstrap
from tegnas_study.analysis.verdicts import verdict
from tegnas_study.tables.searches import ROW


@dataclass(frozen=True)
class Row:
    """A row of a table of searches, as `experiments.study` names it.

    Attributes:
        method: Search method.
        reward: What it is told.
        preset: "teg", "paper" or "released".
        dataset: Whose accuracy is the reward; empty where none is.
        budget: Evaluations asked for; 0 where the preset's number holds.
        source: "atlas" for values that are looked up, "live" for networks that are evaluated.
    """

    method: str
    reward: str = "teg"
    preset: str = "teg"
    dataset: str = ""
    budget: int = 0
    source: str = "atlas"

    def __str__(self) -> str:
        """Return its name among the statistics of `mean_accuracies`."""
        return "/".join(str(getattr(self, name)) for name in ROW)


def mean_accuracies(outcomes: pd.DataFrame, column: str, *, seed: int, n_draws: int) -> Bootstrap:
    """Return the mean over seeds of an accuracy, of every row of searches, by ``str(Row)``.

    Args:
        outcomes: Columns of `Row`, seed, and the accuracy; one row a search.
        column: The accuracy, percent.
        seed: Of the resampling, which draws seeds of searches.
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


def row_names(outcomes: pd.DataFrame) -> pd.Series:
    """Return ``str(Row)`` of every search."""
    first, *others = (outcomes[column].astype(str) for column in ROW)
    return first.str.cat(others, sep="/")


def by_seed(outcomes: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return one column of outcomes with a seed a row and a row of searches, by ``str(Row)``, a column.

    Raises:
        TegnasError: When a search is there twice.
    """
    names = row_names(outcomes)
    keyed = pd.DataFrame({"seed": outcomes["seed"], "row": names, "value": outcomes[column].astype(float)})
    if keyed.duplicated(["seed", "row"]).any():
        raise TegnasError("the outcomes hold a search twice; keep one row a request and seed")
    return keyed.pivot(index="seed", columns="row", values="value")[[*dict.fromkeys(names)]]


def gap(means: Bootstrap, first: Row, second: Row) -> Estimate:
    """Return by how much one row's mean is above another's, over the same resamples of seeds.

    Raises:
        TegnasError: When a row is not there.
    """
    for row in (first, second):
        if str(row) not in means.value.index:
            raise TegnasError(f"there is no row {row} among the searches; run tegnas study")
    return means.estimate(lambda s: s[str(first)] - s[str(second)])


def summary(outcomes: pd.DataFrame, means: Mapping[str, Bootstrap]) -> pd.DataFrame:
    """Return one line a row of searches and accuracy: mean, interval of the mean, deviation of a single search.

    Args:
        outcomes: As `mean_accuracies` takes it.
        means: Accuracy, a column of the outcomes → what `mean_accuracies` returned for it.

    Returns:
        Indexed by ``str(Row)``; columns accuracy, mean, low, high, sd, n (number of seeds).
    """
    parts = []
    for column, drawn in means.items():
        values = by_seed(outcomes, column)
        found = drawn.table().rename(columns={"value": "mean"}).assign(sd=values.std(), n=values.notna().sum())
        parts.append(found.assign(accuracy=column))
    return pd.concat(parts)[["accuracy", "mean", "low", "high", "sd", "n"]]


def share_better(outcomes: pd.DataFrame, column: str, first: Row, second: Row) -> float:
    """Return the share of seeds with which one row finds a better cell than another; half of the ties count."""
    values = by_seed(outcomes, column)
    difference = (values[str(first)] - values[str(second)]).dropna()
    return float(((difference > 0) + 0.5 * (difference == 0)).mean())


def split_rows(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table indexed by ``str(Row)`` with the columns of `Row` in front, and no index."""
    names = table.index.to_series().str.split("/", expand=True).set_axis([*ROW], axis=1)
    names["budget"] = names["budget"].astype(int)
    return pd.concat([names, table], axis=1).reset_index(drop=True)


def as_printed(found: pd.DataFrame) -> pd.DataFrame:
    """Return a summary as papers print it: "mean ± deviation" by row and accuracy; "mean" where nothing is drawn.

    Args:
        found: As `summary` returns it.
    """
    spread = found["sd"].map(lambda sd: f" ± {sd:.2f}" if np.isfinite(sd) else "")
    text = found["mean"].map("{:.2f}".format) + spread
    wide = pd.DataFrame({"accuracy": found["accuracy"], "text": text}).set_index("accuracy", append=True)["text"]
    return wide.unstack("accuracy").loc[[*dict.fromkeys(found.index)], [*dict.fromkeys(found["accuracy"])]]


def paired_gaps(
    means: Mapping[str, Bootstrap], pairs: Mapping[str, tuple[Row, Row]], *, by: str = "claim"
) -> pd.DataFrame:
    """Return gaps of several pairs of rows on several accuracies.

    Args:
        means: Name of an accuracy → as `mean_accuracies` returns it.
        pairs: Name → (first, second), as `gap` takes them.
        by: What the column of names is called.

    Returns:
        Columns by, accuracy, difference, low, high, and ``verdict`` on "the first is better".
    """
    rows = []
    for name, (first, second) in pairs.items():
        for accuracy, found in means.items():
            estimate = gap(found, first, second)
            rows.append((name, accuracy, estimate.value, estimate.low, estimate.high, str(verdict(estimate))))
    return pd.DataFrame(rows, columns=[by, "accuracy", "difference", "low", "high", "verdict"])


def gaps_by_draw(means: Bootstrap, method: str, other: Row) -> pd.Series:
    """Return by how much TEG is above another row on each single draw of the weights, by the draw's source.

    Args:
        means: As `mean_accuracies` returns it.
        method: Whose searches by TEG are taken, with their usual number of evaluations.
        other: What they are compared with.
    """
    rows = split_rows(means.value.rename("mean").to_frame())
    chosen = rows[(rows["method"] == method) & rows["source"].str.contains(" repeat ")].set_index("source")["mean"]
    return chosen - float(means.value[str(other)])
