"""Columns of numbers for a page: 16 bits a number, in base64, with what is needed to read them back.

A number x is kept as the whole number q nearest to (f(x) − start) / step, where f is the identity or the natural
logarithm. So a linear column is right to half a step, and a logarithmic one to half a step of its logarithm, which
is the same share of every value. Two of the 65,536 whole numbers are set aside: "failed" for what is infinite, and
"missing" for what is not a number.
"""

import base64
from typing import TypedDict

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tegnas_core.errors import TegnasError

FAILED, MISSING = 65_535, 65_534
_HIGHEST = 65_000


class Column(TypedDict):
    """A column as the page reads it.

    Attributes:
        data: Unsigned 16-bit numbers, little-endian, in base64.
        start: f(x) where q is 0.
        step: What q = 1 adds to f(x).
        log: Whether f is the logarithm.
    """

    data: str
    start: float
    step: float
    log: bool


def linear(values: ArrayLike, *, step: float) -> Column:
    """Return a column of numbers from 0 on, each right to half a step.

    Raises:
        TegnasError: When a number is negative or too large for its step.
    """
    numbers = np.asarray(values, dtype=float)
    return {"data": _packed(numbers / step), "start": 0.0, "step": step, "log": False}


def logarithmic(values: ArrayLike) -> Column:
    """Return a column of positive numbers, each right to half a step of its logarithm.

    Raises:
        TegnasError: When a number is not positive.
    """
    numbers = np.asarray(values, dtype=float)
    finite = numbers[np.isfinite(numbers)]
    if (finite <= 0).any():
        raise TegnasError(f"a logarithm needs positive numbers, got {finite.min()}")
    logarithms = np.log(finite) if len(finite) else np.zeros(1)
    start = float(logarithms.min())
    step = float(logarithms.max() - start) / _HIGHEST or 1.0
    with np.errstate(divide="ignore"):
        return {"data": _packed((np.log(numbers) - start) / step), "start": start, "step": step, "log": True}


def whole(values: ArrayLike) -> str:
    """Return whole numbers from 0 to 65,533 as base64 alone.

    Raises:
        TegnasError: When one is outside that range.
    """
    return _packed(np.asarray(values, dtype=float))


def read(column: Column) -> NDArray[np.float64]:
    """Return the numbers of a column, as the page reads them: +∞ where failed, nan where missing."""
    packed = unpacked(column["data"])
    numbers = column["start"] + column["step"] * packed
    with np.errstate(over="ignore"):  # the two that are set aside may be too large
        numbers = np.exp(numbers) if column["log"] else numbers
    return np.select([packed == FAILED, packed == MISSING], [np.inf, np.nan], numbers)


def unpacked(text: str) -> NDArray[np.uint16]:
    """Return the whole numbers behind base64."""
    return np.frombuffer(base64.b64decode(text), dtype="<u2")


def _packed(numbers: NDArray[np.float64]) -> str:
    finite = np.isfinite(numbers)
    rounded = np.rint(numbers[finite])
    if len(rounded) and not (rounded.min() >= 0 and rounded.max() < MISSING):
        raise TegnasError(f"16 bits hold 0 to {MISSING - 1:,}, got {rounded.min():g} to {rounded.max():g}")
    packed = np.where(np.isnan(numbers), MISSING, FAILED).astype("<u2")
    packed[finite] = rounded
    return base64.b64encode(packed.tobytes()).decode("ascii")
