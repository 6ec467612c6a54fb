"""How far the order of an indicator changes when a choice does: batch, network, weights, images, precision."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from tegnas_study.analysis.cards.measured import Measured, changes, directions, measurements, values
from tegnas_study.analysis.cards.scored import FEWEST, better
from tegnas_study.paths import ATLAS
from tegnas_study.tables.bootstrap import Counts, Estimate, Name, bootstrap, taus
from tegnas_study.tables.samples import sampled_architectures

# What a setting is about, for a reader; what is not here is "settings".
KINDS: Mapping[str, str] = {
    "batch_size": "batch",
    "width": "network",
    "cells_per_stage": "network",
    "initialisation": "initialisation",
    "precision": "precision",
    "kernel_precision": "precision",
}
ASKED = ("draw", "batch", "network", "initialisation", "images", "precision")
_FEW = 2  # changed settings that are named one by one


@dataclass(frozen=True)
class Sensitivity:
    """Agreement of an indicator with itself under another choice, each connected class of the sample once.

    Attributes:
        kind: What was changed: one of `ASKED`, or "settings" for several things at once.
        change: The change in words, such as ``batch_size=16``.
        tables: The tables of the atlas; several are draws with other seeds, of which the mean τ is given.
        n: Number of classes that all of them have.
        repeats: How many repeats are averaged on either side.
        tau: Kendall's τ between the two orders.
    """

    kind: str
    change: str
    tables: tuple[str, ...]
    n: int
    repeats: int
    tau: Estimate


def sensitivities(
    reference: Measured, folder: Path = ATLAS, *, seed: int, n_draws: int
) -> tuple[Sensitivity, ...]:
    """Return how far the order changes under every other choice that a table was made with.

    Args:
        reference: The measurement to compare with.
        folder: The folder that holds the tables.
        seed: Seed of the resampling, which draws whole classes.
        n_draws: Number of resamples.
    """
    groups: dict[tuple[str, str, int], list[Measured]] = {}
    for other in measurements(reference.name, folder):
        kind, words = changed(other, reference)
        if words:
            groups.setdefault((kind, words, min(other.repeats, reference.repeats)), []).append(other)
    found = []
    for (kind, words, repeats), others in groups.items():
        scores = _common(reference, others, repeats, folder)
        if scores is None:
            continue
        tau = _mean_tau(scores, seed=seed, n_draws=n_draws)
        found.append(Sensitivity(kind, words, tuple(o.table for o in others), len(scores), repeats, tau))
    order = {kind: place for place, kind in enumerate((*ASKED, "settings"))}
    return tuple(sorted(found, key=lambda row: (order[row.kind], -row.repeats, row.change)))


def changed(other: Measured, reference: Measured) -> tuple[str, str]:
    """Return what kind of choice differs between two measurements, and which one; two empty texts when none."""
    settings = changes(other.settings, reference.settings)
    kinds = {KINDS.get(field, "settings") for field in settings}
    words = [f"{field}={value}" for field, value in settings.items()]
    if len(settings) > _FEW:
        words = [f"settings {other.settings.name}"]
    if other.images != reference.images:
        kinds.add("images")
        words.append(f"images {other.images}")
    if not kinds and other.seed != reference.seed:
        return "draw", "other weights and another batch"
    return (kinds.pop() if len(kinds) == 1 else "settings" if kinds else ""), ", ".join(words)


def _common(reference: Measured, others: list[Measured], repeats: int, folder: Path) -> pd.DataFrame | None:
    """Return the scores of the classes that all tables have, a column for each table, the reference first."""
    tables = [values(found, folder, repeats=repeats) for found in (reference, *others)]
    both = set.intersection(*({*table.index} for table in tables))
    chosen = _classes(tables[0], both & _sample())
    chosen = chosen if len(chosen) >= FEWEST else _classes(tables[0], both)
    if len(chosen) < FEWEST:
        return None
    return pd.DataFrame(
        {number: better(table.loc[chosen], directions(reference.name)) for number, table in enumerate(tables)}
    )


def _classes(table: pd.DataFrame, names: set[str]) -> pd.Index:
    """Return one architecture of each connected class that has any of the names."""
    rows = table[table["connected"] & np.array([name in names for name in table.index])]
    return rows.index[~rows["representative"].duplicated()]


def _mean_tau(scores: pd.DataFrame, *, seed: int, n_draws: int) -> Estimate:
    pairs = taus({number: (scores[0], scores[number]) for number in scores.columns[1:]})

    def statistic(counts: Counts) -> dict[Name, float]:
        return {"tau": float(np.mean([*pairs(counts).values()]))}

    return bootstrap(statistic, np.arange(len(scores)), seed=seed, n_draws=n_draws).estimate("tau")


@lru_cache(maxsize=1)
def _sample() -> frozenset[str]:
    return frozenset(sampled_architectures())
