"""CIFAR-10 and CIFAR-100 through torchvision, from a local copy or downloaded when you ask for it.

torchvision checks the MD5 sum of every file before it opens one, so only the official files are ever unpickled.
"""

import pickle
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np

from tegnas_core.data.source import ImageSource, checked_indices, fingerprint
from tegnas_core.errors import TegnasError
from tegnas_study.data.images.catalogue import DATA_SETS

if TYPE_CHECKING:
    from torchvision.datasets import VisionDataset

CIFAR_FOLDERS = {"cifar10": "cifar-10-batches-py", "cifar100": "cifar-100-python"}
_FILES = {
    "cifar10": (*(f"data_batch_{number}" for number in range(1, 6)), "test_batch", "batches.meta"),
    "cifar100": ("train", "test", "meta"),
}


def cifar_source(name: str, root: Path, *, download: bool = False) -> ImageSource:
    """Open CIFAR-10 or CIFAR-100 under a torchvision root; the files are verified and read at first use.

    Args:
        name: "cifar10" or "cifar100".
        root: The folder that holds (or will hold) ``cifar-10-batches-py`` or ``cifar-100-python``.
        download: Whether to fetch the files when they are missing.

    Raises:
        TegnasError: When the download fails.
    """
    if download:
        _torchvision_set(name, root, train=True, download=True)
    train, test = (CifarImages(name, root, train=train) for train in (True, False))
    return DATA_SETS[name].source("50,000 training and 10,000 test images, official files", train, test)


def missing_files(name: str, root: Path) -> tuple[str, ...]:
    """Return which of the official files are missing or empty under a torchvision root; none is read.

    Args:
        name: "cifar10" or "cifar100".
        root: The folder that holds the folder of the files.
    """
    folder = root / CIFAR_FOLDERS[name]
    return tuple(file for file in _FILES[name] if not _has_content(folder / file))


def _has_content(path: Path) -> bool:
    try:
        return path.is_file() and path.stat().st_size > 0
    except OSError:
        return False


@dataclass(frozen=True)
class CifarImages:
    """One split of the official files.

    Attributes:
        name: "cifar10" or "cifar100".
        root: The torchvision root.
        train: Whether these are the training images or the test images.
    """

    name: str
    root: Path
    train: bool

    @cached_property
    def _data(self) -> SimpleNamespace:
        data = _torchvision_set(self.name, self.root, train=self.train, download=False)
        return SimpleNamespace(pixels=data.data, labels=np.asarray(data.targets, np.int64))

    def __getstate__(self) -> dict[str, object]:
        """Leave the pixels behind: a worker process reads the files itself."""
        return {"name": self.name, "root": self.root, "train": self.train}

    @property
    def labels(self) -> np.ndarray:
        """Class of every image, int64, shape (n,)."""
        return self._data.labels

    @property
    def digest(self) -> str:
        """Short hash of the MD5 sums that torchvision demands of the files."""
        kind = _torchvision_class(self.name)
        return fingerprint(kind.train_list if self.train else kind.test_list)

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self._data.labels)

    def images(self, indices: np.ndarray) -> np.ndarray:
        """Return the images at ``indices``, uint8, shape (len(indices), 32, 32, 3).

        Raises:
            TegnasError: When the files are missing or not the official ones.
        """
        return self._data.pixels[checked_indices(indices, len(self))]


def _torchvision_class(name: str) -> type:
    from torchvision import datasets  # slow to import, and needed here only

    return {"cifar10": datasets.CIFAR10, "cifar100": datasets.CIFAR100}[name]


def _torchvision_set(name: str, root: Path, *, train: bool, download: bool) -> "VisionDataset":
    """Return torchvision's data set, whose constructor verifies the MD5 sums."""
    try:
        return _torchvision_class(name)(str(root), train=train, download=download)
    except (RuntimeError, OSError, pickle.UnpicklingError) as error:
        folder = Path(root) / CIFAR_FOLDERS[name]
        what = "could not be downloaded to" if download else "are missing or fail the MD5 check in"
        raise TegnasError(f"the files of {name} {what} {folder}") from error
