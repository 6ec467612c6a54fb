"""Read a pickle that may hold numpy arrays and plain containers, and can hold nothing else.

A pickle is a program; here every name it may call is one of ours.  Even numpy's own constructors are kept
away: a forged dtype could make numpy follow wild pointers, and a forged shape could reserve all memory.
"""

import io
import pickle
from pathlib import Path

import numpy as np

from tegnas_core.errors import TegnasError

_NUMBERS = ("u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8")
# What the unpickler raises on a truncated or scrambled file.
_DAMAGED = (
    pickle.UnpicklingError, EOFError, AttributeError, IndexError, KeyError, TypeError, ValueError,
    OverflowError, MemoryError, RecursionError,
)  # fmt: skip


def load_arrays(path: Path, *, largest: int) -> object:
    """Return what the pickle holds, with every array in the form of a :class:`PickledArray`.

    Args:
        path: A pickle of any protocol, from Python 2 or 3.
        largest: Refuse a file of more bytes.

    Raises:
        TegnasError: The file is too large, damaged, or names anything but numpy arrays of numbers.
    """
    if path.stat().st_size > largest:
        raise TegnasError(f"{path} is larger than the limit of {largest:,} bytes")
    try:
        return _ArrayUnpickler(io.BytesIO(path.read_bytes())).load()
    except _Refused as error:
        raise TegnasError(f"{path} was not loaded: it asks for {error}, which is not data") from error
    except _DAMAGED as error:
        raise TegnasError(f"{path} is damaged; fetch it again") from error


class PickledArray:
    """A numpy array while and after it is read; ``values`` is the array itself."""

    values = np.zeros(0, np.uint8)  # until the state is set

    def __init__(self, *_: object) -> None:
        """Reserve nothing, whatever shape is asked for."""

    def __setstate__(self, state: tuple[object, ...]) -> None:
        """Take (version, shape, dtype, is Fortran order, bytes)."""
        _, shape, dtype, is_fortran, raw = state
        raw = raw.encode("latin1") if isinstance(raw, str) else raw  # Python 2 wrote str
        if not isinstance(dtype, _PickledDtype) or not isinstance(raw, bytes | bytearray):
            raise _Refused("an array of objects")
        self.values = np.frombuffer(raw, dtype.code).reshape(shape, order="F" if is_fortran else "C")


class _Refused(Exception):
    """The pickle names something outside the list."""


class _PickledDtype:
    """The type of an array: a number of fixed size and a byte order."""

    def __init__(self, code: object, *_: object) -> None:
        if code not in _NUMBERS:
            raise _Refused(f"an array of type {code}")
        self.code = np.dtype(code)

    def __setstate__(self, state: tuple[object, ...]) -> None:
        self.code = self.code.newbyteorder(state[1])


class _ArrayUnpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, encoding="latin1")
        self._allowed = _stand_ins()

    def find_class(self, module: str, name: str) -> object:
        module = module.replace("numpy._core.", "numpy.core.")  # the name since numpy 2
        if (module, name) not in self._allowed:
            raise _Refused(f"{module}.{name}")
        return self._allowed[module, name]


def _stand_ins() -> dict[tuple[str, str], object]:
    """Return what each allowed name stands for, made anew: a pickle may change the functions it is given."""

    def from_buffer(raw: object, dtype: object, shape: object, order: str) -> PickledArray:
        array = PickledArray()
        array.__setstate__((1, shape, dtype, order == "F", raw))
        return array

    def encode(text: str, encoding: str) -> bytes:
        if encoding != "latin1":
            raise _Refused(f"text in encoding {encoding}")
        return text.encode("latin1")

    return {
        ("numpy.core.multiarray", "_reconstruct"): PickledArray,
        ("numpy.core.numeric", "_frombuffer"): from_buffer,  # protocol 5
        ("numpy", "ndarray"): "numpy.ndarray",  # only ever an argument of the first
        ("numpy", "dtype"): _PickledDtype,
        ("_codecs", "encode"): encode,  # how old protocols write bytes
    }
