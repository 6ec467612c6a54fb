"""What a report follows from: the atlas, the accuracies, the resampling, and the code that computes."""

import ast
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import pandas as pd

from tegnas_study.analysis import rivals
from tegnas_study.analysis.populations import with_predictors
from tegnas_study.data.benchmark import Benchmark
from tegnas_study.paths import ATLAS
from tegnas_study.storage.provenance import versions
from tegnas_study.tables.atlases import Coverage, atlas, atlas_coverage, atlas_names, atlas_repeats, atlas_settings

FOLDER = Path(__file__).parent
_PACKAGE = __package__ or ""


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
        return self._joined(atlas(self.name, folder=self.folder))

    @cached_property
    def rivals(self) -> pd.DataFrame:
        """The same with the rivals, where there is a table of them."""
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

    def key(self, others: Iterable[str] = ()) -> str:
        """Return a hash of what the numbers follow from: atlas, accuracies, resampling, code.

        Args:
            others: More tables of the atlas; those that are there count.
        """
        digest = hashlib.sha256(f"{self.seed} {self.n_draws}".encode())
        digest.update(pd.util.hash_pandas_object(self.rows, index=False).to_numpy().tobytes())
        digest.update(pd.util.hash_pandas_object(self.table, index=False).to_numpy().tobytes())
        for name in (name for name in atlas_names(self.folder) if name in others):
            rows = atlas_repeats(name, folder=self.folder)
            digest.update(name.encode() + pd.util.hash_pandas_object(rows, index=False).to_numpy().tobytes())
        for name in sorted(modules_behind("report")):
            digest.update((FOLDER / f"{name}.py").read_bytes())
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


def modules_behind(name: str, folder: Path = FOLDER) -> set[str]:
    """Return the names of the analyses that a module imports, directly or through others, itself among them.

    Args:
        name: Of a module in the folder.
        folder: Where the modules lie; it stands for this package.
    """
    found, waiting = set(), [name]
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting += _imported((folder / f"{module}.py").read_text(encoding="utf-8"), folder)
    return found


def _imported(source: str, folder: Path) -> list[str]:
    """Return which modules of this package a source text imports from."""
    froms = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    inner = [node.module.removeprefix(f"{_PACKAGE}.") for node in froms if node.module and node.module != _PACKAGE]
    whole = [alias.name for node in froms if node.module == _PACKAGE for alias in node.names]
    return [name for name in (*inner, *whole) if (folder / f"{name}.py").exists()]
