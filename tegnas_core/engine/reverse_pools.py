"""Reverse rules of pools: means over windows or whole maps, and maxima.

A step's cotangent is factor · g; see `reverse_pass.RULES`.
"""

from typing import TYPE_CHECKING

import numpy as np

from tegnas_core.engine import pool_loops, reverse_loops
from tegnas_core.engine.lanes import LANES
from tegnas_core.engine.tracing import UnknownLayer, one_number

if TYPE_CHECKING:
    from tegnas_core.engine.reverse_pass import ReversePass


def global_pool(reverse: "ReversePass", number: int, g: np.ndarray, factor: float) -> None:
    """The mean over all pixels."""
    (source,) = reverse.records[number].inputs
    if reverse.needed[source]:
        target, fresh = reverse.target(source)
        reverse_loops.spread(g.reshape(*g.shape[:2], LANES), factor / target.shape[2], target, fresh)


def mean_pool(reverse: "ReversePass", number: int, g: np.ndarray, factor: float) -> None:
    """Means over 3×3 windows whose padding does not count, or over blocks."""
    (source,), pool = reverse.records[number].inputs, reverse.records[number].module
    if not reverse.needed[source]:
        return
    size, stride, padding = (one_number(v) for v in (pool.kernel_size, pool.stride, pool.padding))
    sides = reverse.records[source].sides
    if (size, padding) == (3, 1) and stride in (1, 2) and not pool.count_include_pad:
        loop = reverse_loops.mean_pool_3x3 if stride == 1 else pool_loops.mean_pool_3x3_stride_2
        loop(g, factor, *reverse.target(source), *sides)
    elif size == stride and padding == 0:
        reverse_loops.mean_pool_blocks(g, factor, *reverse.target(source), *sides, size)
    else:
        raise UnknownLayer(f"no reverse rule for {pool}")


def max_pool(reverse: "ReversePass", number: int, g: np.ndarray, factor: float) -> None:
    """Maxima: the pixel that won has the cotangent of the window."""
    (source,) = reverse.records[number].inputs
    if reverse.needed[source]:
        target, fresh = reverse.target(source)
        pool_loops.max_pool(g, reverse.dtype.type(factor), reverse.records[number].winners, target, fresh)
