"""The indicator card: everything the study can say about one indicator, in one frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_core.indicators.names import INDICATORS, RANK_SUM
from tegnas_study.analysis.cards.agreement import Agreement, agreements
from tegnas_study.analysis.cards.choosing import (
    BUDGETS,
    RandomSearch,
    Shortlist,
    choices,
    lengths,
    random_searches,
    shortlists,
)
from tegnas_study.analysis.cards.duplicates import Duplicates, duplicates
from tegnas_study.analysis.cards.labels import WITH_LABELS, Labels, permuted_labels
from tegnas_study.analysis.cards.measured import (
    Measured,
    columns_of,
    counted,
    directions,
    grounds,
    is_counted,
    space_table,
    values,
)
from tegnas_study.analysis.cards.noise import Noise, noise
from tegnas_study.analysis.cards.scored import Scored, scored
from tegnas_study.analysis.cards.sensitivity import Sensitivity, sensitivities
from tegnas_study.paths import ATLAS
from tegnas_study.tables.atlases import atlas_repeats
from tegnas_study.tables.bootstrap import bootstrap


@dataclass(frozen=True)
class Ground:
    """Where an indicator is judged.

    Attributes:
        network: "proxy" (the preset's small network), "benchmark" (the benchmark's own), "none" for numbers that
            need no network, or "unknown" for a table from outside.
        source: The table, in words.
        repeats: How many repeats are averaged; 0 where there is nothing to repeat or it is not known.
        n: Number of architectures that are scored and whose accuracy is known.
        of: Number of architectures of the space.
        n_classes: Number of their classes of equal functions.
        failed: How many have a score that is not finite, and so rank last.
        seconds: Median seconds of one repeat on one thread of a busy machine, for all columns of the table
            together; nan where it is not known.
    """

    network: str
    source: str
    repeats: int
    n: int
    of: int
    n_classes: int
    failed: int
    seconds: float


@dataclass(frozen=True)
class Judgement:
    """What one table says about an indicator; None where the table cannot say it."""

    ground: Ground
    agreements: tuple[Agreement, ...]
    shortlists: tuple[Shortlist, ...]
    searches: tuple[RandomSearch, ...]
    noise: Noise | None
    duplicates: Duplicates | None
    labels: Labels | None


@dataclass(frozen=True)
class IndicatorCard:
    """Everything the study can say about one indicator.

    Attributes:
        name: Name of the indicator, or of the file.
        symbol: How equations show it; empty for a table from outside.
        meaning: What it is said to measure.
        source: A reference.
        higher_is_better: Whether a larger value is said to be better.
        uses_labels: Whether its definition has labels in it; None where it is not known.
        accuracy: Where the accuracies come from, in one line.
        seed: Seed of all resampling.
        n_draws: Number of resamples behind every interval.
        judgements: One for each network that it was measured on.
        sensitivities: How far its order changes under other choices, beside the first of these.
    """

    name: str
    symbol: str
    meaning: str
    source: str
    higher_is_better: bool
    uses_labels: bool | None
    accuracy: str
    seed: int
    n_draws: int
    judgements: tuple[Judgement, ...]
    sensitivities: tuple[Sensitivity, ...]


@dataclass(frozen=True, eq=False)
class Accuracies:
    """Test accuracies in percent, indexed by architecture, and one line that says where they come from."""

    values: pd.Series
    description: str


def indicator_card(
    name: str, accuracy: Accuracies, folder: Path = ATLAS, *, seed: int, n_draws: int
) -> IndicatorCard:
    """Return the card of an indicator of the atlas.

    Args:
        name: A name of `measured.NAMES`.
        accuracy: The accuracies to judge it by.
        folder: The folder that holds the tables.
        seed: Seed of all resampling.
        n_draws: Number of resamples.

    Raises:
        TegnasError: When there is no such indicator, or no table holds it.
    """
    found = grounds(name, folder)
    draws = {"seed": seed, "n_draws": n_draws}
    judged = tuple(_judged(table, accuracy.values, folder, **draws) for table in found)
    if is_counted(name):
        judged = (_counted(name, accuracy.values, folder, **draws), *judged)
    if not judged:
        raise TegnasError(f"no table of {folder} holds {name} yet; 'tegnas sweep' makes them")
    about = INDICATORS.get(name)
    return IndicatorCard(
        name,
        about.symbol if about else "Σ rank",
        about.meaning if about else "the sum of the ranks of κ, R and MSE; a small sum is good",
        about.source if about else "paper Fig. 1",
        about.higher_is_better if about else False,
        name in WITH_LABELS or name == RANK_SUM,
        accuracy.description,
        seed,
        n_draws,
        judged,
        sensitivities(found[0], folder, **draws) if found else (),
    )


def card_of_scores(
    scores: pd.Series,
    accuracy: Accuracies,
    folder: Path = ATLAS,
    *,
    name: str,
    higher_is_better: bool,
    seed: int,
    n_draws: int,
) -> IndicatorCard:
    """Return the card of an indicator from outside, of which only the values are known.

    Args:
        scores: Values, indexed by architecture; what is not finite is a failure and ranks last.
        accuracy: The accuracies to judge it by.
        folder: The folder that holds the tables, which say what the classes of equal functions are.
        name: What the indicator is called.
        higher_is_better: Its direction.
        seed: Seed of all resampling.
        n_draws: Number of resamples.

    Raises:
        TegnasError: When fewer than 30 of the architectures have an accuracy, or all have the same score.
    """
    found = scored_outside(scores, accuracy, folder, name=name, higher_is_better=higher_is_better)
    n_classes = found.rows["representative"].nunique()
    ground = Ground("unknown", name, 0, len(found.rows), len(space_table(folder)), n_classes, found.failed, NAN)
    judged = _judge(found, ground, seed=seed, n_draws=n_draws)
    words = "a table from outside"
    return IndicatorCard(
        name, "", words, words, higher_is_better, None, accuracy.description, seed, n_draws, (judged,), ()
    )


NAN = float("nan")


def scored_outside(
    scores: pd.Series, accuracy: Accuracies, folder: Path = ATLAS, *, name: str, higher_is_better: bool
) -> Scored:
    """Return the scored architectures of a table from outside; see `card_of_scores`."""
    columns = {"value": higher_is_better}
    return scored(scores.to_frame("value"), space_table(folder), accuracy.values, columns, what=name)


def scored_grounds(name: str, accuracy: Accuracies, folder: Path = ATLAS) -> Mapping[str, Scored]:
    """Return the scored architectures of an indicator, by network, as its card has them."""
    found = {}
    if is_counted(name):
        found["none"] = scored(counted(name), space_table(folder), accuracy.values, directions(name), what=name)
    for table in grounds(name, folder):
        found[table.network] = _scored(table, values(table, folder), accuracy.values, folder)
    return found


def _scored(table: Measured, numbers: pd.DataFrame, accuracy: pd.Series, folder: Path) -> Scored:
    space = space_table(folder)
    if table.settings.equivalence != "raw":  # a class is what was evaluated once
        space = space.assign(representative=space["architecture"].map(numbers["representative"]))
    numbers = numbers[[*columns_of(table.name)]]
    return scored(numbers, space, accuracy, directions(table.name), what=f"the table {table.table}")


def _judged(table: Measured, accuracy: pd.Series, folder: Path, *, seed: int, n_draws: int) -> Judgement:
    draws, numbers = {"seed": seed, "n_draws": n_draws}, values(table, folder)
    found = _scored(table, numbers, accuracy, folder)
    rows = atlas_repeats(table.table, folder=folder)
    ground = Ground(
        table.network,
        f"{table.table} ({table.settings.name}, images {table.images}, seed {table.seed})",
        table.repeats,
        len(found.rows),
        len(space_table(folder)),
        found.rows["representative"].nunique(),
        found.failed,
        float(rows["seconds"].median()),
    )
    raw = table.settings.equivalence == "raw"
    return _judge(
        found,
        ground,
        noise=noise(table, folder, **draws),
        labels=permuted_labels(table.name, found, numbers, **draws),
        by_string=raw,
        **draws,
    )


def _counted(name: str, accuracy: pd.Series, folder: Path, *, seed: int, n_draws: int) -> Judgement:
    space = space_table(folder)
    found = scored(counted(name), space, accuracy, directions(name), what=name)
    n_classes = found.rows["representative"].nunique()
    ground = Ground("none", "counted", 0, len(found.rows), len(space), n_classes, found.failed, 0.0)
    return _judge(found, ground, seed=seed, n_draws=n_draws)


def _judge(
    found: Scored,
    ground: Ground,
    *,
    noise: Noise | None = None,
    labels: Labels | None = None,
    by_string: bool = True,
    seed: int,
    n_draws: int,
) -> Judgement:
    """Return what follows from scores alone, with what else is known; by_string when members have own scores."""
    rows, draws = found.part("all"), {"seed": seed, "n_draws": n_draws}
    ks = lengths(len(rows))
    budgets = tuple(n for n in BUDGETS if n < len(rows))
    statistic = choices(rows["score"], rows["accuracy"], ks, budgets)
    drawn = bootstrap(statistic, rows["representative"], **draws)
    return Judgement(
        ground,
        agreements(found, **draws),
        shortlists(drawn, ks, len(rows)),
        random_searches(drawn, budgets),
        noise,
        duplicates(found, **draws) if by_string else None,
        labels,
    )
