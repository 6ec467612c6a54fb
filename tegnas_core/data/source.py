"""What a source of images is: a few facts, and two lazy sets of labelled images."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, runtime_checkable

import numpy as np

from tegnas_core.errors import TegnasError


@runtime_checkable
class ImageSet(Protocol):
    """Labelled images that are decoded only when asked for."""

    @property
    def labels(self) -> np.ndarray:
        """Class of every image, int64, shape (n,)."""

    @property
    def digest(self) -> str:
        """Short hash of the content, cheap to compute."""

    def __len__(self) -> int:
        """Return the number of images."""

    def images(self, indices: np.ndarray) -> np.ndarray:
        """Return the images at ``indices``, uint8, shape (len(indices), size, size, 3)."""


@dataclass(frozen=True, eq=False)
class ImageSource:
    """A data set of small colour images; two sources are equal when their digests are.

    Attributes:
        name: Short name, as given to ``load_images``.
        description: One line to print and to store with a result; says "stand-in" when it is one.
        n_classes: Number of classes; labels run from 0 to ``n_classes - 1``.
        size: Height and width of every image in pixels.
        mean: Mean of each colour channel, in units of the full range 0..1.
        std: Standard deviation of each colour channel, same units.
        stand_in_for: Name of the data set that this one replaces, or None.
        train: Training images.
        test: Test images, or None where there are none.
    """

    name: str
    description: str
    n_classes: int
    size: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    stand_in_for: str | None
    train: ImageSet
    test: ImageSet | None

    @cached_property
    def digest(self) -> str:
        """Short hash of name, normalisation and content."""
        sets = [self.train.digest, "none" if self.test is None else self.test.digest]
        return fingerprint(self.name, self.n_classes, self.size, self.mean, self.std, *sets)

    def __eq__(self, other: object) -> bool:
        """Return whether the other source holds the same images."""
        return isinstance(other, ImageSource) and self.digest == other.digest

    def __hash__(self) -> int:
        """Return the hash of the digest, so that sources can key a cache."""
        return hash(self.digest)


def fingerprint(*parts: object) -> str:
    """Return 16 hexadecimal digits that identify the parts (bytes, arrays, or anything with a plain repr)."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, np.ndarray):
            part = part.tobytes()
        data = part if isinstance(part, bytes) else repr(part).encode()
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.hexdigest()[:16]


def checked_indices(indices: object, n: int) -> np.ndarray:
    """Return the indices as int64, shape (k,).

    Raises:
        TegnasError: They are not whole numbers in 0 .. n-1.
    """
    array = np.asarray(indices)
    if array.size == 0:
        return np.zeros(0, np.int64)
    if array.ndim != 1 or not np.issubdtype(array.dtype, np.integer):
        raise TegnasError("image indices must be a flat list of whole numbers")
    if array.min() < 0 or array.max() >= n:
        raise TegnasError(f"image indices must lie in 0..{n - 1}, got {array.min()}..{array.max()}")
    return array.astype(np.int64)


def checked_labels(labels: np.ndarray, n_classes: int, where: str) -> np.ndarray:
    """Return the labels as int64, shape (n,).

    Raises:
        TegnasError: There are none, or one is outside 0 .. n_classes-1.
    """
    if len(labels) == 0:
        raise TegnasError(f"{where} holds no images")
    if labels.min() < 0 or labels.max() >= n_classes:
        span = f"{labels.min()}..{labels.max()}"
        raise TegnasError(f"{where}: labels must lie in 0..{n_classes - 1}, found {span}")
    return labels.astype(np.int64)
