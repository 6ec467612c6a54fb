"""One training of a supernet by one method, from its seed to the cell that it names, epoch by epoch."""

import contextlib
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import torch

from tegnas_core.data.source import ImageSource
from tegnas_core.engine.arithmetic import one_thread
from tegnas_core.errors import TegnasError
from tegnas_core.seeding import derive_seed
from tegnas_core.spaces import NASBench201
from tegnas_core.spaces.architecture import Architecture
from tegnas_core.spaces.structure import is_connected
from tegnas_study.weight_sharing.batches import Epoch, epoch_batches, held_out_batches, load_pool
from tegnas_study.weight_sharing.by_name import make_sharing_method
from tegnas_study.weight_sharing.checkpoint import damaged, read_checkpoint, write_checkpoint
from tegnas_study.weight_sharing.method import SharingMethod
from tegnas_study.weight_sharing.sizes import batch_size_of, sharing_size
from tegnas_study.weight_sharing.supernet import Supernet, single_path
from tegnas_study.weight_sharing.weights import SharedWeights, restore_module, weight_recipe

Row = dict[str, float | str]


@dataclass(frozen=True)
class SharingRun:
    """What a training follows from.

    Attributes:
        method: One of `sizes.NAMES`.
        size: One of `sizes.SIZES`.
        seed: Fixes the weights, the order of the images and all draws; the images themselves are the same for all.
        epochs: Number of epochs; None takes the size's.
        ranked: Cells that are judged with the shared weights, besides the one that the method names.
        ranked_at: After which epochs (from 1) they are judged; 0 judges the untrained weights.
    """

    method: str
    size: str
    seed: int
    epochs: int | None = None
    ranked: tuple[Architecture, ...] = ()
    ranked_at: tuple[int, ...] = ()

    @property
    def n_epochs(self) -> int:
        """The number of epochs."""
        return sharing_size(self.size).epochs[self.method] if self.epochs is None else self.epochs

    def facts(self, images: ImageSource) -> dict[str, object]:
        """Return the run as plain values, as a checkpoint holds them."""
        return {
            "method": self.method,
            "size": self.size,
            "seed": self.seed,
            "epochs": self.n_epochs,
            "ranked": [str(cell) for cell in self.ranked],
            "ranked_at": list(self.ranked_at),
            "images": images.digest,
        }


class Trained(NamedTuple):
    """What a training gave.

    Attributes:
        epochs: One row an epoch: epoch (from 1), architecture, accuracy of its path with shared weights on
            held-out images (percent), entropy (nats), loss, seconds (of a processor; on a GPU wall-clock). The
            seconds are those of training, and in the last epoch those of naming the cell too: what is named
            before only draws a curve.
        ranking: One row for each judged cell and time: epoch, architecture, accuracy.
    """

    epochs: list[Row]
    ranking: list[Row]


def train_supernet(
    run: SharingRun,
    images: ImageSource,
    *,
    device: str = "cpu",
    checkpoint: Path | None = None,
    resume: bool = False,
    on_epoch: Callable[[int], None] = lambda number: None,
) -> Trained:
    """Train a supernet to the end and return what happened.

    Args:
        run: What the training follows from.
        images: Its training set is halved.
        device: Where the supernet lies.
        checkpoint: A file that is written after every epoch; None writes nothing.
        resume: Whether to go on with the file, if it is there.
        on_epoch: Called after each epoch with its number from 1.

    Raises:
        TegnasError: When the images are too few or do not fit, or the checkpoint cannot be used.
    """
    with one_thread() if device == "cpu" else contextlib.nullcontext():
        training = _Training(run, images, device)
        if resume and checkpoint is not None and checkpoint.exists():
            training.restore(checkpoint)
        training.rank(0)
        while len(training.epochs) < run.n_epochs:
            training.one_epoch()
            training.rank(len(training.epochs))
            if checkpoint is not None:
                write_checkpoint(checkpoint, training.parts())
            on_epoch(len(training.epochs))
    return Trained(training.epochs, training.ranking)


