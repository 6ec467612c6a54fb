"""Computations about searches on NAS-Bench-201: Tables 2 and 5 of the paper, across draws of weights and batch."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.records import read_record
from tegnas_study.analysis.searches import cost as search_cost
from tegnas_study.analysis.searches import rows
from tegnas_study.data.quoted import quoted_table
from tegnas_study.ledger.finding import (
    DRAWS,
    Finding,
    difference_over_draws,
    exact,
    of_four_searches,
    over_draws_and_seeds,
)
from tegnas_study.ledger.sources import Sources
from tegnas_study.tables.bootstrap import Estimate, bootstrap
from tegnas_study.tables.study_rows import StudyRow

_SEEDS = "seeds, each with its own weights"
_PERCENT = {"suffix": " %"}
_GAP = {"spec": "+.2f", "suffix": " %"}


def reached(sources: Sources, row: StudyRow, accuracy: str) -> pd.Series:
    """Return what the searches of one row reached, by seed, in percent.

    Args:
        sources: The tables of the ledger.
        row: The row of a table.
        accuracy: Data set and split, such as "cifar10 test".

    Raises:
        TegnasError: When there is no such search.
    """
    if row not in sources.found:
        raise TegnasError(f"there is no row ({row}) among the searches; run tegnas study")
    return sources.found[row][f"derived {accuracy}"]


def draws_of(sources: Sources, method: str, reward: str = "teg") -> dict[str, StudyRow]:
    """Return the rows of a method on single draws of weights and batch: the first repeat of each seed's table."""
    found = {
        row.source.table: row
        for row in sources.found
        if (row.method, row.reward) == (method, reward) and row.source.repeat == 0
    }
    return dict(sorted(found.items(), key=lambda item: (len(item[0]), item[0])))


def search_mean(sources: Sources, *, row: str, accuracy: str) -> Finding:
    """Return what a row of Table 2 reaches, with the range of the mean of four searches.

    Rows with TEG take the tables that average three draws, as the paper averages; TE-NAS was run on networks, each
    seed with weights and images of its own.
    """
    asked = rows.PAPER_ROWS[row]
    about = "means of four searches"
    if asked.source.is_live:
        values = {str(seed): pd.Series([value]) for seed, value in reached(sources, asked, accuracy).items()}
        return of_four_searches(values, about, unit=_SEEDS, **sources.resampling, **_PERCENT)
    return of_four_searches(
        {str(r.source): reached(sources, r, accuracy) for r in _averages(sources, asked)},
        about,
        unit="averages of three draws" if asked.reward == "teg" else "table of one epoch's accuracies",
        **sources.resampling,
        **_PERCENT,
    )


def part_mean(sources: Sources, *, reward: str, accuracy: str = "cifar100 test") -> Finding:
    """Return what REINFORCE reaches by a part of TEG: a row of Table 5."""
    asked = StudyRow("reinforce", reward)
    values = {str(r.source): reached(sources, r, accuracy) for r in _averages(sources, asked)}
    about = "means of four searches"
    return of_four_searches(values, about, unit="averages of three draws", **sources.resampling, **_PERCENT)


def _averages(sources: Sources, row: StudyRow) -> list[StudyRow]:
    """Return the rows that are like this one, on each table that averages several draws."""
    same = (row.method, row.reward, row.preset, row.dataset, row.budget)
    return [
        other
        for other in sources.found
        if (other.method, other.reward, other.preset, other.dataset, other.budget) == same
        and not other.source.is_live
        and not other.source.is_one_draw
    ]


def search_gap(sources: Sources, *, method: str, against: str, accuracy: str, averages: bool = False) -> Finding:
    """Return by how much a method finds better cells by TEG than by something else, across draws.

    Args:
        sources: The tables of the ledger.
        method: The method.
        against: "one epoch" or "parameters", which know nothing of the weights, or "random": random search by TEG
            with 500 evaluations on the same draw.
        accuracy: Data set and split.
        averages: Whether the searches are told averages of three draws, as the paper's are, or single draws.
    """
    known = {"one epoch": rows.ONE_EPOCH, "parameters": {"reward": "params"}}
    rules = {"averages": averages, "accuracy": accuracy}
    own = _of_draws(sources, method, **rules)
    if against == "random":
        return _gap(sources, own, _of_draws(sources, "random", **rules), averages=averages)
    other = reached(sources, rows.usual(method, **known[against]), accuracy)
    return _gap(sources, own, other, averages=averages)


