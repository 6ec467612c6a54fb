"""Run every analysis of the atlas with the benchmark's own accuracies, and record what comes out.

A fresh machine has one test accuracy on CIFAR-10. Training accuracies and the other data sets are in files that
stay outside the repository, so what needs them is computed once, where they are, and kept in ``data/results``.
Each section is a record of its own; one whose inputs have not changed is not computed again, so an interrupted
report goes on.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd

from tegnas_core.errors import TegnasError, quoted
from tegnas_study.analysis import (
    ceiling,
    choices,
    draws_record,
    exclusive,
    none_study,
    regression_error,
    repeats,
    rivals,
    together,
    train_test,
    trainability,
    whole_space,
)
from tegnas_study.analysis.across_draws import draw_tables
from tegnas_study.analysis.best_of import best_of_table
from tegnas_study.analysis.claims_record import claims_record
from tegnas_study.analysis.inputs import Inputs as Inputs
from tegnas_study.analysis.records import ResultRecord, read_record, record_path, write_record
from tegnas_study.paths import RESULTS
from tegnas_study.tables.atlases import atlas_settings, seed_tables
from tegnas_study.tables.ranking import TEG

Tables = dict[str, pd.DataFrame]

TEST = ("cifar10_test_200", "cifar100_test_200", "imagenet16_120_test_200")
CORRELATED = (*TEST, "cifar10_train_acc_200", "cifar10_valid_train_acc_200", "cifar10_valid_test_acc_200")
# Where the paper prints one number for a data set, ours stand beside each other for both splits.
MIXED = (
    TEST[0],
    "cifar10_valid_valid_acc_200",
    TEST[1],
    "cifar100_valid_200",
    TEST[2],
    "imagenet16_120_valid_200",
)
PANELS = (*TEST, "cifar10_train_acc_200")
EPOCHS = {  # columns of the seconds of 200 epochs of training
    "CIFAR-10, 25,000 images": "cifar10_valid_train_seconds_200",
    "CIFAR-100": "cifar100_train_seconds_200",
    "ImageNet16-120": "imagenet16_120_train_seconds_200",
}
KS = (10, 100, 1000)
N_BINS = 24


def correlations(inputs: Inputs) -> Tables:
    """Return the tables of Fig. 1: agreements, short lists, panels in bins, and agreements of single repeats."""
    table = inputs.table
    panels = [
        whole_space.binned(whole_space.subset(table, "all", accuracy), predictor, accuracy, n_bins=N_BINS)
        for accuracy in inputs.known(PANELS)
        for predictor in whole_space.PANELS
    ]
    accuracies = inputs.known((*CORRELATED, "cifar10_test_retrained"))
    short_lists = [
        whole_space.precision_table(table, KS, accuracy).assign(accuracy=accuracy)
        for accuracy in inputs.known(TEST)
    ]
    return {
        "agreements": pd.concat([_agreements(inputs, accuracy) for accuracy in accuracies], ignore_index=True),
        "short_lists": pd.concat(short_lists, ignore_index=True),
        "panels": _rounded(pd.concat(panels, ignore_index=True)),
        **_of_repeats(inputs, TEST[0]),
    }


def _agreements(inputs: Inputs, accuracy: str) -> pd.DataFrame:
    found = whole_space.agreements_by_subset(inputs.table, accuracy, **inputs.resampling)
    return whole_space.agreement_table(found, inputs.table, accuracy)


def _rounded(panels: pd.DataFrame) -> pd.DataFrame:
    """Return bins with edges of four digits, which is finer than a line of a figure."""
    edges = ["x_low", "x_high", "y_low", "y_high"]
    return panels.assign(**{name: [float(f"{value:.4g}") for value in panels[name]] for name in edges})


def _of_repeats(inputs: Inputs, accuracy: str) -> Tables:
    average = atlas_settings(inputs.name, folder=inputs.folder).average
    options = {"average": average, "seed": inputs.seed, "n_draws": min(inputs.n_draws, 200)}
    redrawn = repeats.resampled_repeats(inputs.table, inputs.rows, accuracy, **options)
    tables = {
        "single_repeats": repeats.agreement_of_each(inputs.table, inputs.rows, accuracy),
        "between_repeats": repeats.agreement_between(inputs.table, inputs.rows, accuracy),
    }
    if redrawn is not None:
        tables["redrawn_repeats"] = redrawn.table().rename_axis("predictor").reset_index()
    return tables


def training_and_test(inputs: Inputs) -> Tables:
    """Return the tables about the claim that R prefers training accuracy and MSE test accuracy."""
    return {
        "claims": train_test.claim_table(inputs.table, **inputs.resampling),
        "levels": train_test.level_table(inputs.table, **inputs.resampling),
    }


def exclusive_sets(inputs: Inputs) -> Tables:
    """Return the tables of Fig. 2: profiles of the sets and of random ones as large, and overlaps of repeats."""
    found = exclusive.profiles(inputs.table, **inputs.resampling)
    sizes = {name: int(found.value[name, "size"]) for name in TEG}
    drawn = exclusive.random_profiles(inputs.table, sizes, **inputs.resampling)
    ends = drawn.groupby(["set", "quantity"], sort=False)["value"].quantile([0.025, 0.975]).unstack()
    return {
        "profiles": found.table().rename_axis(["set", "quantity"]).reset_index(),
        "random_sets": ends.set_axis(["low", "high"], axis=1).reset_index(),
        "stability": exclusive.stability(inputs.table, inputs.rows),
    }


def none_replaced(inputs: Inputs) -> Tables:
    """Return the tables of Fig. 3: what replacing `none` does, on each data set."""
    parts, shares = [], []
    for accuracy in inputs.known(TEST):
        pairs = none_study.none_pairs(inputs.table, accuracy)
        margin = none_study.accuracy_noise(pairs)
        changed = pairs[pairs["kind"] == "changed"]
        for by in ("replacement", "edge"):
            found = none_study.summary(changed, by, margin=margin).rename_axis("group").reset_index()
            parts.append(found.assign(accuracy=accuracy, by=by))
        wrong = none_study.points_wrong(changed, margin=margin, **inputs.resampling)
        shares.append(
            wrong.table().rename_axis("statistic").reset_index().assign(accuracy=accuracy, margin=margin)
        )
    return {"summary": pd.concat(parts, ignore_index=True), "shares": pd.concat(shares, ignore_index=True)}


def regression_controls(inputs: Inputs) -> Tables:
    """Return the tables about what the regression error measures, on each data set."""
    table, parts = regression_error.with_parts(inputs.table), []
    for accuracy in inputs.known(TEST):
        for name in regression_error.SUBSETS:
            if name == "above 90" and table[accuracy].max() <= 90:
                continue  # nothing is that accurate on the larger data sets
            found = regression_error.variant_agreements(table, accuracy, name, **inputs.resampling)
            numbers = regression_error.estimates(found)
            parts.append(numbers.assign(accuracy=accuracy, subset=name))
    values = regression_error.value_table(table).rename_axis("variant").reset_index()
    return {"variants": pd.concat(parts, ignore_index=True), "values": values}


def rivals_compared(inputs: Inputs) -> Tables:
    """Return how good every indicator is on every data set, and by how much it beats the sum of ranks."""
    return rivals.rival_tables(inputs.rivals, inputs.known(TEST), **inputs.resampling)


def choices_compared(inputs: Inputs) -> Tables:
    """Return how good the indicators are under other settings and images, on every data set."""
    samples = choices.samples(inputs.name, folder=inputs.folder)
    accuracies = inputs.table.set_index("architecture")[[*inputs.known(TEST)]]
    return choices.choice_tables(samples, accuracies, **inputs.resampling)


def combined(inputs: Inputs) -> Tables:
    """Return what indicators reach together on CIFAR-10; a short report grows small forests."""
    trees = min(ceiling.N_TREES, inputs.n_draws)
    sizes = {"n_trees": trees, "n_folds": ceiling.N_FOLDS}
    return together.together(
        inputs.table, TEST[0], name=inputs.name, folder=inputs.folder, **sizes, **inputs.resampling
    )


def across_draws(inputs: Inputs) -> Tables:
    """Return agreements, gains of the sum and the claims about training and test, across draws of the weights."""
    tables = draw_tables(inputs.table, inputs.name, folder=inputs.folder)
    return {
        **draws_record.agreements(tables, inputs.known(MIXED), **inputs.resampling),
        "claims": train_test.claims_across_draws(tables, **inputs.resampling),
        "epochs": trainability.by_epoch(tables, **inputs.resampling),
        "fitted": trainability.gap_of_fitted(tables, **inputs.resampling),
        "ceilings": trainability.ceilings(inputs.table, **inputs.resampling),
    }


def beside_table_2(inputs: Inputs) -> Tables:
    """Return what Table 2 needs and no search gives: the best of 25 by single rivals, and the time of an epoch."""
    predictors = [name for name in ("jacob_cov", "naswot", "rank_sum") if name in inputs.rivals.columns]
    table, times = inputs.rivals, {data: name for data, name in EPOCHS.items() if name in inputs.table.columns}
    seconds = [(data, float(inputs.table[name].mean() / 200)) for data, name in times.items()]
    return {
        "best_of": best_of_table(table, inputs.known(MIXED), predictors),
        "epochs": pd.DataFrame(seconds, columns=["data set", "seconds"]),
    }


@dataclass(frozen=True)
class Section:
    """A part of the report, which is a record of its own.

    Attributes:
        compute: The function from the inputs to the tables of the record.
        tables: Names of the tables of the atlas that it reads beside the main one.
        every_draw: Whether it reads every other draw of the main table too.
        version: Raise it by one when the section computes something else from the same inputs: only then are
            records that were made before out of date.
    """

    compute: Callable[[Inputs], Tables]
    tables: tuple[str, ...] = ()
    every_draw: bool = False
    version: int = 1

    def others(self, inputs: Inputs) -> tuple[str, ...]:
        """Return the names of all tables of the atlas that it reads beside the main one."""
        draws = seed_tables(inputs.name, folder=inputs.folder) if self.every_draw else ()
        return (*self.tables, *(name for name in draws if name != inputs.name))


SECTIONS: Mapping[str, Section] = {
    "correlations": Section(correlations),
    "train-test": Section(training_and_test),
    "exclusive-sets": Section(exclusive_sets),
    "none-study": Section(none_replaced),
    "regression-error": Section(regression_controls),
    "rivals": Section(rivals_compared, tables=(rivals.TABLE,)),
    "table-2": Section(beside_table_2, tables=(rivals.TABLE,)),
    "draws": Section(across_draws, every_draw=True),
    "choices": Section(choices_compared, tables=tuple(choices.TABLES)),
    "claims": Section(claims_record, tables=(rivals.TABLE,), every_draw=True, version=2),
    "combinations": Section(
        combined, tables=tuple(chain(*together.NETWORKS.values())), every_draw=True, version=2
    ),
}


def check_section(name: str) -> None:
    """Raise `TegnasError` when the report has no section of this name."""
    if name not in SECTIONS:
        raise TegnasError(f"the report has no section {quoted(name)}; it has {', '.join(SECTIONS)}")


def make_report(
    inputs: Inputs, folder: Path = RESULTS, *, only: str | None = None, force: bool = False
) -> Iterator[tuple[str, Path, bool]]:
    """Record every section that has not been recorded with these inputs yet.

    Args:
        inputs: Everything that the numbers follow from.
        folder: The folder that holds the records.
        only: The one section that is wanted; None takes them all.
        force: Compute sections again even when their inputs have not changed.

    Yields:
        The section, its file, and whether it was computed now.

    Raises:
        TegnasError: When no benchmark knows a training accuracy or the benchmark's own test accuracy.
    """
    protocols = train_test.PROTOCOLS.values()
    wanted = (TEST[0], *(column for train, _, test in protocols for column in (train, test)))
    missing = [column for column in wanted if column not in inputs.table.columns]
    if missing:
        raise TegnasError(f"a report needs the benchmark's own {missing[0]}; let TEGNAS_DATA name its folder")
    for name, section in SECTIONS.items():
        if only not in (None, name):
            continue
        key = inputs.key(version=section.version, others=section.others(inputs))
        if not force and _recorded_key(name, folder) == key:
            yield name, record_path(name, folder), False
            continue
        with np.errstate(invalid="ignore"):
            provenance = {**inputs.provenance(), "version": section.version, "key": key}
            record = ResultRecord(name, provenance, section.compute(inputs))
        yield name, write_record(record, folder), True


def _recorded_key(name: str, folder: Path) -> object:
    try:
        return read_record(name, folder).provenance.get("key")
    except TegnasError:
        return None
