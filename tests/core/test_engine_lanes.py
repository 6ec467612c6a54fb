"""The vector type: the lines of a compiled loop do on all lanes what NumPy does on whole rows."""

import numpy as np
import pytest
from numba.core.errors import TypingError

from tegnas_core.engine.lanes import LANES, compiled, load, store, where_positive, zero

PRECISIONS = [np.float32, np.float64]


def rows(dtype, n: int = 5) -> np.ndarray:
    return np.random.default_rng(n).standard_normal((n, LANES)).astype(dtype)


@compiled
def weighted_sum(array, weights, out):
    total = zero(array)
    for p in range(array.shape[0]):
        total = load(weights, p) * load(array, p) + total
    store(out, 0, total)


@compiled
def arithmetic(a, b, number, out):
    store(out, 0, load(a, 0) + load(b, 1))
    store(out, 1, load(a, 1) - load(b, 0))
    store(out, 2, load(a, 2) * load(b, 2))
    store(out, 3, number * load(a, 3) - number)
    store(out, 4, where_positive(load(a, 4), load(b, 4)))


@pytest.mark.parametrize("dtype", PRECISIONS)
def test_a_number_of_a_plain_array_meets_every_lane(dtype):
    array, weights, out = rows(dtype), rows(dtype)[:, 0].copy(), np.zeros((1, LANES), dtype)
    weighted_sum(array, weights, out)
    np.testing.assert_allclose(out[0], weights @ array, rtol=1e-5)


@pytest.mark.parametrize("dtype", PRECISIONS)
def test_arithmetic_goes_lane_by_lane(dtype):
    a, b, out = rows(dtype), rows(dtype, 6)[1:], np.zeros((5, LANES), dtype)
    arithmetic(a, b.copy(), dtype(3), out)
    expected = [a[0] + b[1], a[1] - b[0], a[2] * b[2], 3 * a[3] - 3, np.where(a[4] > 0, b[4], 0)]
    np.testing.assert_allclose(out, expected, rtol=1e-5)


def test_rows_of_any_other_layout_are_refused():
    with pytest.raises(TypingError, match="C-contiguous"):
        weighted_sum(np.zeros((LANES, 5)).T, np.zeros(5), np.zeros((1, LANES)))


def test_lanes_fill_whole_registers():
    assert LANES in (8, 16)
