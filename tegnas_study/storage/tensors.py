"""Files of tensors and plain values, read as files from strangers."""

import pickle
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

LARGEST = 2**33  # bytes; the largest network of a protocol has a tenth of it, with its momenta
_DEEPEST = 20  # containers in one another; a state has about six
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
        ValueError: When it is damaged, too large, or holds anything else, such as a tensor that is sparse or has
            no numbers; one line says what is wrong.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError(f"it has more than {LARGEST:,} bytes")
        with warnings.catch_warnings():  # about pickles that torch did not write; the error says enough
            warnings.simplefilter("ignore")
            content = torch.load(path, map_location="cpu", weights_only=True)
        _check_plain(content)
        return content
    except FileNotFoundError:
        raise
    except pickle.UnpicklingError:
        raise ValueError("it holds other things than tensors and plain values, or a part of it is lost") from None
    except _UNREADABLE as error:
        raise ValueError(first_line(error)) from None


def unlike(found: object, expected: Mapping[str, Tensor], what: str) -> str:
    """Return in what a dictionary of tensors has other names, shapes or types than are expected, or "".

    Args:
        found: As `load_tensors` returns it.
        expected: What it should be like.
        what: What it is called, for the sentence.
    """
    if not isinstance(found, dict) or set(found) != set(expected):
        return f"its {what} has other parts"
    for name, tensor in expected.items():
        if not is_like(found[name], tensor):
            return f"its {what} has another {name}"
    return ""


def is_like(found: object, tensor: Tensor) -> bool:
    """Say whether a value is a tensor of the same shape and type."""
    return isinstance(found, Tensor) and found.shape == tensor.shape and found.dtype == tensor.dtype


def is_between(value: object, low: float, high: float) -> bool:
    """Say whether a value is a number between two bounds, which nan is not.

    >>> is_between(10**400, 0, 1e12), is_between(True, 0, 1), is_between(0.5, 0, 1)
    (False, False, True)
    """
    return type(value) in (int, float) and low <= value <= high


def _check_plain(content: object) -> None:
    """Raise `ValueError` at a tensor that is no array of numbers in memory, or when containers never end."""
    level = [content]
    for _ in range(_DEEPEST):
        for part in level:
            if isinstance(part, Tensor) and not _is_plain(part):
                raise ValueError("it holds a tensor that is sparse, quantised or without numbers")
        containers = {id(part): part for part in level if isinstance(part, dict | list | tuple | set)}
        level = [
            p for whole in containers.values() for p in (whole.values() if isinstance(whole, dict) else whole)
        ]
        if not level:
            return
    raise ValueError("its parts lie too deep in one another")


def _is_plain(tensor: Tensor) -> bool:
    plain = tensor.layout is torch.strided and tensor.device.type == "cpu"
    return plain and not (tensor.is_quantized or tensor.is_nested)


def first_line(error: BaseException) -> str:
    """Return what an error says in one line of at most 120 characters; its type when it says nothing."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:120]
