"""The sample of 200 random architectures, with their indicators and accuracies, as one table."""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from tegnas_core.settings import PRESETS
from tegnas_study.paths import RESULTS
from tegnas_study.sweep import read_sweep
from tegnas_study.tables.frames import average_repeats, join_accuracies
from tegnas_study.tables.ranking import rank_sum

if TYPE_CHECKING:
    from tegnas_study.data.benchmark import Benchmark

SAMPLE_FILE = RESULTS / "correlation-200-cifar10.parquet"


def sample_table(benchmark: "Benchmark", path: Path = SAMPLE_FILE) -> pd.DataFrame:
    """Return one row for each architecture: indicators averaged over repeats, their sum of ranks, accuracies.

    Args:
        benchmark: Where the accuracies come from; ``attrs`` of the table says which columns they are.
        path: A sweep with the preset ``teg`` over one source of images.

    Raises:
        TegnasError: When the file is missing or damaged, or was computed with other settings.
    """
    table = average_repeats(read_sweep(path), PRESETS["teg"])
    return join_accuracies(table, benchmark).assign(rank_sum=rank_sum(table))
