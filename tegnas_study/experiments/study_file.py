"""The outcomes of a study in a file, with the accuracies that its searches reach."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from tegnas_study.experiments.outcome import ACCURACIES
from tegnas_study.paths import RESULTS
from tegnas_study.storage.provenance_table import read_with_provenance, write_with_provenance
from tegnas_study.tables.study_rows import ROW, format_sources, parse_sources

STUDY = RESULTS / "searches-nas-bench-201.parquet"  # the one that comes with the repository

_KIND = "tegnas-study"
_COLUMNS = (
    *ROW,
    "seed",
    "derived",
    "incumbent",
    "stopped",
    "steps",
    "evaluations",
    "unique",
    "seconds",
    "entropy",
)
FOUND = tuple(f"derived {dataset} {split}" for dataset, split in ACCURACIES)  # columns of accuracies, percent


class Study(NamedTuple):
    """What a study's file holds.

    Attributes:
        outcomes: One row a search: the columns `study_rows.ROW`, what `outcome.outcome` tells, entropy, and
            `FOUND` as far as known.
        provenance: Command, benchmark, atlas, date, versions and hardware.
    """

    outcomes: pd.DataFrame
    provenance: dict[str, object]


def write_study(path: Path, outcomes: pd.DataFrame, *, command: str, benchmark: str, atlas: Sequence[str]) -> None:
    """Write outcomes with their accuracies; the file appears complete or not at all. The caller holds its lock.

    Args:
        path: The file to write.
        outcomes: The table as `Study` describes it.
        command: The command that made the outcomes.
        benchmark: The benchmark that the accuracies come from.
        atlas: The names of the tables that were looked up.

    Raises:
        TegnasError: When the file cannot be written.
    """
    facts = {"command": command, "benchmark": benchmark, "atlas": list(atlas)}
    write_with_provenance(path, format_sources(outcomes), facts, kind=_KIND)


def read_study(path: Path = STUDY, *, advice: str = "") -> Study:
    """Read what `write_study` wrote; the file is not trusted.

    Args:
        path: The file.
        advice: What to do with a file of another kind, for the message (see `read_with_provenance`).

    Raises:
        TegnasError: When the file is missing, damaged, or holds no study.
    """
    facts = ("command", "benchmark")
    outcomes, provenance = read_with_provenance(
        path, _COLUMNS, facts, kind=_KIND, command="tegnas study", advice=advice
    )
    return Study(parse_sources(outcomes), provenance)
