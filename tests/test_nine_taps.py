"""The vector instructions do what the lines in their module say."""

import numba
import numpy as np
import pytest

from tegnas_core.nine_taps import LANES, nine_taps, one_tap

PRECISIONS = [(np.float32, 1e-6), (np.float64, 1e-14)]


@numba.njit
def run_one(slab, s, target, t, gradient, d, weight, v):
    one_tap(slab, numba.uint64(s), target, numba.uint64(t), gradient, numba.uint64(d), weight, v)


@numba.njit
def run_nine(slab, top, row, target, t, gradient, d, weights, v):
    u = numba.uint64
    nine = (
        weights[0], weights[1], weights[2], weights[3], weights[4], weights[5], weights[6], weights[7], weights[8],
    )  # fmt: skip
    nine_taps(slab, u(top), u(row), target, u(t), gradient, u(d), nine, v)


@pytest.fixture
def numbers():
    rng = np.random.default_rng(0)
    return lambda dtype, *shape: rng.standard_normal(shape).astype(dtype)


@pytest.mark.parametrize(("dtype", "tolerance"), PRECISIONS)
def test_one_tap_adds_a_product_to_each_side(numbers, dtype, tolerance):
    slab, target, gradient = (numbers(dtype, 4 * LANES) for _ in range(3))
    s, t, d, weight, v = LANES, 2 * LANES, 3 * LANES, dtype(1.5), dtype(-0.7)
    expected_target, expected_gradient = target.copy(), gradient.copy()
    for b in range(LANES):
        dz = slab[s + b]
        expected_target[t + b] += weight * dz
        expected_gradient[d + b] += v * dz
    run_one(slab, s, target, t, gradient, d, weight, v)
    np.testing.assert_allclose(target, expected_target, rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(gradient, expected_gradient, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize(("dtype", "tolerance"), PRECISIONS)
def test_nine_taps_add_the_products_of_a_window(numbers, dtype, tolerance):
    row = 5 * LANES
    slab, target, gradient = numbers(dtype, 20 * LANES), numbers(dtype, 3 * LANES), numbers(dtype, 11 * LANES)
    top, t, d, weights, v = 2 * LANES, LANES, LANES, numbers(dtype, 9), dtype(-0.7)
    expected_target, expected_gradient = target.copy(), gradient.copy()
    for k in range(9):
        for b in range(LANES):
            dz = slab[top + (2 - k // 3) * row + (2 - k % 3) * LANES + b]
            expected_target[t + b] += weights[k] * dz
            expected_gradient[d + k * LANES + b] += v * dz
    run_nine(slab, top, row, target, t, gradient, d, weights, v)
    np.testing.assert_allclose(target, expected_target, rtol=0, atol=20 * tolerance)
    np.testing.assert_allclose(gradient, expected_gradient, rtol=0, atol=20 * tolerance)
