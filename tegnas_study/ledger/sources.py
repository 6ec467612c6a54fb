"""The tables that the ledger reads, each once: the record of the claims, searches, spawned searches, draws."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from tegnas_study.analysis.landscapes.draws import Draws, load_draws
from tegnas_study.analysis.landscapes.pairs import pair_table
from tegnas_study.analysis.records import ResultRecord, read_record
from tegnas_study.analysis.verdicts import RESAMPLES
from tegnas_study.experiments.files import read_histories
from tegnas_study.experiments.live_files import LiveSearches, read_live_searches
from tegnas_study.experiments.spawn_files import read_parents, read_spawned
from tegnas_study.experiments.study_file import STUDY, read_study
from tegnas_study.paths import RESULTS, SEARCHES
from tegnas_study.tables.atlases import seed_tables
from tegnas_study.tables.study_rows import StudyRow, row_of_each


@dataclass(frozen=True)
class Sources:
    """Where the numbers come from.

    Attributes:
        seed: Seed of all resampling.
        n_draws: Number of resamples behind each interval.
        results: The folder of records.
        searches: The folder of live searches.
        study: The file of the searches behind Tables 2 and 5.
    """

    seed: int = 0
    n_draws: int = RESAMPLES
    results: Path = RESULTS
    searches: Path = SEARCHES
    study: Path = STUDY

    @property
    def resampling(self) -> dict[str, int]:
        """The seed and the number of resamples, as keywords."""
        return {"seed": self.seed, "n_draws": self.n_draws}

    @cached_property
    def record(self) -> ResultRecord:
        """What was recorded for the ledger with the benchmark's own accuracies."""
        return read_record("claims", self.results)

    @cached_property
    def found(self) -> Mapping[StudyRow, pd.DataFrame]:
        """The searches behind Tables 2 and 5, by the row that they belong to and indexed by their seeds."""
        outcomes = read_study(self.study).outcomes
        numbers = outcomes.groupby(row_of_each(outcomes), sort=False).indices
        return {row: outcomes.iloc[places].set_index("seed") for row, places in numbers.items()}

    @cached_property
    def on_darts(self) -> LiveSearches:
        """The live searches of the DARTS space."""
        return read_live_searches(self.searches)

    @cached_property
    def spawned(self) -> Mapping[str, pd.DataFrame]:
        """The spawned searches on NAS-Bench-201, by the table whose averages they were told."""
        files = {"teg-cifar10": "", "teg-cifar10-seed1": "-seed1"}
        folder, stem = self.results, "spawned-nas-bench-201"
        return {name: read_spawned(folder / f"{stem}{ending}.parquet").table for name, ending in files.items()}

    @cached_property
    def pairs(self) -> Mapping[str, pd.DataFrame]:
        """How far apart the children of those searches end, by table."""
        return {name: pair_table(table, "nas-bench-201") for name, table in self.spawned.items()}

    @cached_property
    def spawned_on_darts(self) -> pd.DataFrame:
        """The spawned searches on the DARTS space."""
        return read_parents(self.searches.glob("darts-spawned-*.parquet"))

    @cached_property
    def other_draws(self) -> Draws:
        """The indicators of all architectures under the first repeat of every table but the main one."""
        return load_draws([(name, 0) for name in seed_tables()[1:]])

    def histories(self, name: str) -> pd.DataFrame:
        """Return the evaluations of live searches in one file of the folder."""
        return read_histories(self.searches / f"{name}.parquet").histories
