"""What a search costs: the same architectures judged by TEG and trained for one epoch, on the same processor."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_core.settings import IndicatorSettings
from tegnas_study.tables.bootstrap import Bootstrap, bootstrap

COSTS = ("teg_plain", "teg_fast", "epoch_plain", "epoch_fast")  # columns of what `bench.epochs` records


class Passes(NamedTuple):
    """How often one image goes through a network for one evaluation of an architecture.

    Attributes:
        forward: Forward passes through the network of the kernels, or through the trained one.
        backward: Backward passes through the same network.
        thin: Image crops that go forward through the thin network of R.
    """

    forward: int
    backward: int
    thin: int


def passes_of_teg(settings: IndicatorSettings, *, n_classes: int) -> Passes:
    """Return the passes of κ, R and MSE.

    In each repeat the kernel of the training batch and that of the held-out batch need one gradient an image; a
    trace over the logits needs one an image and class.
    """
    batch = 2 * settings.batch_size * settings.repeats
    gradients = 1 if settings.output == "sum" else n_classes
    return Passes(batch, batch * gradients, settings.region_images * settings.repeats)


def passes_of_training(n_train: int, n_validated: int, *, epochs: int = 1) -> Passes:
    """Return the passes of training on some images and validating on others.

    Args:
        n_train: Number of training images.
        n_validated: Number of images that are validated on, once.
        epochs: Number of epochs of training.
    """
    return Passes(n_train * epochs + n_validated, n_train * epochs, 0)


def same_evaluations(judged: pd.DataFrame, trained: pd.DataFrame) -> pd.DataFrame:
    """Return the seconds of both, one row for each architecture that both have evaluated.

    Args:
        judged: Evaluations by TEG, in the columns of `SearchHistory.table`.
        trained: Trainings of one epoch, in the same columns.

    Returns:
        Indexed by architecture: teg, epoch (seconds).

    Raises:
        TegnasError: When they share no architecture.
    """
    both = pd.concat(
        [_first_seconds(judged), _first_seconds(trained)], axis=1, keys=["teg", "epoch"], join="inner"
    )
    if both.empty:
        raise TegnasError("the two searches share no architecture; run them with the same method and seed")
    return both


def cost_ratio(seconds: pd.DataFrame, *, repeats: float = 1, seed: int, n_draws: int) -> Bootstrap:
    """Return the mean seconds of both and ``ratio``, how many evaluations by TEG one epoch would pay for.

    Args:
        seconds: The table that `same_evaluations` returns.
        repeats: A factor for the time of TEG, when fewer repeats were timed than a search takes.
        seed: Seed of the resampling, which draws architectures.
        n_draws: Number of resamples.
    """
    both = seconds.to_numpy(float) * np.array([repeats, 1.0])

    def means(counts: np.ndarray) -> dict[str, float]:
        teg, epoch = counts @ both / counts.sum()
        return {"teg": float(teg), "epoch": float(epoch), "ratio": float(epoch / teg)}

    return bootstrap(means, seconds.index.to_numpy(), seed=seed, n_draws=n_draws)


def cost_both_ways(seconds: pd.DataFrame, *, repeats: int, seed: int, n_draws: int) -> Bootstrap:
    """Return how many evaluations by TEG one epoch pays for, when both are computed in the same way and when not.

    Args:
        seconds: The table of `bench.epochs`: a cell a row, the seconds of one repeat and of one epoch both ways.
        repeats: How many repeats an evaluation takes.
        seed: Seed of the resampling, which draws cells.
        n_draws: Number of resamples.

    Returns:
        ``plain``, both in the plain way; ``fast``, both in the fast way; ``mixed``, a plain epoch over fast
        evaluations, which compares implementations as much as methods.
    """
    ways = {"plain": ("epoch_plain", "teg_plain"), "fast": ("epoch_fast", "teg_fast")}
    ways["mixed"] = ("epoch_plain", "teg_fast")
    costs = seconds[[*COSTS]].to_numpy(float)

    def ratios(counts: np.ndarray) -> dict[str, float]:
        mean = dict(zip(COSTS, counts @ costs, strict=True))
        return {way: float(mean[epoch] / (repeats * mean[teg])) for way, (epoch, teg) in ways.items()}

    return bootstrap(ratios, np.arange(len(seconds)), seed=seed, n_draws=n_draws)


def _first_seconds(evaluations: pd.DataFrame) -> pd.Series:
    """Return the seconds of each architecture; one that is visited again was remembered, and took none."""
    known = evaluations[evaluations["seconds"] > 0]
    return known.groupby("architecture", sort=False)["seconds"].first()
