"""Tables of indicators: evaluate many architectures here and now, average repeats, join accuracies.

A long table has one row for each repeat of each architecture, in the columns that `sweep.read_sweep` returns, so
whatever works on a live sample works on a recorded sweep.
"""

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from tqdm import tqdm

from tegnas_core.errors import TegnasError
from tegnas_core.indicators.names import TEG

if TYPE_CHECKING:
    from tegnas_core.evaluation import Evaluator
    from tegnas_core.settings import IndicatorSettings
    from tegnas_core.spaces.architecture import Architecture
    from tegnas_study.data.benchmark import Benchmark

SHARED = ("space", "settings", "images", "seed")
KEY = ("architecture", *SHARED, "repeat")
INDICATORS = tuple(TEG)
CONDITION_NUMBERS = ("condition_number", "control_kappa_cells")  # with heavy tails, averaged in the same way


def evaluate_many(
    evaluator: "Evaluator", architectures: Iterable["Architecture"], *, progress: bool = True
) -> pd.DataFrame:
    """Return the long table of some architectures: one row for each repeat.

    Args:
        evaluator: The evaluator; its settings say how many repeats there are.
        architectures: The architectures, in the order of the rows.
        progress: Whether to show a progress bar on stderr.

    Returns:
        Columns architecture (its string), space, settings, images, seed, repeat, condition_number,
        linear_regions, regression_error, status, seconds, the numbers of both kernels (see `indicators.Spectrum`),
        and the controls when the evaluator computes them.
    """
    shared = {
        "space": evaluator.networks.space,
        "settings": evaluator.settings.label,
        "images": evaluator.images.name,
        "seed": evaluator.seed,
    }
    rows = []
    for architecture in tqdm(list(architectures), unit="architecture", disable=not progress):
        for number in range(evaluator.settings.repeats):
            result = asdict(evaluator.evaluate_repeat(architecture, number))
            controls = result.pop("controls")
            rows.append({"architecture": str(architecture), **shared, **result, **controls})
    return pd.DataFrame(rows, columns=None if rows else [*KEY, *INDICATORS, "status", "seconds"])


def average_repeats(rows: pd.DataFrame, settings: "IndicatorSettings") -> pd.DataFrame:
    """Return one row for each architecture: its indicators averaged over repeats, as `evaluated.average` does.

    κ, and the κ of the regression's kernel, by the settings' rule, geometric or arithmetic; everything else
    arithmetically. One failed repeat makes the
    average +∞ (κ, MSE) or −∞ (rivals), and the status is the first that is not "ok".

    Args:
        rows: A long table of one sweep: one space, one image source, one seed.
        settings: The settings that the rows were computed with.

    Returns:
        In order of first appearance: architecture, what all rows share, the averages, status, repeats (their
        number) and seconds (their sum).

    Raises:
        TegnasError: When the rows come from several sweeps, from other settings, or hold a repeat twice.
    """
    _check_one_sweep(rows, settings)
    numbers = rows.select_dtypes("number").columns.difference([*SHARED, "repeat", "seconds"], sort=False)
    values = rows[[*numbers]].astype(float)
    logarithmic = [name for name in CONDITION_NUMBERS if settings.average == "geometric" and name in values]
    values[logarithmic] = np.log(values[logarithmic])
    repeats = rows.groupby("architecture", sort=False)
    by_name = rows["architecture"]
    means = values.groupby(by_name, sort=False).mean().mask(values.isna().groupby(by_name, sort=False).any())
    means[logarithmic] = np.exp(means[logarithmic])
    failed = rows[rows["status"] != "ok"].drop_duplicates("architecture").set_index("architecture")["status"]
    means["status"] = failed.reindex(means.index).fillna("ok")
    means["repeats"] = repeats.size()
    means["seconds"] = repeats["seconds"].sum()
    shared = repeats[[*SHARED]].first()
    return pd.concat([shared, means], axis=1).reset_index()


def mean_of_draws(values: ArrayLike) -> NDArray[np.float64]:
    """Return κ, R and MSE averaged over draws, κ by its geometric mean, shape (…, 3).

    Args:
        values: The three in each draw, in the order of `INDICATORS`, shape (draws, …, 3); failures are not finite.
    """
    taken = np.asarray(values, float)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.stack([np.exp(np.log(taken[..., 0]).mean(0)), taken[..., 1].mean(0), taken[..., 2].mean(0)], -1)


def repeats_matrix(rows: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Return one indicator with an architecture in each row and a repeat in each column, for `bootstrap_repeats`.

    Raises:
        TegnasError: When an architecture lacks a repeat that another has.
    """
    matrix = rows.pivot(index="architecture", columns="repeat", values=indicator)
    counts = rows.groupby("architecture").size()
    if (counts != matrix.shape[1]).any():
        raise TegnasError(f"not every architecture has all {matrix.shape[1]} repeats; leave the others out")
    return matrix.loc[rows["architecture"].unique()]


def join_accuracies(table: pd.DataFrame, benchmark: "Benchmark", dataset: str = "cifar10") -> pd.DataFrame:
    """Return the table with the column ``test_accuracy`` and, where the benchmark knows it, ``train_accuracy``.

    Which of the benchmark's columns these are is kept in ``attrs``; an architecture it does not know gets nan.

    Args:
        table: A table with a column ``architecture``, or indexed by it.
        benchmark: Where the accuracies come from.
        dataset: The data set, by the name that `Benchmark.accuracy` takes.

    Raises:
        TegnasError: When the benchmark has no test accuracy on the data set.
    """
    joined = table.copy()
    keys = table["architecture"] if "architecture" in table.columns else table.index.to_series()
    for split in ("test", "train"):
        try:
            known = benchmark.accuracy(dataset, split)
        except TegnasError:
            if split == "test":
                raise
            continue
        joined[f"{split}_accuracy"] = keys.map(known).astype(float)
        joined.attrs[f"{split}_accuracy"] = known.name
    return joined


def _check_one_sweep(rows: pd.DataFrame, settings: "IndicatorSettings") -> None:
    if rows.empty:
        raise TegnasError("there are no rows to average")
    for name in SHARED:
        found = rows[name].unique()
        if len(found) > 1:
            raise TegnasError(f"the rows mix {name} {', '.join(map(str, found[:3]))}; select one of them first")
    label = rows["settings"].iloc[0]
    if label != settings.label:
        raise TegnasError(f"the rows were computed with settings {label}, not with {settings.label}")
    if rows.duplicated(["architecture", "repeat"]).any():
        raise TegnasError("the rows hold the same repeat of an architecture twice")