def part_gap(sources: Sources, *, first: str, second: str, accuracy: str = "cifar100 test") -> Finding:
    """Return by how much REINFORCE finds better cells by one part of TEG than by another, or than by one epoch."""
    own = _of_draws(sources, "reinforce", first, accuracy=accuracy)
    if second == "one epoch":
        return _gap(sources, own, reached(sources, rows.usual("reinforce", **rows.ONE_EPOCH), accuracy))
    return _gap(sources, own, _of_draws(sources, "reinforce", second, accuracy=accuracy))


def _of_draws(
    sources: Sources, method: str, reward: str = "teg", *, accuracy: str, averages: bool = False
) -> dict[str, pd.Series]:
    """Return what a method reached on each single draw, or on each table that averages several."""
    if averages:
        found = {str(row.source): row for row in _averages(sources, rows.usual(method, reward))}
    else:
        found = draws_of(sources, method, reward)
    return {name: reached(sources, row, accuracy) for name, row in found.items()}


def _gap(
    sources: Sources,
    own: Mapping[str, pd.Series],
    other: Mapping[str, pd.Series] | pd.Series,
    *,
    averages: bool = False,
) -> Finding:
    unit = "averages of three draws" if averages else DRAWS
    about = "differences of mean accuracies"
    return difference_over_draws(own, other, about, unit=unit, **sources.resampling, **_GAP)


def te_nas_gap(sources: Sources, *, accuracy: str) -> Finding:
    """Return by how much TE-NAS finds better cells with MSE than without; each seed has weights of its own."""
    with_mse, without = (reached(sources, rows.PAPER_ROWS[f"TE-NAS{x}"], accuracy) for x in (" + TEG", ""))
    gaps = (with_mse - without).dropna().to_frame()
    about = "differences seed by seed"
    return over_draws_and_seeds(gaps, about, unit=_SEEDS, **sources.resampling, **_GAP)


def naswot_spread(sources: Sources, *, accuracy: str = "cifar100 test") -> Finding:
    """Return by how much the best of 25 by NASWOT scatters more than REINFORCE by TEG, in percent of accuracy."""
    by_naswot = StudyRow("naswot", "naswot", budget=25)
    random, guided = (reached(sources, row, accuracy) for row in (by_naswot, StudyRow("reinforce")))
    both = pd.concat([random, guided], axis=1).dropna().to_numpy()

    def spread(counts: np.ndarray) -> dict[str, float]:
        first, second = np.repeat(both, counts, axis=0).std(axis=0, ddof=1)
        return {"gap": float(first - second)}

    found = bootstrap(spread, np.arange(len(both)), **sources.resampling)
    each, about = (
        pd.Series({"": found.value["gap"]}),
        "deviations of a hundred searches each, CIFAR-100 test accuracy",
    )
    return Finding(each, found.estimate("gap"), "table of three draws", about, **_GAP)


def cost_ratio(sources: Sources, *, way: str) -> Finding:
    """Return how many evaluations by TEG, of three repeats, one epoch of training pays for, on one processor.

    With fewer cells than a verdict needs, the interval is open.

    Args:
        sources: The tables of the ledger.
        way: "plain" or "fast" when both are computed so; "mixed" for a plain epoch and fast evaluations.
    """
    from tegnas_study.bench.epochs import ENOUGH, read_epoch_costs

    timed, _ = read_epoch_costs(sources.results / "epoch-cost.parquet")
    ratio = search_cost.cost_both_ways(timed, repeats=3, **sources.resampling).estimate(way)
    if len(timed) < ENOUGH:
        ratio = Estimate(ratio.value, -np.inf, np.inf)
    about = f"one evaluation, {len(timed)} connected cells, one thread of one processor"
    return Finding(pd.Series({"": ratio.value}), ratio, "processor", about, spec=".1f", suffix=" ×")


def printed_cost_ratio(sources: Sources, *, number: int) -> Finding:
    """Return how many evaluations one epoch pays for by printed times: the benchmark's GPUs against the paper's.

    Args:
        sources: The tables of the ledger.
        number: Which of the benchmark's data sets: 0, 1 or 2.
    """
    epochs = read_record("table-2", sources.results).tables["epochs"]
    evaluation = quoted_table("table-2").set_index("row").loc["REINFORCE + TEG", "seconds_cifar10"] / 500
    ratio = float(epochs["seconds"].iloc[number]) / float(evaluation)
    return exact(ratio, f"printed times, {epochs['data set'].iloc[number]}", spec=".2f", suffix=" ×")


def passes_of_data_sets(sources: Sources) -> Finding:
    """Return how many more passes of images TEG needs for 120 classes than for 10."""
    from tegnas_core import make_settings

    settings = make_settings("teg")
    few, many = (search_cost.passes_of_teg(settings, n_classes=n) for n in (10, 120))
    return exact(float(sum(many) - sum(few)), "passes of one evaluation, 120 classes against 10", spec=".0f")