class _Training:
    """A training between two epochs."""

    def __init__(self, run: SharingRun, images: ImageSource, device: str) -> None:
        size, space = sharing_size(run.size), NASBench201()
        self.run, self.size, self.space, self.device = run, size, space, device
        self.facts = run.facts(images)
        self.key = ("weight-sharing", run.method, run.seed)
        self.pools = [
            load_pool(images, split, size.images, size.resolution) for split in ("train_half", "validation_half")
        ]
        self.held_out = held_out_batches(self.pools[1], size.candidate_images)
        self.ranked_on = held_out_batches(self.pools[1], size.ranking_images)
        network = Supernet(
            width=size.width,
            cells_per_stage=size.cells_per_stage,
            n_classes=images.n_classes,
            seed=derive_seed("weight-sharing", run.seed),
        )
        network = network.to(device, memory_format=torch.channels_last)
        self.weights = SharedWeights(network, weight_recipe(run.method, size), run.n_epochs)
        self.method: SharingMethod = make_sharing_method(
            run.method, space, size, seed=run.seed, n_steps=run.n_epochs * self._n_batches()
        )
        self.epochs: list[Row] = []
        self.ranking: list[Row] = []

    def one_epoch(self) -> None:
        """Train for an epoch and note what the method names now."""
        clock = clock_of(self.device)
        started = clock()
        epoch = self._epoch(len(self.epochs))
        loss = self.method.train(self.weights, epoch)
        trained = clock()
        found = self.method.derive(self.weights, epoch)
        ended = clock() if epoch.is_last else trained
        self.epochs.append(
            {
                "epoch": epoch.number + 1,
                "architecture": str(self.space.compose(found.options)),
                "accuracy": found.accuracy,
                "entropy": self.method.entropy(),
                "loss": loss,
                "seconds": ended - started,
            }
        )

    def rank(self, number: int) -> None:
        """Judge the ranked cells with the shared weights, when this is a time to do so and it is not done yet."""
        done: Collection[float | str] = {row["epoch"] for row in self.ranking}
        if number not in self.run.ranked_at or number in done:
            return
        for cell in self.run.ranked:
            path = single_path(self.space.decisions(cell))
            accuracy = self.weights.accuracy(path, self.ranked_on)
            self.ranking.append({"epoch": number, "architecture": str(cell), "accuracy": accuracy})

    def parts(self) -> dict[str, object]:
        """Return what a checkpoint holds."""
        return {
            "run": self.facts,
            "epochs": self.epochs,
            "ranking": self.ranking,
            "network": self.weights.network.state_dict(),
            "optimiser": self.weights.optimiser.state_dict(),
            "method": dict(self.method.state()),
        }

    def restore(self, path: Path) -> None:
        """Go on from a checkpoint, or end with an error when a part of it does not fit."""
        parts = read_checkpoint(path, self.facts)
        if len(parts["epochs"]) > self.run.n_epochs:
            raise damaged(path, "it has more epochs than were asked for")
        try:
            restore_module(self.weights.network, parts["network"])
            self.weights.restore(parts["optimiser"])
            self.method.restore(parts["method"])
        except TegnasError:
            raise
        except Exception as error:  # a file from elsewhere may hold anything
            raise damaged(path, error) from None
        self.epochs, self.ranking = parts["epochs"], parts["ranking"]

    def _n_batches(self) -> int:
        batch_size = min(batch_size_of(self.run.method, self.size), len(self.pools[0].labels))
        return self.size.batches or len(self.pools[0].labels) // batch_size

    def _epoch(self, number: int) -> Epoch:
        batches = partial(
            epoch_batches,
            batch_size=batch_size_of(self.run.method, self.size),
            n_batches=self._n_batches(),
            epoch=number,
        )
        train, valid = (
            batches(pool, key=(*self.key, name)) for pool, name in zip(self.pools, ("train", "valid"), strict=True)
        )
        return Epoch(number, self.run.n_epochs, train, valid, self.held_out, self.key)


def clock_of(device: str) -> Callable[[], float]:
    """Return processor time on a CPU, which other work hardly moves, and wall-clock time on a GPU."""
    if device == "cpu":
        return time.process_time

    def synchronised() -> float:
        torch.cuda.synchronize()
        return time.perf_counter()

    return synchronised


def ranked_cells(n: int) -> Sequence[Architecture]:
    """Return n random connected cells, one of each class of equal functions, always the same.

    >>> len(set(ranked_cells(3)))
    3
    """
    space, found = NASBench201(), {}
    for cell in space.sample_many(4 * n + 20, seed=0):
        if is_connected(cell):
            found.setdefault(space.representative(cell), cell)
    return tuple(found.values())[:n]
