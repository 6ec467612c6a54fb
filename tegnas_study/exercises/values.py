"""Answers from a notebook in plain Python, and whether two of them agree to a tolerance."""

import math
import numbers
from collections.abc import Mapping

import numpy as np


def plain(value: object) -> object:
    """Return a value with NumPy's and torch's scalars and arrays turned into Python's numbers and lists.

    Containers stay what they are; a sparse, quantised or otherwise odd tensor is returned untouched.
    """
    if hasattr(value, "detach"):  # a tensor, without importing torch
        value = value.detach().cpu().resolve_conj().resolve_neg()
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return value


def is_number(value: object) -> bool:
    """Whether a plain value is a real number; True and False are not."""
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


def agree(value: object, expected: object, *, tolerance: float) -> bool:
    """Whether two values are the same, numbers to a tolerance, absolute and relative; nan agrees with nan."""
    value, expected = plain(value), plain(expected)
    if is_number(value) and is_number(expected):
        both_nan = math.isnan(value) and math.isnan(expected)
        return both_nan or math.isclose(value, expected, rel_tol=tolerance, abs_tol=tolerance)
    if isinstance(expected, list) and isinstance(value, list):
        return _lists_agree(value, expected, tolerance)
    if isinstance(expected, dict) and isinstance(value, dict):
        same_keys = value.keys() == expected.keys()
        return same_keys and all(agree(value[key], expected[key], tolerance=tolerance) for key in expected)
    return type(value) is type(expected) and bool(value == expected)


def _lists_agree(value: list, expected: list, tolerance: float) -> bool:
    if len(value) != len(expected):
        return False
    try:  # large arrays in one step
        a, b = np.asarray(value, dtype=float), np.asarray(expected, dtype=float)
    except (TypeError, ValueError):
        return all(agree(x, y, tolerance=tolerance) for x, y in zip(value, expected, strict=True))
    return a.shape == b.shape and np.allclose(a, b, rtol=tolerance, atol=tolerance, equal_nan=True)


def shape_of(value: object) -> tuple[int, ...] | None:
    """Return the shape of an array or tensor, () of a number, and None of anything else."""
    if is_number(plain(value)):
        return ()
    return tuple(value.shape) if hasattr(value, "shape") else None
