"""Batches of images as tensors: one seed decides which images they hold, in which order, and how they are cut.

Random numbers are raw 64-bit words of a PCG64 generator keyed by (seed, split, purpose).  Hence batches of
different purposes are independent, the order of calls does not matter, and a numpy with another sampler gives
the same batch.
"""

import hashlib
import operator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from tegnas_core.data.source import ImageSet, ImageSource
from tegnas_core.errors import TegnasError

SPLITS = ("train", "train_half", "validation_half", "test")
_HALVES_SEED = 201  # the fixed permutation that halves every training set


@dataclass(frozen=True, eq=False)
class Batch:
    """Images ready for a network.

    Attributes:
        images: Normalised images, shape (n, 3, h, w), contiguous in that order: torch's CPU batch-norm loses
            digits on channels-last memory.
        labels: Classes, int64, shape (n,).
        n_classes: Number of classes of the source.
        indices: Position of each image in the source's training (or test) set, int64, shape (n,).
    """

    images: Tensor
    labels: Tensor
    n_classes: int
    indices: np.ndarray


def draw_batch(
    source: ImageSource,
    split: str,
    n: int,
    *,
    seed: int,
    augment: bool = False,
    dtype: torch.dtype = torch.float32,
) -> Batch:
    """Draw n different images of a split; a larger n with the same seed begins with the same images.

    Args:
        source: The data set that the images come from.
        split: "train", "train_half" or "validation_half" (disjoint halves of it), or "test".
        n: Number of images.
        seed: The images, their order, and their flips and crops are drawn from this seed.
        augment: Whether to flip images left to right with probability 1/2 and to crop them at random after padding
            with size/8 black pixels (4 at 32×32, 2 at 16×16), as in the training of NAS-Bench-201.
        dtype: The precision of the images.

    Raises:
        TegnasError: When the split is unknown or missing in the source or holds fewer than n images, or a file is
            damaged.

    >>> from tegnas_study import load_images
    >>> batch = draw_batch(load_images("synthetic"), "train_half", 4, seed=0)
    >>> tuple(batch.images.shape), batch.labels.tolist(), batch.n_classes
    ((4, 3, 32, 32), [6, 0, 8, 4], 10)
    """
    images, members = _split_members(source, split)
    if not 1 <= n <= len(members):
        raise TegnasError(
            f"a batch of {n} images cannot be drawn from the {len(members)} of {source.name} {split}"
        )
    indices = members[_permutation(len(members), seed, split, "batch")[:n]]
    pixels = images.images(indices)
    if augment:
        pixels = _flip_and_crop(pixels, source.size // 8, _words(3 * n, seed, split, "augment").reshape(n, 3))
    normalised = (pixels / 255 - np.array(source.mean)) / np.array(source.std)
    return Batch(
        images=torch.from_numpy(np.ascontiguousarray(normalised.transpose(0, 3, 1, 2))).to(dtype),
        labels=torch.from_numpy(images.labels[indices]),
        n_classes=source.n_classes,
        indices=indices,
    )


def draw_region_inputs(
    source: ImageSource,
    n: int,
    *,
    size: int = 3,
    seed: int,
    split: str = "train_half",
    dtype: torch.dtype = torch.float32,
) -> Tensor:
    """Return the tiny inputs on which linear regions are counted, shape (n, 1, size, size).

    Each is a random crop of one random colour channel of an image, normalised by that channel's constants and
    not flipped (as in the released code of TEG-NAS).  The images are taken from a permutation of the split,
    again and again when n exceeds it, with a new crop each time.

    Raises:
        TegnasError: When the split is unknown, n is below 1, a crop is larger than the images, or a file is
            damaged.
    """
    crops, channels = _region_crops(source, n, size, seed, split)
    mean, std = np.array(source.mean)[channels], np.array(source.std)[channels]
    normalised = (crops / 255 - mean[:, None, None]) / std[:, None, None]
    return torch.from_numpy(normalised[:, None]).to(dtype)


@lru_cache(maxsize=16)
def _region_crops(source: ImageSource, n: int, size: int, seed: int, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Return crops, uint8 (n, size, size), and their colour channels, (n,); kept: decoding takes long."""
    images, members = _split_members(source, split)
    if n < 1 or not 1 <= size <= source.size:
        raise TegnasError(f"{n} crops of {size}×{size} cannot be cut from images of {source.size}×{source.size}")
    order = members[_permutation(len(members), seed, split, "regions")]
    pixels = images.images(order[:n])  # every image is decoded once, however often it is used
    words = _words(3 * n, seed, split, "crops").reshape(n, 3)
    top, left = _below(words[:, 0], source.size - size + 1), _below(words[:, 1], source.size - size + 1)
    channels = _below(words[:, 2], 3)
    return _cut(pixels[np.arange(n) % len(pixels), :, :, channels], top, left, size), channels


def _split_members(source: ImageSource, split: str) -> tuple[ImageSet, np.ndarray]:
    """Return the set that a split lies in and the split's indices into it, ascending, shape (n,)."""
    if split not in SPLITS:
        raise TegnasError(f"unknown split {split!r}: choose one of {', '.join(SPLITS)}")
    if split == "test":
        if source.test is None:
            raise TegnasError(f"{source.name} has no test images: draw from validation_half instead")
        return source.test, np.arange(len(source.test))
    n = len(source.train)
    return source.train, np.arange(n) if split == "train" else _halves(n)[split]


@lru_cache(maxsize=16)
def _halves(n: int) -> dict[str, np.ndarray]:
    """Return the halves of a training set of n images; the validation half takes the odd one."""
    order = _permutation(n, _HALVES_SEED, "train", "halves")
    return {"train_half": np.sort(order[: n // 2]), "validation_half": np.sort(order[n // 2 :])}


def _flip_and_crop(pixels: np.ndarray, padding: int, words: np.ndarray) -> np.ndarray:
    """Flip half of the images, pad all with black and cut one window of the old size from each.

    Args:
        pixels: Images, uint8, shape (n, size, size, 3).
        padding: Black pixels on each side.
        words: Random 64-bit words, shape (n, 3): flip, top, left.
    """
    flipped = np.where(_below(words[:, 0], 2)[:, None, None, None] == 1, pixels[:, :, ::-1], pixels)
    padded = np.pad(flipped, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    top, left = _below(words[:, 1], 2 * padding + 1), _below(words[:, 2], 2 * padding + 1)
    return _cut(padded, top, left, pixels.shape[1])


def _cut(pixels: np.ndarray, top: np.ndarray, left: np.ndarray, size: int) -> np.ndarray:
    """Return the window (size, size) at (top, left) of each image; pixels have shape (n, h, w, ...)."""
    image, window = np.arange(len(pixels))[:, None, None], np.arange(size)
    return pixels[image, (top[:, None] + window)[:, :, None], (left[:, None] + window)[:, None, :]]


def _permutation(n: int, seed: int, split: str, purpose: str) -> np.ndarray:
    """Return a random order of 0 .. n-1: the order of n random words."""
    return np.argsort(_words(n, seed, split, purpose), kind="stable")


def _below(words: np.ndarray, n: int) -> np.ndarray:
    """Return whole numbers in 0 .. n-1, int64; their bias is below n / 2^64."""
    return (words % np.uint64(n)).astype(np.int64)


def _words(n: int, seed: int, split: str, purpose: str) -> np.ndarray:
    """Return n random 64-bit words that depend on (seed, split, purpose) only."""
    key = f"{operator.index(seed)}/{split}/{purpose}".encode()
    entropy = int.from_bytes(hashlib.sha256(key).digest(), "little")
    return np.random.PCG64(entropy).random_raw(n)
