"""A folder of images with one subfolder a class, such as ImageNet-1k."""

import os.path
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from tegnas_core.data.source import ImageSource, checked_indices, checked_labels, fingerprint
from tegnas_core.errors import TegnasError
from tegnas_study.data.images.catalogue import unnamed
from tegnas_study.data.images.decoding import LARGEST_ENCODED, decode, decode_whole, natural_size

_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".ppm")
_TEST_NAMES = ("test", "validation", "valid", "val")


def has_image_folders(folder: Path) -> bool:
    """Return whether the folder has subfolders that hold images, directly or below ``train``."""
    top = folder / "train" if os.path.isdir(folder / "train") else folder
    return any(_images_in(subfolder) for subfolder in _subfolders(top))


def folder_source(folder: Path) -> ImageSource:
    """Open ``folder/train/CLASS/*`` and ``folder/test/CLASS/*`` (or ``val``), or just ``folder/CLASS/*``.

    Small square images keep their size; others are cut to their central square and resized to 32×32.

    Raises:
        TegnasError: When there are no images, or training and test images have different classes.
    """
    split = os.path.isdir(folder / "train")
    train = _open_set(folder / "train" if split else folder)
    tests = [folder / name for name in _TEST_NAMES if split and os.path.isdir(folder / name)]
    test = _open_set(tests[0], size=train.size) if tests else None
    if test is not None and test.classes != train.classes:
        raise TegnasError(f"{tests[0]} has other class folders than {folder / 'train'}")
    n_test = f"{len(test):,} test images" if test is not None else "no test split"
    data_set = unnamed(folder.resolve().name, len(train.classes), train.size)
    return data_set.source(f"{len(train):,} training images and {n_test}, image files", train, test)


@dataclass(frozen=True, eq=False)
class FolderImages:
    """The images of one split.

    Attributes:
        root: The folder of class folders.
        classes: Names of the class folders, sorted; their order numbers the classes.
        files: Paths below ``root``, by class and then by name.
        size: Height and width in pixels.
        labels: Class of every image, int64, shape (n,).
    """

    root: Path
    classes: tuple[str, ...]
    files: tuple[str, ...] = field(repr=False)
    size: int
    labels: np.ndarray = field(repr=False)

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.files)

    @cached_property
    def digest(self) -> str:
        """Short hash of the file names and sizes and of the first images."""
        sizes = [(self.root / file).stat().st_size for file in self.files]
        first = [_read(self.root / file) for file in self.files[:8]]
        return fingerprint(self.files, sizes, *first)

    def images(self, indices: np.ndarray) -> np.ndarray:
        """Return the images at ``indices``, uint8, shape (len(indices), size, size, 3).

        Raises:
            TegnasError: When an image is damaged, too large, or no longer there.
        """
        indices = checked_indices(indices, len(self))
        pixels = np.empty((len(indices), self.size, self.size, 3), np.uint8)
        for slot, index in enumerate(indices.tolist()):
            path = self.root / self.files[index]
            pixels[slot] = decode(_read(path), self.size, where=str(path), fit=True)
        return pixels

    def whole_image(self, index: int) -> np.ndarray:
        """Return one image as it is in its file, uint8, shape (height, width, 3).

        Raises:
            TegnasError: When it is damaged, too large, or no longer there.
        """
        path = self.root / self.files[index]
        return decode_whole(_read(path), where=str(path))


def _open_set(root: Path, size: int | None = None) -> FolderImages:
    found = [(folder.name, names) for folder in _subfolders(root) if (names := _images_in(folder))]
    files = tuple(f"{name}/{file}" for name, names in found for file in names)
    labels = np.repeat(np.arange(len(found)), [len(names) for _, names in found])
    labels = checked_labels(labels, len(found), str(root))
    if size is None:
        size = natural_size(_read(root / files[0]), where=files[0])
    return FolderImages(root, tuple(name for name, _ in found), files, size, labels)


def _subfolders(folder: Path) -> list[Path]:
    return [path for path in _entries(folder) if os.path.isdir(path) and not path.name.startswith(".")]


def _images_in(folder: Path) -> list[str]:
    return [path.name for path in _entries(folder) if path.suffix.lower() in _SUFFIXES and os.path.isfile(path)]


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise TegnasError(f"{folder} cannot be read: {error.strerror}") from error


def _read(path: Path) -> bytes:
    """Return the bytes of an image, but at most one more than the limit, which is enough to be refused later."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_ENCODED + 1)
    except OSError as error:
        raise TegnasError(f"{path} cannot be read: {error.strerror}") from error
