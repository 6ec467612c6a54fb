"""Computations about the DARTS space: the published cells, what our searches found, and what they cost."""

import pandas as pd

from tegnas_core.spaces import NAMED, Darts
from tegnas_study.analysis.searches import live
from tegnas_study.data.quoted import quoted_table
from tegnas_study.ledger.finding import Finding, exact, over_draws_and_seeds
from tegnas_study.ledger.sources import Sources
from tegnas_study.tables.darts_sizes import beside_paper

_DAY = 86_400
_SEEDS = "seeds, each with its own weights"


def published_size(sources: Sources, *, table: str, row: str) -> Finding:
    """Return the parameters, in millions, of the genotype that the authors published for a row of the paper."""
    sizes = beside_paper().set_index(["table", "row"])
    genotype, counted = sizes.loc[(table, row), ["genotype", "counted"]]
    return exact(float(counted), f"the published genotype {genotype}", suffix=" million")


def published_distance(sources: Sources, *, first: str, second: str) -> Finding:
    """Return in how many decisions two published genotypes differ."""
    return exact(float(Darts().distance(NAMED[first], NAMED[second])), "decisions of 32 that differ", spec=".0f")


def distance_to_published(sources: Sources, *, method: str) -> Finding:
    """Return in how many decisions what our searches found differs from the paper's cell."""
    pairs = live.seed_distances(sources.on_darts.outcomes)
    chosen = pairs[(pairs["method"] == method) & (pairs["pair"] == "to the paper's")]
    values = chosen[["distance"]].astype(float).reset_index(drop=True)
    return over_draws_and_seeds(
        values, "decisions of 32 that differ", unit=_SEEDS, spec=".1f", **sources.resampling
    )


def search_days(sources: Sources, *, method: str) -> Finding:
    """Return the cost of a live search with three repeats, in days of one CPU core."""
    outcomes = sources.on_darts.outcomes
    seconds = outcomes.loc[outcomes["method"] == method, ["seconds"]].reset_index(drop=True)
    days = 3 * seconds / _DAY  # one repeat was run, the paper has three
    about = "days of one busy CPU core, three repeats"
    return over_draws_and_seeds(days, about, unit="seeds", spec=".3f", **sources.resampling)


def still_narrowing(sources: Sources, *, method: str) -> Finding:
    """Return by how much the entropy of a policy, or the diversity of a population, fell in the last fifth.

    As a share of what was there at the start; zero means that it has stopped decreasing.
    """
    left = live.narrowing(sources.on_darts.histories)
    falls = {}
    for seed, rows in left[left["method"] == method].groupby("seed"):
        before = rows[rows["evaluations"] <= 0.8 * rows["evaluations"].max()]
        falls[seed] = [float(before["left"].iloc[-1] - rows["left"].iloc[-1])]
    values = pd.DataFrame(falls).T
    about = "share of the first value that the last fifth of a search takes off, DARTS space"
    return over_draws_and_seeds(values, about, unit=_SEEDS, spec=".1%", **sources.resampling)


def smallest_printed_ratio(sources: Sources, *, table: str, column: str) -> Finding:
    """Return the smallest factor between a method's row without and with TEG, by the paper's own numbers."""
    printed = quoted_table(table).set_index("row")[column]
    ratios = pd.Series({m: printed[m] / printed[f"{m} + TEG"] for m in ("REINFORCE", "Evolution", "FP-NAS")})
    return exact(float(ratios.min()), f"the paper's own {table.replace('-', ' ')}", spec=".2f", suffix=" ×")
