"""Images in Parquet files, in the column layout of the Hugging Face hub.

Opening reads the labels only; images are read and decoded when they are asked for.
"""

import os.path
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from tegnas_core.data.source import ImageSource, checked_indices, checked_labels, fingerprint
from tegnas_core.errors import TegnasError
from tegnas_study.data.images.catalogue import DataSet, unnamed
from tegnas_study.data.images.decoding import decode, encoding, natural_size
from tegnas_study.data.images.parquet_rows import encoded_images, labels_of

_TRAIN_NAMES, _TEST_NAMES = ("train",), ("test", "validation", "valid", "val")
_SUBFOLDERS = ("", "data", "plain_text", "cifar100")
_MOST_CLASSES = 22_000  # all of ImageNet; a wild label must not become a wild number of classes


def has_parquet_images(folder: Path) -> bool:
    """Return whether the folder holds Parquet files of a split, such as ``train-00000-of-00001.parquet``."""
    return bool(_files(folder, _TRAIN_NAMES) or _files(folder, _TEST_NAMES))


def parquet_source(folder: Path, data_set: DataSet | None = None) -> ImageSource:
    """Open a folder of Parquet files; a lone test split serves as the training images.

    Args:
        folder: Where ``train*.parquet`` and ``test*.parquet`` lie (or its subfolder ``data``).
        data_set: What is known about the images, or None to take size and classes from the files.

    Raises:
        TegnasError: When a file is damaged, lacks the columns, or disagrees with ``data_set``.
    """
    train, test = _files(folder, _TRAIN_NAMES), _files(folder, _TEST_NAMES)
    splits = [train, test] if train and test else [train or test]
    labels = [np.concatenate([labels_of(file) for file in files]) for files in splits]
    first = _first_image(splits[0])
    facts = data_set or _facts(folder, labels, first)
    sets = [
        ParquetImages(tuple(files), facts.size, data_set is None, checked_labels(n, facts.n_classes, str(folder)))
        for files, n in zip(splits, labels, strict=True)
    ]
    stored = encoding(first, where=f"image 0 of {folder}")
    stored = f"{'lossy JPEG' if stored == 'JPEG' else stored} in Parquet"
    if len(sets) == 1:
        split = "training" if train else "test"
        return facts.source(f"{len(sets[0]):,} images, all from its {split} split, {stored}", sets[0], None)
    counts = f"{len(sets[0]):,} training and {len(sets[1]):,} test images"
    return facts.source(f"{counts}, {stored}", *sets)


@dataclass(frozen=True, eq=False)
class ParquetImages:
    """The images of one split, in one file or several.

    Attributes:
        files: Parquet files in order.
        size: Height and width in pixels.
        fit: Whether images of another size are fitted; otherwise they are an error.
        labels: Class of every image, int64, shape (n,).
    """

    files: tuple[Path, ...]
    size: int
    fit: bool
    labels: np.ndarray = field(repr=False)

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.labels)

    @cached_property
    def digest(self) -> str:
        """Short hash of the file sizes, the labels and the first encoded images."""
        sizes = [file.stat().st_size for file in self.files]
        first = [data for _, data in encoded_images(self.files, np.arange(min(8, len(self))))]
        return fingerprint(sizes, self.labels, *first)

    def images(self, indices: np.ndarray) -> np.ndarray:
        """Return the images at ``indices``, uint8, shape (len(indices), size, size, 3).

        Raises:
            TegnasError: When a file or an image is damaged.
        """
        wanted, inverse = np.unique(checked_indices(indices, len(self)), return_inverse=True)
        pixels, n_found = np.empty((len(wanted), self.size, self.size, 3), np.uint8), 0
        for index, data in encoded_images(self.files, wanted):
            where = f"image {index} of {self.files[0].parent.name}"
            pixels[n_found] = decode(data, self.size, where=where, fit=self.fit)
            n_found += 1
        if n_found < len(wanted):
            raise TegnasError(f"{self.files[0].parent} holds fewer images than labels; fetch it again")
        return pixels[inverse]


def _first_image(files: Sequence[Path]) -> bytes:
    for _, data in encoded_images(files, np.zeros(1, np.int64)):
        return data
    raise TegnasError(f"{files[0]} holds no images")


def _facts(folder: Path, labels: Sequence[np.ndarray], first: bytes) -> DataSet:
    """Return what the files themselves say about a folder without a known name."""
    n_classes = min(max(int(part.max(initial=0)) for part in labels) + 1, _MOST_CLASSES)
    size = natural_size(first, where=f"image 0 of {folder}")
    return unnamed(folder.resolve().name, n_classes, size)


def _files(folder: Path, names: Sequence[str]) -> list[Path]:
    """Return the files of the first name for which there are any, in order."""
    for subfolder in filter(os.path.isdir, (folder / name for name in _SUBFOLDERS)):
        for name in names:
            found = sorted(path for path in subfolder.glob(f"{name}*.parquet") if os.path.isfile(path))
            if found:
                return found
    return []
