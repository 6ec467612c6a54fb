"""Files of tensors and plain values, read as files from strangers."""

import pickle
import warnings
import zipfile
from pathlib import Path

import torch

LARGEST = 2**33  # bytes; the largest network of a protocol has a tenth of it, with its momenta
_UNREADABLE = (
    zipfile.BadZipFile,
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    IndexError,
    MemoryError,
    AssertionError,
    ImportError,
)


def load_tensors(path: Path) -> object:
    """Return what `torch.save` wrote; nothing but tensors and plain values is unpickled, so no code runs.

    Args:
        path: The file.

    Raises:
        FileNotFoundError: When it is missing.
        ValueError: When it is damaged, too large, or holds anything else; one line says what is wrong.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError(f"it has more than {LARGEST:,} bytes")
        with warnings.catch_warnings():  # about pickles that torch did not write; the error says enough
            warnings.simplefilter("ignore")
            return torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise
    except pickle.UnpicklingError:
        raise ValueError("it holds other things than tensors and plain values, or a part of it is lost") from None
    except _UNREADABLE as error:
        raise ValueError(first_line(error)) from None


def first_line(error: BaseException) -> str:
    """Return what an error says in one line of at most 120 characters; its type when it says nothing."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:120]
