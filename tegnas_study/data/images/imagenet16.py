"""ImageNet16-120 from its official batches: the first 120 classes of ImageNet at 16×16 pixels.

The batches are pickles, which `storage.unpickling` reads without running anything that they may contain. Even
NumPy's own constructors are kept away: a forged data type could make NumPy follow wild pointers, and a forged
shape could reserve all memory. The images are those of Chrabaszcz, Loshchilov & Hutter (2017), and the choice of
classes is that of NAS-Bench-201 (Dong & Yang, 2020).
"""

import os.path
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from tegnas_core.data.source import ImageSource, checked_indices, checked_labels, fingerprint
from tegnas_core.errors import TegnasError
from tegnas_study.data.images.catalogue import DATA_SETS
from tegnas_study.storage.unpickling import read_pickle

TRAIN_BATCHES = tuple(f"train_data_batch_{i}" for i in range(1, 11))
TEST_BATCHES = ("val_data",)
_SIZE, _N_CLASSES = 16, 120
_ALL_CLASSES = 1000
_LARGEST_BATCH = 2**28  # bytes; the official ones have 99 MB
_NUMBERS = ("u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8")


def imagenet16_source(folder: Path) -> ImageSource:
    """Open the eleven official batches; they are read at first use.

    Raises:
        TegnasError: When a batch is missing.
    """
    missing = [name for name in TRAIN_BATCHES + TEST_BATCHES if not os.path.isfile(folder / name)]
    if missing:
        raise TegnasError(f"ImageNet16-120 in {folder} is incomplete: {', '.join(missing)} missing")
    train, test = BatchImages(folder, TRAIN_BATCHES), BatchImages(folder, TEST_BATCHES)
    return DATA_SETS["imagenet16-120"].source("first classes of the official batches", train, test)


@dataclass(frozen=True)
class BatchImages:
    """The images of one split that belong to the first 120 classes.

    Attributes:
        folder: Where the batches lie.
        names: Their file names in order.
    """

    folder: Path
    names: tuple[str, ...]

    @cached_property
    def _data(self) -> tuple[np.ndarray, np.ndarray]:
        """Pixels, uint8 (n, 16, 16, 3), and labels, int64 (n,)."""
        parts = [_read_batch(self.folder / name) for name in self.names]
        pixels, labels = (np.concatenate(column) for column in zip(*parts, strict=True))
        return pixels, checked_labels(labels, _N_CLASSES, str(self.folder))

    def __getstate__(self) -> dict[str, object]:
        """Leave the pixels behind: a worker process reads the files itself."""
        return {"folder": self.folder, "names": self.names}

    @property
    def labels(self) -> np.ndarray:
        """Class of every image, 0 to 119, int64, shape (n,)."""
        return self._data[1]

    @property
    def digest(self) -> str:
        """Short hash of the sizes of the batches and of the ends of each."""
        paths = [self.folder / name for name in self.names]
        return fingerprint([path.stat().st_size for path in paths], *[_ends(path) for path in paths])

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self._data[1])

    def images(self, indices: np.ndarray) -> np.ndarray:
        """Return the images at ``indices``, uint8, shape (len(indices), 16, 16, 3).

        Raises:
            TegnasError: When a batch is damaged or holds anything but arrays and plain containers.
        """
        return self._data[0][checked_indices(indices, len(self))]


def _read_batch(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return pixels (n, 16, 16, 3) and labels (n,) of the images whose label is at most 120."""
    entry = read_arrays(path)
    data = entry.get("data") if isinstance(entry, dict) else None
    pixels = data.values if isinstance(data, PickledArray) else np.zeros(0)
    if pixels.dtype != np.uint8 or pixels.ndim != 2 or pixels.shape[1] != 3 * _SIZE * _SIZE:
        raise TegnasError(f"{path} is not an ImageNet16 batch: no uint8 array 'data' of 768 columns")
    labels = _label_array(entry.get("labels"), len(pixels), path)
    kept = labels <= _N_CLASSES
    return pixels[kept].reshape(-1, 3, _SIZE, _SIZE).transpose(0, 2, 3, 1), labels[kept] - 1


def _label_array(labels: object, n: int, path: Path) -> np.ndarray:
    """Return the labels as written, 1 to 1000, int64, shape (n,)."""
    labels = labels.values.tolist() if isinstance(labels, PickledArray) else labels
    if not isinstance(labels, list) or len(labels) != n:
        raise TegnasError(f"{path} is not an ImageNet16 batch: it needs one entry of 'labels' for each image")
    if not all(isinstance(label, int) and 1 <= label <= _ALL_CLASSES for label in labels):
        raise TegnasError(f"{path} is not an ImageNet16 batch: labels must be whole numbers in 1..{_ALL_CLASSES}")
    return np.asarray(labels, np.int64)


def read_arrays(path: Path) -> object:
    """Return what a pickle of arrays and plain containers holds, with every array as a `PickledArray`.

    Raises:
        TegnasError: When the file is too large, damaged, or asks for anything but arrays of numbers.
    """
    size = path.stat().st_size
    if size > _LARGEST_BATCH:
        raise TegnasError(f"{path} has {size:,} bytes, more than the limit of {_LARGEST_BATCH:,}")
    return read_pickle(path.read_bytes(), _STAND_INS, what=str(path))


class _PickledDtype:
    """Stands in for the data type of an array: a number of fixed size and a byte order."""

    def __init__(self, code: str, *_flags: object) -> None:
        if code not in _NUMBERS:
            raise ValueError("an array holds numbers")
        self.code, self.order = code, "="

    def __setstate__(self, state: tuple) -> None:
        self.order = {"<": "<", ">": ">", "|": "|", "=": "="}[state[1]]


class PickledArray:
    """Stands in for an array while and after it is read; ``values`` is the array itself."""

    def __init__(self, *_shape: object) -> None:
        """Reserve nothing, whatever shape is asked for."""
        self.values = np.zeros(0, np.uint8)  # until the state is set

    def __setstate__(self, state: tuple) -> None:
        """Take (version, shape, data type, whether the order is Fortran's, bytes)."""
        _, shape, dtype, is_fortran, raw = state
        raw = raw.encode("latin1") if isinstance(raw, str) else raw  # Python 2 wrote text
        if not isinstance(dtype, _PickledDtype) or not isinstance(raw, bytes):
            raise TypeError("an array holds numbers")
        kind = np.dtype(dtype.code).newbyteorder(dtype.order)
        self.values = np.frombuffer(raw, kind).reshape(shape, order="F" if is_fortran else "C")


def _array_from_buffer(raw: bytes, dtype: _PickledDtype, shape: tuple[int, ...], order: str) -> PickledArray:
    array = PickledArray()
    array.__setstate__((1, shape, dtype, order == "F", raw))
    return array


_STAND_INS = {
    **{
        (f"numpy.{core}.{module}", name): stand_in
        for core in ("core", "_core")  # NumPy 1 and 2
        for module, name, stand_in in (
            ("multiarray", "_reconstruct", PickledArray),
            ("numeric", "_frombuffer", _array_from_buffer),  # protocol 5
        )
    },
    ("numpy", "ndarray"): "numpy.ndarray",  # only an argument of the first
    ("numpy", "dtype"): _PickledDtype,
}


def _ends(path: Path, n: int = 4096) -> bytes:
    """Return the first and the last bytes of a file."""
    with path.open("rb") as file:
        first = file.read(n)
        file.seek(max(path.stat().st_size - n, 0))
        return first + file.read(n)
