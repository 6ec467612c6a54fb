"""Does sharing weights beat theory? What supernets name, and what theory finds in the same seconds.

Seeds are few here, since each is a training. Their spread therefore comes with Student's t and not from drawing
seeds anew, and below `FEW` seeds there is no interval and no verdict.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

from tegnas_core.errors import TegnasError
from tegnas_study.tables.atlases import one_draw, seed_tables
from tegnas_study.tables.bootstrap import LEVEL, Estimate
from tegnas_study.tables.ranking import rank_sum

FEW = 3  # seeds below which nothing is said about other seeds
PAPER_NAMES: Mapping[str, str] = {
    "rsps": "RSPS",
    "enas": "ENAS",
    "darts": "DARTS (1st)",
    "darts-2nd": "DARTS (2nd)",
    "gdas": "GDAS",
    "fp-nas": "FP-NAS",
}
"""Method → its row in the paper's Table 2, in its order."""


def ends(record: pd.DataFrame) -> pd.DataFrame:
    """Return the last epoch of every training, with its seconds summed up over the epochs.

    Args:
        record: One row an epoch: method, size, seed, epoch, derived, seconds and more.
    """
    runs = ["method", "size", "seed"]
    ordered = record.sort_values([*runs, "epoch"])
    total = ordered.groupby(runs, as_index=False)["seconds"].sum()
    return ordered.drop(columns="seconds").groupby(runs, as_index=False).tail(1).merge(total, on=runs)


def mean_of_seeds(values: ArrayLike, *, seed: int, n_draws: int) -> Estimate:
    """Return a mean over seeds with an interval by Student's t: mean + t · s / √n, n − 1 degrees of freedom.

    Args:
        values: One number for each seed.
        seed: Seed of the draws of t.
        n_draws: Number of draws.

    Returns:
        An estimate whose ends are nan when there are fewer than `FEW` seeds.

    Raises:
        TegnasError: When there is no value.
    """
    known = np.asarray(values, float)
    known = known[np.isfinite(known)]
    if not len(known):
        raise TegnasError("a mean over seeds needs at least one seed")
    drawn = _means(known, seed, n_draws)
    return _estimate(float(known.mean()), drawn if len(known) >= FEW else np.array([]), n_draws)


def gap_of_seeds(first: ArrayLike, second: ArrayLike, *, seed: int, n_draws: int) -> Estimate:
    """Return the mean of the first minus that of the second, each with its spread over independent seeds.

    Args:
        first: One number for each seed.
        second: One number for each seed, or for each draw.
        seed: Seed of the draws of t.
        n_draws: Number of draws.
    """
    sides = [np.asarray(side, float) for side in (first, second)]
    sides = [side[np.isfinite(side)] for side in sides]
    if not all(len(side) for side in sides):
        raise TegnasError("a difference needs at least one seed on both sides")
    value = float(sides[0].mean() - sides[1].mean())
    drawn = _means(sides[0], seed, n_draws) - _means(sides[1], seed + 1, n_draws)
    return _estimate(value, drawn if min(map(len, sides)) >= FEW else np.array([]), n_draws)


def _means(values: np.ndarray, seed: int, n_draws: int) -> np.ndarray:
    if len(values) < 2:
        return np.full(n_draws, np.nan)
    t = stats.t.rvs(len(values) - 1, size=n_draws, random_state=np.random.default_rng(seed))
    return values.mean() + t * values.std(ddof=1) / np.sqrt(len(values))


def _estimate(value: float, drawn: np.ndarray, n_draws: int) -> Estimate:
    if not len(drawn):
        return Estimate(value, float("nan"), float("nan"), n_draws)
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Estimate(value, float(low), float(high), n_draws)


def seeds_in_words(numbers: Sequence[int]) -> str:
    """Return how many seeds rows have.

    >>> seeds_in_words([3, 3]), seeds_in_words([1, 3])
    ('3 seeds', '1 to 3 seeds')
    """
    low, high = min(numbers), max(numbers)
    return f"{low} seed{'s' * (low != 1)}" if low == high else f"{low} to {high} seeds"


def span(low: float, high: float, digits: int = 0) -> str:
    """Return two numbers as a span, and one number where they are written alike.

    >>> span(43.2, 105.1), span(79.0, 79.2)
    ('43 to 105', '79')
    """
    texts = [f"{number:.{digits}f}" for number in (low, high)]
    return texts[0] if texts[0] == texts[1] else " to ".join(texts)


def in_words(found: Estimate, digits: int = 2) -> str:
    """Return an estimate with its interval, or say that there are too few seeds for one.

    >>> in_words(Estimate(-0.5, float("nan"), float("nan")))
    '−0.50, too few seeds for an interval'
    """
    if np.isfinite(found.low):
        return format(found, f".{digits}f")
    return f"{found.value:.{digits}f}, too few seeds for an interval".replace("-", "−")


