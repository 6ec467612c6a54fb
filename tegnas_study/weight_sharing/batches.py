"""The images of a supernet: drawn once from the two halves of a training set, then shuffled, flipped and cropped.

Everything follows from the seed and the number of the epoch, so a training that goes on after a kill sees the same
images as one that was never stopped.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from tegnas_core.data.batches import draw_batch
from tegnas_core.data.source import ImageSource
from tegnas_core.errors import TegnasError
from tegnas_core.seeding import derive_seed
from tegnas_study.training.augmentation import windows

_POOL_SEED = 0  # every search of a size sees the same images
_HELD_OUT_BATCH = 256

Pair = tuple[Tensor, Tensor]  # images (n, 3, h, w) and labels (n,)


class Pool(NamedTuple):
    """Images of one half.

    Attributes:
        images: Normalised, shape (n, 3, h, w).
        labels: Classes, shape (n,).
        black: The value of a black pixel in each channel, shape (3,).
    """

    images: Tensor
    labels: Tensor
    black: Tensor


@dataclass(frozen=True)
class Epoch:
    """What a method sees in one epoch.

    Attributes:
        number: From 0.
        n_epochs: Epochs of the whole training.
        train: Batches for the weights, from the training half, flipped and cropped at random.
        valid: As many batches from the validation half, likewise, for the architecture.
        held_out: Images of the validation half as they are, by which a cell is named; the same in every epoch. No
            weight learns from them, but the architecture does.
        key: What random numbers are derived from, besides the number and their purpose.
    """

    number: int
    n_epochs: int
    train: list[Pair]
    valid: list[Pair]
    held_out: list[Pair]
    key: tuple[Hashable, ...]

    def rng(self, purpose: str) -> np.random.Generator:
        """Return a fresh generator for one purpose of this epoch."""
        return np.random.default_rng(derive_seed(*self.key, self.number, purpose))

    @property
    def is_last(self) -> bool:
        """Say whether the training ends with this epoch."""
        return self.number == self.n_epochs - 1


@lru_cache(maxsize=4)
def load_pool(source: ImageSource, split: str, n: int, resolution: int) -> Pool:
    """Return images of a half, averaged down to a resolution; a half with fewer than n gives all that it has.

    Raises:
        TegnasError: When the images cannot be averaged down to the resolution, or there are too few.
    """
    if source.size % resolution:
        raise TegnasError(f"images of {source.size}×{source.size} cannot be averaged to {resolution}×{resolution}")
    n = min(n, len(source.train) // 2)
    if n < 2 * source.n_classes:
        raise TegnasError(f"{source.name} has {n} images in each half; a supernet needs {2 * source.n_classes}")
    batch = draw_batch(source, split, n, seed=_POOL_SEED)
    black = -torch.tensor(source.mean) / torch.tensor(source.std)
    return Pool(functional.avg_pool2d(batch.images, source.size // resolution), batch.labels, black)


def epoch_batches(
    pool: Pool, *, batch_size: int, n_batches: int | None, epoch: int, key: tuple[Hashable, ...]
) -> list[Pair]:
    """Return the augmented batches of an epoch; epochs follow one another through shuffled passes over the pool.

    Args:
        pool: The images.
        batch_size: Images in a batch; the rest of a pass that fills no batch is left out.
        n_batches: Batches in an epoch; None makes an epoch of one pass.
        epoch: Number of the epoch.
        key: What the random numbers are derived from.
    """
    batch_size = min(batch_size, len(pool.labels))
    a_pass = len(pool.labels) // batch_size
    n_batches = a_pass if n_batches is None else n_batches
    rng = np.random.default_rng(derive_seed(*key, epoch, "augment"))
    found = []
    for number in range(epoch * n_batches, (epoch + 1) * n_batches):
        passes, place = divmod(number, a_pass)
        order = _order(len(pool.labels), derive_seed(*key, "pass", passes))
        chosen = torch.from_numpy(order[place * batch_size : (place + 1) * batch_size])
        found.append((augmented(pool.images[chosen], pool.black, rng), pool.labels[chosen]))
    return found


def held_out_batches(pool: Pool, n: int) -> list[Pair]:
    """Return the first n images of a pool as they are, in batches of at most 256."""
    images, labels = pool.images[:n], pool.labels[:n]
    pairs = zip(images.split(_HELD_OUT_BATCH), labels.split(_HELD_OUT_BATCH), strict=True)
    return [(x, y) for x, y in pairs if len(y) > 1]


def augmented(images: Tensor, black: Tensor, rng: np.random.Generator) -> Tensor:
    """Flip half of the images and crop all at random after padding with size/8 black pixels.

    Args:
        images: Shape (n, 3, size, size).
        black: The value of black in each channel, shape (3,).
        rng: Draws flips and crops.
    """
    n, padding = len(images), images.shape[3] // 8
    flip = torch.from_numpy(rng.integers(2, size=n).astype(bool))
    top, left = (torch.from_numpy(rng.integers(2 * padding + 1, size=n)) for _ in range(2))
    return windows(images, flip, top, left, padding, black)


@lru_cache(maxsize=4)
def _order(n: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).permutation(n)
