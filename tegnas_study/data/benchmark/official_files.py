"""From the official files to plain dictionaries: packed pickles of NATS-Bench, and PyTorch's files.

Both official packages hand their files to `pickle` or `torch.load`. Here `storage.unpickling` reads them instead.
"""

import bz2
import errno
import mmap
import struct
import zipfile
from pathlib import Path
from typing import BinaryIO

import numpy as np

from tegnas_core.errors import TegnasError, quoted
from tegnas_study.storage.unpickling import (
    DAMAGED,
    Limits,
    read_pickle,
    read_pickles,
)

_MAX_BYTES = 16 * 2**20  # of one unpacked NATS-Bench pickle; a small part of that is usual
_MAX_PTH_BYTES = 8 * 2**30  # the official file has a few gigabytes
_MAGIC = 0x1950A86A20F9469CFC6C  # with which PyTorch's older form begins
_NUMBERS = ("f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1")


class _Dtype:
    """Stands in for NumPy's data type: a number of fixed size and a byte order."""

    def __init__(self, code: str, *_flags: object) -> None:
        if code not in _NUMBERS:
            raise ValueError("not a number type")
        self.code, self.order = code, "<"

    def __setstate__(self, state: tuple) -> None:
        self.order = ">" if state[1] == ">" else "<"


def _scalar(dtype: _Dtype, data: bytes) -> float | int | bool:
    """Return a Python number where NumPy would rebuild its own with code that was not made for hostile input."""
    return np.frombuffer(data, dtype=np.dtype(dtype.order + dtype.code), count=1)[0].item()


META = "meta.pickle.pbz2"  # of a NATS-Bench folder: it lists the other files
STAND_INS = {
    ("numpy", "dtype"): _Dtype,
    ("numpy.core.multiarray", "scalar"): _scalar,  # NumPy 1
    ("numpy._core.multiarray", "scalar"): _scalar,  # NumPy 2
}


def read_packed(path: Path) -> object:
    """Return what one file of a NATS-Bench folder holds: a pickle packed with bz2.

    Raises:
        TegnasError: When the file is missing, damaged or hostile.
    """
    try:
        with bz2.open(path) as file:
            data = file.read(_MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise TegnasError(f"the folder {path.parent.name} has no {path.name}, so it is no NATS-Bench") from error
    except (OSError, EOFError, ValueError) as error:
        raise TegnasError(f"{path.name} is damaged or not packed with bz2 ({type(error).__name__})") from error
    if len(data) > _MAX_BYTES:
        raise TegnasError(f"{path.name} unpacks to more than the {_MAX_BYTES:,} bytes that one file may have")
    return read_pickle(data, STAND_INS, what=path.name)


def look_at_folder(path: Path) -> None:
    """Raise `TegnasError` when a NATS-Bench folder is none, or lacks the file that lists the others."""
    if not path.is_dir():
        raise TegnasError(f"{path.name} is no folder; NATS-Bench is one, of many files")
    _require_beginning(path / META, (b"BZh",), "packed with bz2")


def look_at_pth(path: Path) -> None:
    """Raise `TegnasError` when a file does not begin as those of `torch.save` do, in either form."""
    _require_beginning(path, (b"PK\x03\x04", b"\x80"), "a file of PyTorch")


def _require_beginning(path: Path, beginnings: tuple[bytes, ...], kind: str) -> None:
    try:
        if not path.is_file():
            raise FileNotFoundError(errno.ENOENT, "there is no such file")
        with path.open("rb") as file:
            begins = file.read(4).startswith(beginnings)
    except OSError as error:
        raise TegnasError(f"{path.name} cannot be read ({error.strerror})") from error
    if not begins:
        raise TegnasError(f"{path.name} is damaged or not {kind}")


def read_pth(path: Path, what: str) -> object:
    """Return what a file of `torch.save` holds, in the form of a zip archive or in the older form.

    The time and the memory that this takes are in proportion to the size of the file on disk.

    Args:
        path: The file.
        what: How an error names it.

    Raises:
        TegnasError: When the file is damaged or hostile, or holds tensors.
    """
    size = path.stat().st_size
    if size > _MAX_PTH_BYTES:
        raise TegnasError(f"{what} has {size:,} bytes; expected at most {_MAX_PTH_BYTES:,}")
    limits = Limits(steps=size, values=max(10 * size, Limits.values))
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            if data[:4] != b"PK\x03\x04":
                return _value_of_old_form(data, what, limits)
            start = _start_of_value(file, data, what)
            return read_pickles(data, STAND_INS, n=1, start=start, what=what, limits=limits)[0]
    except TegnasError:
        raise
    except (*DAMAGED, OSError, RuntimeError, zipfile.BadZipFile) as error:
        raise TegnasError(f"{what} is damaged or not a file of PyTorch ({type(error).__name__})") from error


def _start_of_value(file: BinaryIO, data: mmap.mmap, what: str) -> int:
    """Return where the member ``data.pkl`` begins in a zip archive, which lies there as it is."""
    with zipfile.ZipFile(file) as archive:
        found = [member for member in archive.infolist() if member.filename.split("/")[1:] == ["data.pkl"]]
    if len(found) != 1:
        raise TegnasError(f"{what} is a zip archive without one data.pkl, so PyTorch did not write it")
    if found[0].compress_type != zipfile.ZIP_STORED:  # what is packed may unpack without end
        raise TegnasError(f"{what} is refused: its data.pkl is packed, which PyTorch never does")
    n_name, n_extra = struct.unpack_from("<HH", data, found[0].header_offset + 26)
    return found[0].header_offset + 30 + n_name + n_extra


def _value_of_old_form(data: mmap.mmap, what: str, limits: Limits) -> object:
    """Read the form from before PyTorch 1.6: a magic number, a version, facts about the system, and the value."""
    magic, *_, value = read_pickles(data, STAND_INS, n=4, what=what, limits=limits)
    if magic != _MAGIC:
        raise TegnasError(f"{what} begins with {quoted(magic)}, so PyTorch did not write it")
    return value