# Table 2

HOW = ("run here", "run here, reduced size", "looked up", "quoted only")


def how_each_was_run(
    quoted: Sequence[str], *, live: Sequence[str], looked_up: Sequence[str], reduced: Sequence[str]
) -> pd.Series:
    """Return one of `HOW` for each row of the paper's Table 2.

    A row that stands in several lists has the first that applies.

    Args:
        quoted: All rows of the table.
        live: Rows whose networks were evaluated here, at the paper's size.
        looked_up: Rows that were searched by look-ups.
        reduced: Rows whose supernets were trained here at the reduced size.
    """
    lists = dict(zip(HOW, (live, reduced, looked_up), strict=False))
    return pd.Series({row: next((how for how, rows in lists.items() if row in rows), HOW[-1]) for row in quoted})


def sharing_cells(record: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return "mean ± deviation" of what each method names in the end, by the names of the paper.

    Args:
        record: As for `ends`, with columns of accuracies.
        columns: Name of an accuracy → its column.

    Returns:
        One row for each method of the record, in the paper's order: accuracies, seeds, and the mean seconds.
    """
    last, rows = ends(record), {}
    for method, name in PAPER_NAMES.items():
        mine = last[last["method"] == method]
        if mine.empty:
            continue
        cells = {words: _printed(mine[column]) for words, column in columns.items()}
        rows[name] = {**cells, "seeds": len(mine), "seconds": round(float(mine["seconds"].mean()), 1)}
    return pd.DataFrame.from_dict(rows, orient="index")


def beside_paper(how: pd.Series, ours: pd.DataFrame, printed: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Return Table 2 with our cells beside the paper's.

    Args:
        how: How each row was run, in the paper's order.
        ours: Our cells by row and accuracy; rows may be missing.
        printed: Accuracy → the paper's cells by row.

    Returns:
        One row for each of `how`: here (how it was run), then for each accuracy ours and "…, paper"; an empty text
        where there is nothing.
    """
    columns = {"here": how}
    for accuracy, cells in printed.items():
        columns[accuracy] = ours[accuracy].reindex(how.index).fillna("")
        columns[f"{accuracy}, paper"] = cells.reindex(how.index)
    return pd.DataFrame(columns)


def _printed(values: pd.Series) -> str:
    text = f"{values.mean():.2f}"
    return text if len(values) < 2 else f"{text} ± {values.std():.2f}"


# Equal seconds


def with_evaluations(last: pd.DataFrame) -> pd.DataFrame:
    """Return trainings with the column ``evaluations``: how many by TEG fit into the seconds of each.

    An evaluation has the seconds that it took beside that very training, so that both met the same machine.

    Args:
        last: The table that `ends` returns, with seconds and teg_seconds.

    Raises:
        TegnasError: When no evaluation fits into a training.
    """
    found = last.assign(evaluations=(last["seconds"] / last["teg_seconds"]).astype(int))
    short = found[found["evaluations"] < 1]
    if len(short):
        row = short.iloc[0]
        raise TegnasError(f"no evaluation of {row['teg_seconds']:.2f} s fits into {row['seconds']:.2f} s")
    return found


def teg_in_the_same_seconds(
    trainings: pd.DataFrame, accuracy: pd.Series, *, n: int, seed: int, tables: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return what random search by TEG finds in the seconds of each method, on every draw of the weights.

    For each training it evaluates as many random cells as fit, one repeat each, and takes the one with the best
    sum of ranks.

    Args:
        trainings: The table that `with_evaluations` returns.
        accuracy: Accuracies by architecture string.
        n: Searches for each training and draw.
        seed: Seed of the searches.
        tables: Names of tables of the atlas, whose first repeat is a draw; None takes all seeds.

    Returns:
        The mean accuracy over searches and trainings: one row a table, one column a method.
    """
    found = {}
    for place, table in enumerate(tables or seed_tables()):
        values, rng = one_draw(table), np.random.default_rng([seed, place])
        each = [_mean_found(values, k, accuracy, n, rng) for k in trainings["evaluations"]]
        found[table] = pd.Series(each, index=trainings["method"]).groupby(level=0).mean()
    return pd.DataFrame.from_dict(found, orient="index")


def _mean_found(
    values: pd.DataFrame, n_cells: int, accuracy: pd.Series, n: int, rng: np.random.Generator
) -> float:
    best = []
    for _ in range(n):
        drawn = values.iloc[rng.choice(len(values), min(n_cells, len(values)), replace=False)]
        best.append(rank_sum(drawn).idxmin())
    return float(accuracy[best].mean())
