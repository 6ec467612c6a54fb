"""What the papers of rivals print about this space, quoted, and the same statistics on the benchmark's network.

Printed numbers are about all cells, among which one function stands several times; ours are for those and for
each function once.
"""

from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd
from scipy import stats

from tegnas_study.analysis.combinations import AZ_PARTS, NAMED, regularised_swap
from tegnas_study.analysis.rivals import BENCHMARK_TABLE
from tegnas_study.analysis.subsets import oriented, with_predictors
from tegnas_study.paths import ATLAS
from tegnas_study.tables.atlases import MISSING, atlas
from tegnas_study.tables.ranking import kendall_tau

SINGLE = ("meco", "swap", "log_synflow")
STATISTICS = {"ρ": "Spearman's ρ", "τ": "Kendall's τ"}


BENCHMARKS_OWN = "the benchmark's, 16 channels and 15 cells"
ALL_CELLS = "all 15,625"
UNKNOWN = "not known to us"


@dataclass(frozen=True)
class Protocol:
    """How a printed number was obtained.

    Attributes:
        network: The network that was evaluated.
        cells: Which cells it is about.
        repeats: How often each cell was evaluated, and on what.
        known_from: Where this is said.
    """

    network: str
    cells: str
    repeats: str
    known_from: str


@dataclass(frozen=True)
class Printed:
    """A number that a paper prints about NAS-Bench-201.

    Attributes:
        score: What is judged: a column, or "AZ-NAS".
        name: How it is called.
        statistic: "ρ" (Spearman's) or "τ" (Kendall's).
        value: The printed number.
        accuracy: The accuracy that it is about.
        source: Where it stands.
        protocol: How it was obtained.
    """

    score: str
    name: str
    statistic: str
    value: float
    accuracy: str
    source: str
    protocol: Protocol


_MECO = Protocol(BENCHMARKS_OWN, ALL_CELLS, "one set of weights, one image", "their released code")
_SYNFLOW = Protocol(BENCHMARKS_OWN, ALL_CELLS, "one set of weights, one batch of 64", "their released code")
_AZ_NAS = Protocol(BENCHMARKS_OWN, ALL_CELLS, "one set of weights, 64 random inputs", "their notebook, seed 1")
_SWAP = Protocol(UNKNOWN, UNKNOWN, UNKNOWN, "no code for this space is public")

PRINTED = (
    Printed("meco", "MeCo", "ρ", 0.89, "CIFAR-10", "Jiang et al. 2023", _MECO),
    Printed("swap_regularised", "SWAP, regularised", "ρ", 0.9, "CIFAR-100, validation", "Peng et al. 2024", _SWAP),
    Printed("log_synflow", "synflow", "ρ", 0.74, "CIFAR-10, validation", "Abdelfattah et al. 2021", _SYNFLOW),
    Printed("AZ-NAS", "AZ-NAS", "τ", 0.741, "CIFAR-10", "Lee and Ham 2024", _AZ_NAS),
    Printed("AZ-NAS", "AZ-NAS", "ρ", 0.913, "CIFAR-10", "Lee and Ham 2024", _AZ_NAS),
)


def beside_papers(
    table: pd.DataFrame,
    accuracy: str = "test_accuracy",
    *,
    folder: Path = ATLAS,
    printed: tuple[Printed, ...] = PRINTED,
) -> pd.DataFrame:
    """Return printed numbers beside ours, one row for each.

    Ours are from one evaluation of each class on the benchmark's network, with the weights that the table says.

    Args:
        table: The table of `atlases.atlas` with the accuracy.
        accuracy: The column of accuracies, in percent; ours are always about this one.
        folder: The folder that holds the atlas.
        printed: The printed numbers.

    Returns:
        Columns indicator, statistic, printed, about (the accuracy of the printed number), source, ``all cells``
        and ``each function once``; the number of cells of both in ``attrs["cells"]``.

    Raises:
        TegnasError: When the table of the benchmark's network is not there.
    """
    known = with_predictors(table)
    own = atlas(BENCHMARK_TABLE, folder=folder).loc[known.index]
    known = known.assign(**own[[*SINGLE, *AZ_PARTS]])
    strings = known[(own["status"] != MISSING) & known[accuracy].notna()]
    among = {"all cells": strings, "each function once": strings.drop_duplicates("representative")}
    ours = {words: _scores(rows) for words, rows in among.items()}
    rows = [
        {
            "indicator": one.name,
            "statistic": STATISTICS[one.statistic],
            "printed": one.value,
            "about": one.accuracy,
            "source": one.source,
            **{words: _agreement(ours[words][one.score], rows[accuracy], one) for words, rows in among.items()},
        }
        for one in printed
    ]
    found = pd.DataFrame(rows)
    found.attrs["cells"] = {words: len(rows) for words, rows in among.items()}
    return found


def protocols(printed: tuple[Printed, ...] = PRINTED) -> pd.DataFrame:
    """Return how the printed numbers were obtained, one row for each indicator.

    Args:
        printed: The printed numbers.

    Returns:
        Columns indicator, network, cells, repeats and known_from.
    """
    rows = [{"indicator": one.name, **asdict(one.protocol)} for one in printed]
    return pd.DataFrame(rows).drop_duplicates("indicator", ignore_index=True)


def _scores(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Return every score over these rows; a large one is good."""
    scores = {name: oriented(rows, name) for name in SINGLE}
    swap = rows["swap"].where(rows["swap"].gt(float("-inf")), 0.0)  # a cell without a path has no pattern
    scores["swap_regularised"] = regularised_swap(swap, rows["parameters"])
    scores["AZ-NAS"] = NAMED["AZ-NAS"].of(rows)
    return scores


def _agreement(score: pd.Series, accuracy: pd.Series, printed: Printed) -> float:
    if printed.statistic == "τ":
        return kendall_tau(score, accuracy).tau
    return float(stats.spearmanr(score, accuracy).statistic)
