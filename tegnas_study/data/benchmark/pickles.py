"""Reading pickles from outside: data only, nothing is imported and nothing of theirs is called.

A pickle is a program. The unpickler here refuses every class and function that the caller does not list, and
what is listed is replaced by a harmless stand-in of ours. Stand-ins are made anew for each file, since a
pickle may also set attributes on the classes it is given.
"""

import io
import pickle
from collections.abc import Mapping

import numpy as np

from tegnas_core.errors import TegnasError

Allowed = Mapping[tuple[str, str], object]  # (module, name) → what stands in for it

# what the pickle machine raises on damaged or nonsensical input
DAMAGED = (
    pickle.UnpicklingError,
    EOFError,
    AttributeError,
    ImportError,
    IndexError,
    KeyError,
    TypeError,
    ValueError,
    OverflowError,
    MemoryError,
    RecursionError,
)

_NUMBERS = {"f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"}


def refusal(what: str, asked: str) -> str:
    """Return the line that says a file asks for something that may run code."""
    return f"{what} is refused: it asks for {asked[:100]!r}, which a file of accuracies does not need"


class _Restricted(pickle.Unpickler):
    """An unpickler that knows only the listed names."""

    def __init__(self, data: bytes, allowed: Allowed, what: str) -> None:
        super().__init__(io.BytesIO(data))
        self._allowed = allowed
        self._what = what

    def find_class(self, module: str, name: str) -> object:
        """Look the exact pair up; a dotted name or another spelling of a listed one is refused as well."""
        try:
            return self._allowed[module, name]
        except KeyError:
            asked = f"{module}.{name}"
            raise TegnasError(refusal(self._what, asked)) from None


def load_restricted(data: bytes, allowed: Allowed, *, what: str) -> object:
    """Unpickle data that may use nothing but the listed names.

    Args:
        data: The pickle.
        allowed: Stand-ins by (module, name), made for this call.
        what: Names the file in the error.

    Raises:
        TegnasError: When the pickle asks for anything else, or is damaged.
    """
    try:
        return _Restricted(data, allowed, what).load()
    except TegnasError:
        raise
    except DAMAGED as error:
        raise TegnasError(f"{what} is damaged or not a pickle ({type(error).__name__})") from error


def plain_stand_ins() -> dict[tuple[str, str], object]:
    """Return stand-ins for ordered dictionaries (plain ones keep their order) and for NumPy's scalars.

    NumPy scalars arrive as a data type and a few bytes; they become Python numbers without NumPy's own
    reconstruction code, which was not made for hostile input.
    """

    class Dtype:
        def __init__(self, code: str, *_flags: object) -> None:
            if code not in _NUMBERS:
                raise ValueError("not a number type")
            self.code, self.order = code, "<"

        def __setstate__(self, state: tuple) -> None:
            self.order = ">" if state[1] == ">" else "<"

    def scalar(dtype: Dtype, data: bytes) -> float | int | bool:
        return np.frombuffer(data, dtype=np.dtype(dtype.order + dtype.code), count=1)[0].item()

    return {
        ("collections", "OrderedDict"): dict,
        ("numpy", "dtype"): Dtype,
        ("numpy.core.multiarray", "scalar"): scalar,  # NumPy 1
        ("numpy._core.multiarray", "scalar"): scalar,  # NumPy 2
    }
