"""The figure at the top of the README and of the start page: the sample of 200 against its accuracies.

``python -m tegnas_study.figures.headline`` draws it anew.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from tegnas_study.figures.correlation import indicators_against_accuracy
from tegnas_study.paths import REPOSITORY
from tegnas_study.tables.ranking import correlations
from tegnas_study.tables.sample_of_200 import sample_table

if TYPE_CHECKING:
    from tegnas_study.data.benchmark import Benchmark

DPI = 160
HEADLINE = REPOSITORY / "book" / "_static" / "headline.png"


def draw_headline(benchmark: "Benchmark", *, seed: int = 0, out: Path = HEADLINE) -> Path:
    """Draw the indicators of the sample of 200 against test accuracy into a PNG file, and return its path.

    Args:
        benchmark: Where the accuracies come from.
        seed: Seed of the bootstrap.
        out: The file to write.
    """
    table = sample_table(benchmark)
    figure = indicators_against_accuracy(table, correlations(table, ["test_accuracy"], seed=seed))
    titles = " | ".join(" ".join(axes.get_title(loc="left").split()) for axes in figure.axes)
    about = f"{titles} | {benchmark.description}"  # what a test compares, as letters may be drawn differently
    figure.savefig(out, dpi=DPI, metadata={"Description": about})
    return out


if __name__ == "__main__":
    from tegnas_study.data.benchmark import load_benchmark

    used = load_benchmark("analog")  # the accuracies that everybody has
    print(f"{draw_headline(used)}, with {used.description}")
