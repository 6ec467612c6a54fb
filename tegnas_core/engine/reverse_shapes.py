"""Reverse rules of what moves numbers about: sums, multiples, crops, channels put together.

A step's cotangent is factor · g; see `reverse_pass.RULES`.
"""

from typing import TYPE_CHECKING

import numpy as np

from tegnas_core.engine import shape_loops as loops
from tegnas_core.engine.lanes import LANES

if TYPE_CHECKING:
    from tegnas_core.engine.reverse_pass import ReversePass


def nothing(reverse: "ReversePass", number: int, g: np.ndarray, factor: float) -> None:
    """Images, and zeros: nothing stands before them."""


def add(reverse: "ReversePass", number: int, g: np.ndarray, factor: float) -> None:
    """Sums, and what changes nothing: every term has the sum's cotangent."""
    for source in reverse.records[number].inputs:
        reverse.hand_on(source, g, factor)


def scale(reverse: "ReversePass", number: int, g: np.ndarray, factor: float) -> None:
    """A multiple of a map."""
    (source,) = reverse.records[number].inputs
    reverse.hand_on(source, g, factor * reverse.records[number].module.factor)


def flatten(reverse: "ReversePass", number: int, g: np.ndarray, factor: float) -> None:
    """Maps as one row."""
    (source,) = reverse.records[number].inputs
    n, c = reverse.records[source].value.shape[:2]
    reverse.hand_on(source, g.reshape(n, c, -1, LANES), factor)


def crop(reverse: "ReversePass", number: int, g: np.ndarray, factor: float) -> None:
    """A map without its first row and column."""
    (source,) = reverse.records[number].inputs
    if reverse.needed[source]:
        loops.uncrop(g, reverse.dtype.type(factor), *reverse.target(source), *reverse.records[source].sides)


def concat(reverse: "ReversePass", number: int, g: np.ndarray, factor: float) -> None:
    """Channels put together: every map has those of the cotangent that are its own."""
    first = 0
    for source in reverse.records[number].inputs:
        if reverse.needed[source]:
            loops.add_channels(g, reverse.dtype.type(factor), first, *reverse.target(source))
        first += reverse.records[source].value.shape[1]
