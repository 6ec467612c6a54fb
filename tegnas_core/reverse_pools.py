"""Reverse rules of pools: means over windows or whole maps, and maxima.

A step's cotangent is factor · g; see `reverse_pass.RULES`.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
import torch.nn.functional as F

from tegnas_core import pool_loops, reverse_loops
from tegnas_core.lanes import LANES
from tegnas_core.tracing import UnknownLayer, one_number

if TYPE_CHECKING:
    from tegnas_core.reverse_pass import Record, ReversePass


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
        pool_loops.max_pool(g, reverse.dtype.type(factor), reverse.winners[number], target, fresh)


def plan_max_pools(records: Sequence["Record"], needed: Sequence[bool]) -> Mapping[int, np.ndarray]:
    """Return the pixel that won each window, (N, C, P_out), of each max pool that a cotangent must pass."""
    winners = {}
    for number, record in enumerate(records):
        if record.kind == "max_pool" and needed[number]:
            x, pool = records[record.inputs[0]], record.module
            images = torch.from_numpy(x.value).unflatten(2, x.sides)
            _, won = F.max_pool2d(images, pool.kernel_size, pool.stride, pool.padding, return_indices=True)
            winners[number] = won.flatten(2).numpy()
    return winners
