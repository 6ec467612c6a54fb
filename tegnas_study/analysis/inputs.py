"""What a report follows from: the atlas, the accuracies and the resampling."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import pandas as pd

from tegnas_study.analysis import rivals
from tegnas_study.analysis.subsets import with_predictors
from tegnas_study.data.benchmark import Benchmark
from tegnas_study.paths import ATLAS
from tegnas_study.storage.provenance import versions
from tegnas_study.tables.atlases import Coverage, atlas, atlas_coverage, atlas_names, atlas_repeats, atlas_settings


@dataclass(frozen=True)
class Inputs:
    """Everything a report follows from.

    Attributes:
        name: Name of the table of the atlas.
        benchmarks: The benchmarks whose columns are joined; the first one that has a column provides it.
        seed: Seed of all resampling.
        n_draws: Number of resamples.
        folder: The folder that holds the atlas.
    """

    name: str
    benchmarks: tuple[Benchmark, ...]
    seed: int
    n_draws: int
    folder: Path = ATLAS

    @cached_property
    def table(self) -> pd.DataFrame:
        """The atlas with sizes and with every accuracy that is known."""
        return self._joined(atlas(self.name, folder=self.folder))

    @cached_property
    def rivals(self) -> pd.DataFrame:
        """The same table with the rivals, where there is a table of them."""
        there = rivals.TABLE in atlas_names(self.folder)
        return self._joined(atlas(self.name, rivals=rivals.TABLE, folder=self.folder)) if there else self.table

    def _joined(self, table: pd.DataFrame) -> pd.DataFrame:
        table = with_predictors(table)
        for benchmark in self.benchmarks:
            for column in (c for c in benchmark.available if c not in table.columns):
                table = table.assign(**{column: table["architecture"].map(benchmark.column(column))})
        return table

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The rows of the atlas, one for each class and repeat."""
        return atlas_repeats(self.name, folder=self.folder)

    @cached_property
    def coverage(self) -> Coverage:
        """How much of the space the atlas holds."""
        return atlas_coverage(self.name, folder=self.folder)

    @property
    def resampling(self) -> dict[str, int]:
        """The seed and the number of draws, as keywords."""
        return {"seed": self.seed, "n_draws": self.n_draws}

    def known(self, columns: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of the columns that the table has."""
        return tuple(c for c in columns if c in self.table.columns)

    def key(self, *, version: int, others: Iterable[str] = ()) -> str:
        """Return a hash of what the numbers of a section follow from.

        It covers the rows of the atlas as they were computed, the accuracies, the resampling and a version number.
        Code is not hashed: whoever changes what a section computes raises the section's version.

        Args:
            version: Version of the section.
            others: More tables of the atlas that the section reads; those that are not there are left out.
        """
        accuracies = [column for benchmark in self.benchmarks for column in benchmark.available]
        digest = hashlib.sha256(f"{version} {self.seed} {self.n_draws}".encode())
        digest.update(_hash_of(self.rows))
        digest.update(_hash_of(self.table[["architecture", *dict.fromkeys(accuracies)]]))
        for name in (name for name in atlas_names(self.folder) if name in others):
            digest.update(name.encode() + _hash_of(atlas_repeats(name, folder=self.folder)))
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


def _hash_of(table: pd.DataFrame) -> bytes:
    return repr([*table.columns]).encode() + pd.util.hash_pandas_object(table, index=False).to_numpy().tobytes()
