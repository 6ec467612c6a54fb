"""What the page knows of each of the 15,625 cells, from the tables of the study.

The three indicators belong to a class of equal cells, everything else to a single cell.
A cell is told by its number: the six digits of its operations, in the order of the edges, read in base five.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from book.explorer.coding import linear, logarithmic, whole
from tegnas_core.errors import TegnasError
from tegnas_core.indicators.names import HIGHER_IS_BETTER, TEG
from tegnas_core.spaces import NASBench201
from tegnas_core.spaces.architecture import EDGES, OPERATIONS, Architecture
from tegnas_core.spaces.structure import Level
from tegnas_study.data.benchmark import Benchmark
from tegnas_study.paths import ATLAS
from tegnas_study.tables.atlases import DEFAULT, atlas_names, atlas_repeats, atlas_settings
from tegnas_study.tables.frames import average_repeats
from tegnas_study.tables.ranking import rank_sum
from tegnas_study.tables.sizes import complexity_table

DATASETS = {"cifar10": "CIFAR-10", "cifar100": "CIFAR-100", "ImageNet16-120": "ImageNet16-120"}
N_CELLS = len(OPERATIONS) ** len(EDGES)
_STEP_OF_MEAN_REGIONS = 0.1  # a mean of whole numbers; a single draw is whole
_STEP_OF_ACCURACY = 0.01  # percent


def number_of(architecture: Architecture) -> int:
    """Return the cell's number, 0 … 15,624: its operations as digits in base five."""
    return int("".join(map(str, NASBench201().decisions(architecture))), len(OPERATIONS))


def draw_tables(folder: Path = ATLAS) -> tuple[str, ...]:
    """Return the tables that hold draws of the whole space: ``teg-cifar10`` and every ``teg-cifar10-seedN``."""
    found = [name for name in atlas_names(folder) if re.fullmatch(rf"{DEFAULT}(-seed\d+)?", name)]
    return tuple(sorted(found, key=lambda name: int(name.removeprefix(DEFAULT).removeprefix("-seed") or 0)))


def every_draw(folder: Path = ATLAS) -> pd.DataFrame:
    """Return all draws of all classes as one long table: the column ``repeat`` counts draws, seeds in order.

    A draw is one repeat of one table: other random weights, and under another seed another batch of images. One
    that not every class has yet is left out.

    Raises:
        TegnasError: When there is no complete draw, or the tables were computed with different settings.
    """
    names = draw_tables(folder)
    if len({atlas_settings(name, folder=folder).label for name in names}) > 1:
        raise TegnasError(f"the tables {', '.join(names)} were computed with different settings")
    draws = []
    for name in names:
        rows = atlas_repeats(name, folder=folder)[
            ["architecture", "space", "settings", "images", "repeat", "status", *TEG]
        ]
        draws += [rows[rows["repeat"] == repeat] for repeat in sorted(rows["repeat"].unique())]
    classes = NASBench201().classes(atlas_settings(names[0], folder=folder).equivalence) if names else ()
    complete = [draw for draw in draws if len(draw) == len(classes)]
    if not complete:
        raise TegnasError(f"no table in {folder} holds a draw of the whole space; make one with tegnas sweep")
    numbered = [draw.assign(repeat=number, seed=0, seconds=0.0) for number, draw in enumerate(complete)]
    return pd.concat(numbered, ignore_index=True)


def cells_data(benchmark: Benchmark, folder: Path = ATLAS) -> dict[str, object]:
    """Return the part of the page's data that tells of cells.

    Args:
        benchmark: Where accuracies come from; every data set whose test accuracy it knows is shown.
        folder: Where the tables of draws lie.
    """
    draws = every_draw(folder)
    settings = atlas_settings(DEFAULT, folder=folder)
    averages = average_repeats(draws, settings).set_index("architecture")
    chosen = NASBench201().classes(settings.equivalence)
    classes = {str(architecture): number for number, architecture in enumerate(chosen)}
    averages = averages.reindex(list(classes))
    class_of, index = _classes_and_indices(classes, settings.equivalence)
    return {
        "operations": list(OPERATIONS),
        "edges": [list(edge) for edge in EDGES],
        "index": whole(index),
        "class": whole(class_of),
        "draws": int(draws["repeat"].nunique()),
        "indicators": {name: _indicator(name, draws, averages, list(classes)) for name in TEG},
        "rank_sum": linear(_rank_sums(averages, class_of), step=1.0),
        "parameters": _parameters(),
        "accuracies": _accuracies(benchmark),
        "benchmark": benchmark.description,
    }


def _classes_and_indices(classes: dict[str, int], level: Level) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the class and the benchmark's index of every cell, by its number."""
    space = NASBench201()
    class_of, index = np.empty(N_CELLS, dtype=np.intp), np.empty(N_CELLS, dtype=np.intp)
    for i, architecture in enumerate(space.all()):
        number = number_of(architecture)
        class_of[number], index[number] = classes[str(space.representative(architecture, level))], i
    return class_of, index


def _indicator(name: str, draws: pd.DataFrame, averages: pd.DataFrame, order: Sequence[str]) -> dict[str, object]:
    """Return an indicator's averages by class, and its draws: the first of all classes, the second, and so on."""
    single = draws.pivot(index="repeat", columns="architecture", values=name)[[*order]].to_numpy()
    if name == "linear_regions":
        columns = linear(averages[name], step=_STEP_OF_MEAN_REGIONS), linear(single.ravel(), step=1.0)
    else:
        columns = logarithmic(averages[name]), logarithmic(single.ravel())
    higher = HIGHER_IS_BETTER[name]
    return {"mean": columns[0], "draws": columns[1], "higher_is_better": higher, "meaning": TEG[name].meaning}


def _rank_sums(averages: pd.DataFrame, class_of: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return each class's sum of ranks, where the ranks are those among all 15,625 cells."""
    sums = rank_sum(averages.iloc[class_of][[*TEG]].reset_index(drop=True)).to_numpy()
    of_class = np.empty(len(averages))
    of_class[class_of] = sums
    return of_class


def _parameters() -> dict[str, int]:
    """Return the parameters of the benchmark's network with six ``none``, and what each operation adds to them."""
    known = complexity_table().set_index("architecture")["parameters"]

    def count(operation: str) -> int:
        return int(known[str(Architecture((operation,) + (OPERATIONS[0],) * (len(EDGES) - 1)))])

    fixed = count(OPERATIONS[0])
    return {"fixed": fixed, **{operation: count(operation) - fixed for operation in OPERATIONS}}


def _accuracies(benchmark: Benchmark) -> list[dict[str, object]]:
    """Return a column for each data set whose test accuracy is known, by cell number, with where it comes from."""
    numbers = np.array([number_of(architecture) for architecture in NASBench201().all()])
    found = []
    for dataset, words in DATASETS.items():
        try:
            known = benchmark.accuracy(dataset, "test")
        except TegnasError:
            continue
        values = np.full(N_CELLS, np.nan)
        values[numbers] = known.reindex([str(architecture) for architecture in NASBench201().all()])
        retrained = str(known.name).endswith("retrained")
        label = "re-trained by AnalogNAS-Bench" if retrained else "200 epochs, NAS-Bench-201"
        found.append(
            {
                "name": str(known.name),
                "dataset": words,
                "label": label,
                "values": linear(values, step=_STEP_OF_ACCURACY),
            }
        )
    return found
