"""How much do the choices matter? The same architectures under other settings and other images.

A choice is a table of the atlas that holds a random sample of the space. All statements are about the
architectures that every table has, and all statistics of one call see the same resamples, so a difference between
two choices is a paired one.
"""

import itertools
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from tegnas_study.analysis.subsets import oriented
from tegnas_study.paths import ATLAS
from tegnas_study.tables.atlases import DEFAULT
from tegnas_study.tables.bootstrap import Bootstrap, Estimate, bootstrap, taus
from tegnas_study.tables.ranking import TEG, rank_sum
from tegnas_study.tables.samples import same_architectures

# Table of the atlas → what it is called: other settings on CIFAR-10, then other images. The images are classes of
# Tiny ImageNet in the shapes of CIFAR-100 and ImageNet16-120, and stand in for these.
TABLES: Mapping[str, str] = {
    "released-cifar10-sample": "released",
    "paper-cifar10-sample": "paper",
    "frozen-cifar10-sample": "frozen batch-norm",
    "batch32-cifar10-sample": "batch of 32",
    "batch16-cifar10-sample": "batch of 16",
    "teg-tiny-imagenet-32-100-sample": "stand-in, 100 classes",
    "teg-tiny-imagenet-16-120-sample": "stand-in, 120 classes",
}
REFERENCE = "teg"
INDICATORS = (*TEG, "rank_sum")

Samples = Mapping[str, pd.DataFrame]


def samples(base: str = DEFAULT, folder: Path = ATLAS) -> dict[str, pd.DataFrame]:
    """Return the sample under each choice whose table is there, the reference first.

    Args:
        base: Name of the main table.
        folder: The folder that holds the tables.

    Returns:
        A table for each choice, with one row for each architecture, the same ones in all, indexed by their
        strings. Its columns are representative and connected, which do not depend on the choice, the three
        indicators, and their ``rank_sum`` within the sample.

    Raises:
        TegnasError: When the tables have no architecture of the sample in common.
    """
    tables = {REFERENCE: base} | {words: name for name, words in TABLES.items()}
    found = same_architectures(tables, TEG, folder=folder)
    return {words: rows.assign(rank_sum=rank_sum(rows)) for words, rows in found.items()}


def each_function_once(found: Samples) -> dict[str, pd.DataFrame]:
    """Return one architecture of each class, the first of the sample, with its sum of ranks among these.

    Args:
        found: The tables by choice that `samples` returns.
    """
    return _only(found, ~found[REFERENCE]["representative"].duplicated())


def _only(found: Samples, chosen: pd.Series) -> dict[str, pd.DataFrame]:
    return {choice: rows[chosen].assign(rank_sum=rank_sum(rows[chosen])) for choice, rows in found.items()}


