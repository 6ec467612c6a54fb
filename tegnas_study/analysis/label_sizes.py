"""What does the kernel regression know of the labels when it has more images? Recorded runs, by size and ridge.

The runs give, for each class of cells, batch, number n of training images and ridge, the error with true and with
permuted labels and its parts (`experiments.label_path`). Classes are the units of the intervals; every batch has
weights of its own, and how far two batches agree about the order of the classes is the reliability.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from tegnas_study.tables.bootstrap import bootstrap, taus
from tegnas_study.tables.ranking import ranks

# Part → whether large values are good.
PARTS: Mapping[str, bool] = {"error": False, "permuted": False, "norm": False, "cosine": True, "lga": True}


def whole_block(table: pd.DataFrame) -> pd.DataFrame:
    """Return the largest part of a run in which every class has every batch.

    A run that goes on has some classes with fewer batches than others. Of all ways to cut it, this one keeps most
    pairs of a class and a batch, and more batches when two keep as many.

    Args:
        table: The columns architecture, batch, n and ridge, and the parts.
    """
    there = table.drop_duplicates(["architecture", "batch"]).assign(there=True)
    there = there.pivot(index="architecture", columns="batch", values="there").notna()
    kept = {n: there.index[there.iloc[:, :n].all(axis=1)] for n in range(1, there.shape[1] + 1)}
    n_batches = max(kept, key=lambda n: (n * len(kept[n]), n))
    inside = table["architecture"].isin(kept[n_batches]) & table["batch"].isin(there.columns[:n_batches])
    return table[inside].reset_index(drop=True)


def values_by_size(block: pd.DataFrame) -> pd.DataFrame:
    """Return what the regression is worth, a row for each size and ridge.

    Args:
        block: The table that `whole_block` returns.

    Returns:
        Indexed by n and ridge: the means of ``error``, ``permuted`` and ``cosine``; ``below``, the share of the
        regressions whose error is below that of predicting the mean; ``true_is_smaller``, the share in which true
        labels have a smaller error than permuted ones.
    """
    rows = block.assign(
        below=block["error"] < block["trivial"], true_is_smaller=block["error"] < block["permuted"]
    )
    columns = ["error", "permuted", "cosine", "below", "true_is_smaller"]
    return rows.groupby(["n", "ridge"])[columns].mean()


def agreements_by_size(
    block: pd.DataFrame, accuracy: pd.Series, parts: Sequence[str] = (*PARTS,), *, seed: int, n_draws: int
) -> pd.DataFrame:
    """Return how well every part orders the classes, by size and ridge, and how far two batches agree.

    Args:
        block: The table that `whole_block` returns.
        accuracy: The accuracy of each class in percent, indexed by architecture.
        parts: Some of `PARTS`.
        seed: Seed of the resampling, which draws classes.
        n_draws: Number of resamples.

    Returns:
        Indexed by n, ridge and part: ``tau`` with ``low`` and ``high``, the agreement of the mean over batches
        with accuracy, turned so that larger is better; ``reliability`` with ``reliability_low`` and
        ``reliability_high``, the mean τ of a batch and the next, nan where there is one.
    """
    found = {}
    for (n, ridge), rows in block.groupby(["n", "ridge"]):
        for part in parts:
            values = rows.pivot(index="architecture", columns="batch", values=part)
            found[n, ridge, part] = _numbers(values, PARTS[part], accuracy, seed=seed, n_draws=n_draws)
    return pd.DataFrame(found).T.rename_axis(["n", "ridge", "part"])


def order_at_ends(block: pd.DataFrame, accuracy: pd.Series, *, seed: int, n_draws: int) -> pd.DataFrame:
    """Return how the error and the parts that know the labels order the classes, with fewest and with most images.

    Args:
        block: The table that `whole_block` returns, with the ridges 0 and 1.
        accuracy: The accuracy of each class in percent, indexed by architecture.
        seed: Seed of the resampling, which draws classes.
        n_draws: Number of resamples.

    Returns:
        One row for each agreement, in the columns part ("cosine, no ridge"), n, of ("accuracy", or "two batches"
        for the reliability), what ("with accuracy, 64 images"), tau, low and high. The alignment, which needs no
        regression, has no ridge. What is nan for want of batches is left out.
    """
    ends = block[block["n"].isin([block["n"].min(), block["n"].max()])]
    asked = {("error", 0): "error, no ridge", ("error", 1): "error, ridge of 1"}
    asked |= {
        ("cosine", 0): "cosine, no ridge",
        ("cosine", 1): "cosine, ridge of 1",
        ("lga", 0): "label-gradient\nalignment",
    }
    options = {"seed": seed, "n_draws": n_draws}
    regressed = agreements_by_size(ends[ends["ridge"].isin([0, 1])], accuracy, ("error", "cosine"), **options)
    order = pd.concat([regressed, agreements_by_size(ends[ends["ridge"] == 0], accuracy, ("lga",), **options)])
    both = ["reliability", "reliability_low", "reliability_high"]
    kinds = [
        ("accuracy", "with accuracy", ["tau", "low", "high"]),
        ("two batches", "batch with batch", both),
    ]
    rows = [
        (words, n, of, f"{kind}, {n} images", *order.loc[(n, ridge, part), columns])
        for (part, ridge), words in asked.items()
        for of, kind, columns in kinds
        for n in sorted(ends["n"].unique())
    ]
    return pd.DataFrame(rows, columns=["part", "n", "of", "what", "tau", "low", "high"]).dropna()


def _numbers(values: pd.DataFrame, good: bool, accuracy: pd.Series, **resampling: int) -> dict[str, float]:
    """Return the numbers of one part from its values, shape (classes, batches)."""
    turned = {b: -ranks(values[b], higher_is_better=good) for b in values}
    mean = -ranks(values.mean(axis=1, skipna=False), higher_is_better=good)
    pairs = {"mean": (mean, accuracy.loc[values.index])}
    pairs |= {two: (turned[two[0]], turned[two[1]]) for two in pairwise(turned)}
    drawn = bootstrap(taus(pairs), np.arange(len(values)), **resampling)
    tau, low, high = drawn.estimate("mean").numbers
    twos = [name for name in pairs if name != "mean"]
    both = (np.nan,) * 3
    if twos:
        both = drawn.estimate(lambda s: sum(s[two] for two in twos) / len(twos)).numbers
    names = ("tau", "low", "high", "reliability", "reliability_low", "reliability_high")
    return dict(zip(names, (tau, low, high, *both), strict=True))


def growth(block: pd.DataFrame, *, part: str = "cosine", ridge: float, seed: int, n_draws: int) -> pd.DataFrame:
    """Return by how much the mean of a part is larger with the most images than with the fewest.

    Args:
        block: The table that `whole_block` returns.
        part: One of `PARTS`.
        ridge: The ridge of the regressions.
        seed: Seed of the resampling, which draws classes.
        n_draws: Number of resamples.

    Returns:
        One row: value, low, high, ``more``, in how many classes it is larger, and ``classes``.
    """
    rows = block[block["ridge"] == ridge]
    means = rows.groupby(["architecture", "n"])[part].mean().unstack()
    gains = (means[means.columns.max()] - means[means.columns.min()]).to_numpy()
    drawn = bootstrap(
        lambda counts: {"gain": counts @ gains / counts.sum()},
        np.arange(len(gains)),
        seed=seed,
        n_draws=n_draws,
    )
    value, low, high = drawn.estimate("gain").numbers
    facts = {"more": int((gains > 0).sum()), "classes": len(gains)}
    return pd.DataFrame([{"value": value, "low": low, "high": high, **facts}])
