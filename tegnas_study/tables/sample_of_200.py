"""The recorded run of 200 architectures, as one table; and the headline figure made from it.

``python -m tegnas_study.tables.sample_of_200`` draws the figure anew.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from tegnas_core.settings import PRESETS
from tegnas_study.paths import REPOSITORY, RESULTS
from tegnas_study.sweep import read_sweep
from tegnas_study.tables.frames import average_repeats, join_accuracies
from tegnas_study.tables.ranking import correlations, rank_sum

if TYPE_CHECKING:
    from tegnas_study.data.benchmark import Benchmark

CORRELATION_RUN = RESULTS / "correlation-200-cifar10.parquet"
HEADLINE = REPOSITORY / "book" / "_static" / "headline.png"


def recorded_table(benchmark: "Benchmark", path: Path = CORRELATION_RUN) -> pd.DataFrame:
    """Return one row an architecture: indicators averaged over repeats, their sum of ranks, accuracies.

    Args:
        benchmark: Where the accuracies come from; ``attrs`` of the table says which columns they are.
        path: A sweep with the preset ``teg`` over one source of images.

    Raises:
        TegnasError: When the file is missing or damaged, or was computed with other settings.
    """
    table = average_repeats(read_sweep(path), PRESETS["teg"])
    return join_accuracies(table, benchmark).assign(rank_sum=rank_sum(table))


def draw_headline(benchmark: "Benchmark", *, seed: int = 0, out: Path = HEADLINE) -> Path:
    """Draw the indicators of the recorded run against test accuracy into a PNG file, and return its path.

    Args:
        benchmark: Where the accuracies come from.
        seed: Of the bootstrap.
        out: The file.
    """
    from tegnas_study.figures import headline

    table = recorded_table(benchmark)
    figure = headline(table, correlations(table, ["test_accuracy"], seed=seed))
    figure.savefig(out)
    return out


if __name__ == "__main__":
    from tegnas_study.data.benchmark import load_benchmark

    used = load_benchmark()
    print(f"{draw_headline(used)}, with {used.description}")