def means_of_kappa(found: Samples, rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the reference, whose κ is a geometric mean over repeats, and the same with the arithmetic one.

    Args:
        found: The tables by choice that `samples` or `each_function_once` returns.
        rows: The repeats of the main table, which `atlases.atlas_repeats` returns.

    Returns:
        Samples of two choices, the reference and "arithmetic mean".
    """
    plain = rows.groupby("architecture")["condition_number"].mean()
    first = found[REFERENCE]
    other = first.assign(condition_number=first["representative"].map(plain))
    return {REFERENCE: first, "arithmetic mean": other.assign(rank_sum=rank_sum(other))}


def choice_agreements(found: Samples, accuracy: pd.Series, *, seed: int, n_draws: int) -> Bootstrap:
    """Return the agreement of every indicator with an accuracy under every choice.

    Args:
        found: Tables by choice with the same architectures in all, such as `samples`, `each_function_once` or
            `switches.indicator_steps` returns.
        accuracy: Accuracies, indexed by architecture; those whose accuracy is unknown are left out.
        seed: Seed of the resampling, which draws whole classes.
        n_draws: Number of resamples.

    Returns:
        Statistics (choice, indicator).
    """
    first = next(iter(found.values()))
    known = first.index[first.index.map(accuracy).notna()]
    pairs = {
        (choice, name): (oriented(rows.loc[known], name), known.map(accuracy))
        for choice, rows in found.items()
        for name in INDICATORS
    }
    return bootstrap(taus(pairs), first.loc[known, "representative"], seed=seed, n_draws=n_draws)


def likeness_to_reference(found: Samples, *, seed: int, n_draws: int) -> Bootstrap:
    """Return how far every choice orders the connected architectures as the reference does, by Kendall's τ.

    Args:
        found: The tables by choice that `samples` or `each_function_once` returns.
        seed: Seed of the resampling, which draws whole classes.
        n_draws: Number of resamples.

    Returns:
        Statistics (choice, indicator), without the reference.
    """
    connected = _only(found, found[REFERENCE]["connected"])
    first = connected[REFERENCE]
    pairs = {
        (choice, name): (oriented(rows, name), oriented(first, name))
        for choice, rows in connected.items()
        if choice != REFERENCE
        for name in INDICATORS
    }
    return bootstrap(taus(pairs), first["representative"], seed=seed, n_draws=n_draws)


def statistics(found: Bootstrap, value: str = "tau") -> pd.DataFrame:
    """Return statistics (choice, indicator) as a table: columns choice, predictor, the value, low, high."""
    rows = [(*name, *found.estimate(lambda s, name=name: s[name]).numbers) for name in found.value.index]
    return pd.DataFrame(rows, columns=["choice", "predictor", value, "low", "high"])


def differences(found: Bootstrap) -> pd.DataFrame:
    """Return by how much every choice agrees better than the reference, in pairs over the same resamples.

    Args:
        found: The bootstrap that `choice_agreements` returns.

    Returns:
        Columns choice, predictor, difference, low, high and ``compared``: "higher" or "lower" when the whole
        interval lies on that side of zero, "cannot tell" when it has both, "the same" when there is no
        difference at all.
    """
    rows = []
    for choice, name in found.value.index:
        if choice != REFERENCE:
            gap = found.estimate(lambda s, pair=(choice, name): s[pair] - s[REFERENCE, pair[1]])
            rows.append((choice, name, gap.value, gap.low, gap.high, side(gap)))
    columns = ["choice", "predictor", "difference", "low", "high", "compared"]
    return pd.DataFrame(rows, columns=columns)


def side(gap: Estimate) -> str:
    """Say on which side of zero a difference lies."""
    if gap.value == gap.low == gap.high == 0:
        return "the same"
    if gap.low > 0 or gap.high < 0:
        return "higher" if gap.low > 0 else "lower"
    return "cannot tell"


def choice_tables(found: Samples, accuracies: pd.DataFrame, *, seed: int, n_draws: int) -> dict[str, pd.DataFrame]:
    """Return the tables of the report: "agreements" and "differences", each with several accuracies.

    The subsets are "all", every architecture of the sample, and "classes", each function once.

    Args:
        found: The tables by choice that `samples` returns.
        accuracies: One column for each accuracy, indexed by architecture.
        seed: Seed of the resampling.
        n_draws: Number of resamples.
    """
    agreements, gaps = [], []
    parts = {"all": found, "classes": each_function_once(found)}
    for (subset, rows), name in itertools.product(parts.items(), accuracies.columns):
        drawn = choice_agreements(rows, accuracies[name], seed=seed, n_draws=n_draws)
        n = int(rows[REFERENCE].index.map(accuracies[name]).notna().sum())
        agreements.append(statistics(drawn).assign(accuracy=name, subset=subset, n=n))
        gaps.append(differences(drawn).assign(accuracy=name, subset=subset))
    return {
        "agreements": pd.concat(agreements, ignore_index=True),
        "differences": pd.concat(gaps, ignore_index=True),
    }
