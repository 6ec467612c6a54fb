"""Run every analysis of the atlas with the benchmark's own accuracies, and record what comes out.

A fresh machine has one test accuracy on CIFAR-10. Training accuracies and the other data sets are in files that
stay outside the repository, so what needs them is computed once, where they are, and kept in ``data/results``.
Each section is a record of its own; one whose inputs have not changed is not computed again, so an interrupted
report goes on.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from tegnas_core.analysis import exclusive, none_study, regression_error, repeats, train_test, whole_space
from tegnas_core.analysis.populations import with_predictors
from tegnas_core.analysis.records import Record, read_record, record_path, write_record
from tegnas_core.atlases import Coverage, atlas, atlas_coverage, atlas_repeats, atlas_settings
from tegnas_core.benchmark import Benchmark
from tegnas_core.errors import TegnasError
from tegnas_core.paths import ATLAS, RESULTS
from tegnas_core.ranking import TEG
from tegnas_core.sweep.provenance import versions

Tables = dict[str, pd.DataFrame]

TEST = ("cifar10_test_200", "cifar100_test_200", "imagenet16_120_test_200")
CORRELATED = (*TEST, "cifar10_train_acc_200", "cifar10_valid_train_acc_200", "cifar10_valid_test_acc_200")
PANELS = (*TEST, "cifar10_train_acc_200")
KS = (10, 100, 1000)
N_BINS = 24


@dataclass(frozen=True)
class Inputs:
    """Everything a report follows from.

    Attributes:
        name: Of the atlas's table.
        benchmarks: Whose columns are joined; the first one that has a column gives it.
        seed: Of all resampling.
        n_draws: Number of resamples.
        folder: Where the atlas lies.
    """

    name: str
    benchmarks: tuple[Benchmark, ...]
    seed: int
    n_draws: int
    folder: Path = ATLAS

    @cached_property
    def table(self) -> pd.DataFrame:
        """The atlas with sizes and with every accuracy that is known."""
        table = with_predictors(atlas(self.name, folder=self.folder))
        for benchmark in self.benchmarks:
            for column in (c for c in benchmark.available if c not in table.columns):
                table = table.assign(**{column: table["architecture"].map(benchmark.column(column))})
        return table

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The atlas, one row a class and repeat."""
        return atlas_repeats(self.name, folder=self.folder)

    @cached_property
    def coverage(self) -> Coverage:
        """How much of the space there is."""
        return atlas_coverage(self.name, folder=self.folder)

    @property
    def resampling(self) -> dict[str, int]:
        """Seed and number of draws, as keywords."""
        return {"seed": self.seed, "n_draws": self.n_draws}

    def known(self, columns: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of the columns that the table has."""
        return tuple(c for c in columns if c in self.table.columns)

    def key(self) -> str:
        """Return a hash of what the numbers follow from: atlas, accuracies, resampling, code."""
        digest = hashlib.sha256(f"{self.seed} {self.n_draws}".encode())
        digest.update(pd.util.hash_pandas_object(self.rows, index=False).to_numpy().tobytes())
        digest.update(pd.util.hash_pandas_object(self.table, index=False).to_numpy().tobytes())
        for path in sorted(Path(__file__).parent.glob("*.py")):
            digest.update(path.read_bytes())
        return digest.hexdigest()[:16]

    def provenance(self) -> dict[str, object]:
        """Return the birth certificate of every record of this report."""
        return {
            "command": f"tegnas atlas report --name {self.name} --draws {self.n_draws} --seed {self.seed}",
            "atlas": self.name,
            "coverage": str(self.coverage),
            "n_architectures": self.coverage.n_architectures,
            "repeats": self.coverage.complete,
            "settings": self.table.attrs.get("settings", atlas_settings(self.name, folder=self.folder).label),
            "images": str(self.rows["images"].iloc[0]),
            "accuracies": " | ".join(benchmark.description for benchmark in self.benchmarks),
            "draws": self.n_draws,
            "seed": self.seed,
            "date": datetime.now(UTC).date().isoformat(),
            "versions": ", ".join(f"{name} {number}" for name, number in versions().items() if number),
        }


def correlations(inputs: Inputs) -> Tables:
    """Fig. 1: agreements, short lists, the panels in bins, and the same for single repeats."""
    table = inputs.table
    panels = [
        whole_space.binned(whole_space.population(table, "all", accuracy), predictor, accuracy, n_bins=N_BINS)
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
    found = whole_space.agreements_by_population(inputs.table, accuracy, **inputs.resampling)
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
    """The claim that R prefers training accuracy and MSE test accuracy."""
    return {
        "claims": train_test.claim_table(inputs.table, **inputs.resampling),
        "levels": train_test.level_table(inputs.table, **inputs.resampling),
    }


def exclusive_sets(inputs: Inputs) -> Tables:
    """Fig. 2: profiles of the sets, of random sets of the same sizes, and the overlap between repeats."""
    found = exclusive.profiles(inputs.table, **inputs.resampling)
    sizes = {name: int(found.value[f"{name}, size"]) for name in TEG}
    drawn = exclusive.random_profiles(inputs.table, sizes, **inputs.resampling)
    ends = drawn.groupby(["set", "quantity"], sort=False)["value"].quantile([0.025, 0.975]).unstack()
    return {
        "profiles": found.table().rename_axis("statistic").reset_index(),
        "random_sets": ends.set_axis(["low", "high"], axis=1).reset_index(),
        "stability": exclusive.stability(inputs.table, inputs.rows),
    }


def none_replaced(inputs: Inputs) -> Tables:
    """Fig. 3: what replacing `none` does, on each data set."""
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
    """What the regression error measures, on each data set."""
    table, parts = regression_error.with_parts(inputs.table), []
    for accuracy in inputs.known(TEST):
        for name in regression_error.POPULATIONS:
            if name == "above 90" and table[accuracy].max() <= 90:
                continue  # nothing is that accurate on the larger data sets
            found = regression_error.variant_agreements(table, accuracy, name, **inputs.resampling)
            numbers = regression_error.estimates(found)
            parts.append(numbers.assign(accuracy=accuracy, population=name))
    values = regression_error.value_table(table).rename_axis("variant").reset_index()
    return {"variants": pd.concat(parts, ignore_index=True), "values": values}


SECTIONS: Mapping[str, Callable[[Inputs], Tables]] = {
    "correlations": correlations,
    "train-test": training_and_test,
    "exclusive-sets": exclusive_sets,
    "none-study": none_replaced,
    "regression-error": regression_controls,
}


def make_report(
    inputs: Inputs, folder: Path = RESULTS, *, force: bool = False
) -> Iterator[tuple[str, Path, bool]]:
    """Record every section that is not there yet with these inputs.

    Args:
        inputs: What the numbers follow from.
        folder: Where the records lie.
        force: Compute again what is there.

    Yields:
        Section, its file, and whether it was computed now.

    Raises:
        TegnasError: When no benchmark knows a training accuracy or the benchmark's own test accuracy.
    """
    protocols = train_test.PROTOCOLS.values()
    wanted = (TEST[0], *(column for train, _, test in protocols for column in (train, test)))
    missing = [column for column in wanted if column not in inputs.table.columns]
    if missing:
        raise TegnasError(f"a report needs the benchmark's own {missing[0]}; let TEGNAS_DATA name its folder")
    key = inputs.key()
    for name, section in SECTIONS.items():
        if not force and _recorded_key(name, folder) == key:
            yield name, record_path(name, folder), False
            continue
        with np.errstate(invalid="ignore"):
            record = Record(name, {**inputs.provenance(), "key": key}, section(inputs))
        yield name, write_record(record, folder), True


def _recorded_key(name: str, folder: Path) -> object:
    try:
        return read_record(name, folder).provenance.get("key")
    except TegnasError:
        return None
