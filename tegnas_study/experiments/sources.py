"""Where the values of a search come from: looked up, or evaluated here and now.

A source is a function from an architecture to its objectives and ``seconds``, what this took when it was measured:
the indicators' own time, or the benchmark's time of so many epochs of training (see `benchmark.value`).
"""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_study.experiments.request import SearchRequest, Source


def make_source(request: SearchRequest, *, seed: int, device: str = "cpu") -> Source:
    """Return the function that a search calls for values.

    Args:
        request: What is optimised, and from where.
        seed: The seed of networks and batches in live evaluation; look-ups are the same for every seed.
        device: The device that networks run on.

    Raises:
        TegnasError: When what has to be looked up is not there.
    """
    origin = request.choice.origin
    if request.method == "te-nas" and request.source == "atlas":
        from tegnas_study.experiments.supernet_means import supernet_source

        return supernet_source(request)
    if request.source == "atlas" or origin == "size":
        rows = looked_up(request)
        return lambda architecture: _row(rows, str(architecture))
    from tegnas_study.experiments import live

    makers = {"teg": live.teg_source, "rivals": live.rivals_source, "accuracy": live.accuracy_source}
    return makers[origin](request, seed=seed, device=device)


def looked_up(request: SearchRequest) -> Mapping[str, Mapping[str, float]]:
    """Return all values a look-up can give, by architecture string."""
    choice = request.choice
    if choice.origin == "accuracy":
        return _accuracies(request.dataset, choice.epochs)
    columns = tuple(objective.name for objective in choice.objectives)
    return _indicators(request.atlas, request.rivals, choice.origin, columns, request.draw)


@lru_cache(maxsize=8)
def _indicators(
    name: str, rivals: str, origin: str, columns: tuple[str, ...], draw: int | None
) -> dict[str, dict[str, float]]:
    from tegnas_study.tables.atlases import MISSING

    table, seconds = _table(name, rivals, origin, draw)
    known = table["status"] != MISSING if origin == "teg" else table[columns[0]].notna()
    return _mappings(table[known], table["architecture"][known], columns, seconds[known.to_numpy()])


@lru_cache(maxsize=4)  # searches by parts of TEG share one
def _table(name: str, rivals: str, origin: str, draw: int | None) -> tuple[pd.DataFrame, np.ndarray]:
    """Return a row for each architecture, and what its evaluation took (seconds)."""
    from tegnas_study.tables.atlases import atlas, atlas_repeats, require_indicators
    from tegnas_study.tables.repeats import of_repeat

    if origin == "size":
        from tegnas_study.tables.sizes import complexity_table

        table = atlas(name)
        table = table.join(complexity_table()[["parameters", "flops"]].set_axis(table.index))
        return table, np.zeros(len(table))
    require_indicators(name)
    table, timed = (atlas(name), name) if origin == "teg" else (atlas(name, rivals=rivals), rivals)
    rows = atlas_repeats(timed)
    if draw is not None:
        table, rows = of_repeat(table, rows, draw), rows[rows["repeat"] == draw]
    seconds = rows.groupby("architecture")["seconds"].sum()
    return table, table["representative"].map(seconds).to_numpy(float)


@lru_cache(maxsize=8)
def _accuracies(dataset: str, epochs: int) -> dict[str, dict[str, float]]:
    from tegnas_study.data.benchmark import load_benchmark

    benchmark = load_benchmark()
    accuracy = benchmark.accuracy(dataset, "test", epochs=epochs).dropna()
    try:
        timed = "cifar10-valid" if dataset == "cifar10" else dataset
        seconds = benchmark.training_seconds(timed, epochs=epochs).reindex(accuracy.index)
    except TegnasError:
        seconds = pd.Series(np.nan, index=accuracy.index)
    return _mappings(accuracy.to_frame("accuracy"), accuracy.index, ("accuracy",), seconds.to_numpy(float))


def _mappings(table: pd.DataFrame, names: pd.Series, columns: tuple[str, ...], seconds: np.ndarray) -> dict:
    numbers = np.column_stack([table[[*columns]].to_numpy(float, na_value=np.nan), seconds]).tolist()
    keys = (*columns, "seconds")
    return {str(name): dict(zip(keys, row, strict=True)) for name, row in zip(names, numbers, strict=True)}


def _row(rows: Mapping[str, Mapping[str, float]], text: str) -> Mapping[str, float]:
    if text not in rows:
        raise TegnasError(f"the table knows nothing of {text}; search with --source live")
    return rows[text]
