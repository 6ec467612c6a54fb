"""The loops of pools with a stride and of maxima against autograd."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from test_engine_reverse_loops import C, N, by_autograd, lanes_last, random

from tegnas_core.engine import pool_loops as loops
from tegnas_core.engine.lanes import LANES

SIZES = [(4, 4), (5, 3), (1, 6), (1, 1), (7, 2)]


def check(loop, pool, size) -> None:
    """What is added to a target, and what overwrites one, are the gradient of the pool."""
    x = random(N, C, *size)
    g = random(LANES, *pool(x).shape, seed=1)
    found = lanes_last(torch.stack([dx for (dx,) in by_autograd(pool, x, g)]))
    target = random(N, C, size[0] * size[1], LANES, seed=2).numpy()
    before = target.copy()
    loop(lanes_last(g), target, False)
    np.testing.assert_allclose(target - before, 2 * found, atol=1e-12)
    target[:] = np.nan
    loop(lanes_last(g), target, True)
    np.testing.assert_allclose(target, 2 * found, atol=1e-12)


@pytest.mark.parametrize("size", SIZES)
def test_mean_pool_at_stride_2(size):
    def loop(g, target, fresh):
        loops.mean_pool_3x3_stride_2(g, 2.0, target, fresh, *size)

    check(loop, lambda x: F.avg_pool2d(x, 3, 2, 1, count_include_pad=False), size)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("stride", [1, 2])
def test_max_pool(size, stride):
    _, winners = F.max_pool2d(random(N, C, *size), 3, stride, 1, return_indices=True)

    def loop(g, target, fresh):
        loops.max_pool(g, 2.0, winners.flatten(2).numpy(), target, fresh)

    check(loop, lambda x: F.max_pool2d(x, 3, stride, 1), size)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("stride", [1, 2])
def test_maxima_and_their_places_are_those_of_torch(size, stride):
    x = random(N, C, *size).round()  # with equal numbers
    x[0, 0, 0, 0] = torch.nan
    value, winners = F.max_pool2d(x, 3, stride, 1, return_indices=True)
    found, places = np.empty(value.shape), np.empty(value.shape, np.int32)
    loops.maxima(x.numpy(), found, places, (3, stride, 1))
    np.testing.assert_array_equal(found, value)
    np.testing.assert_array_equal(places, winners)
