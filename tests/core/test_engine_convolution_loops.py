"""The compiled reverse of a convolution against autograd, and what each pixel meets against a count by hand."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from test_engine_reverse_loops import C, N, by_autograd, lanes_last, norm_parts, random

from tegnas_core.engine import convolution_loops as loops
from tegnas_core.engine.convolution_geometry import Geometry, Window, geometry
from tegnas_core.engine.lanes import LANES

CASES = [
    (3, 1, (5, 4)),
    (1, 1, (4, 5)),
    (3, 2, (6, 5)),
    (3, 2, (7, 8)),
    (1, 2, (5, 6)),
    (5, 1, (4, 3)),
    (5, 3, (9, 10)),
    (3, 4, (7, 9)),
]


def taps_of(places: Geometry) -> tuple[np.ndarray, ...]:
    return places.corners, places.offsets, places.taps, places.n_taps


def place(weight: torch.Tensor, z: torch.Tensor, size: tuple[int, int], stride: int) -> Geometry:
    return geometry(*weight.shape[:2], tuple(z.shape[2:]), size, Window(weight.shape[2], stride))


@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize(("window", "stride", "size"), CASES)
def test_conv_is_the_reverse_of_relu_convolution_and_batch_norm(window, stride, size, sparse):
    x, weight = random(N, C, *size), random(4, C, window, window, seed=1)
    gain = random(4, seed=2)

    def convolved(x, weight):
        return F.conv2d(x.relu() if sparse else x, weight, stride=stride, padding=window // 2)

    z = convolved(x, weight)
    g = random(LANES, *z.shape, seed=3)
    expected = by_autograd(
        lambda x, weight: F.batch_norm(convolved(x, weight), None, None, gain, None, training=True), x, g, weight
    )
    places = place(weight, z, size, stride)
    seen = (x.relu() if sparse else x).flatten(2).numpy()
    visits = loops.pixels_to_visit(seen if sparse else np.ones_like(seen), places.order, places.starts)
    gradient, target = np.zeros((1, weight.numel(), LANES)), np.full((N, C, size[0] * size[1], LANES), np.nan)
    arguments = (visits, (*z.shape[2:], window, stride, 1), *taps_of(places))
    norm = norm_parts(z, g, gain)
    loops.conv(lanes_last(g), norm, None, seen, weight.flatten().numpy(), gradient, target, True, *arguments)
    np.testing.assert_allclose(target, lanes_last(torch.stack([dx for dx, _ in expected])), atol=1e-9)
    found = gradient.reshape(*weight.shape, LANES)
    np.testing.assert_allclose(np.moveaxis(found, -1, 0), torch.stack([dw for _, dw in expected]), atol=1e-9)

    alone = np.zeros_like(gradient)
    loops.conv(lanes_last(g), norm, None, seen, weight.flatten().numpy(), alone, None, False, *arguments)
    np.testing.assert_allclose(alone, gradient, atol=1e-12)


@pytest.mark.parametrize(("window", "stride", "size"), CASES)
def test_lanes_that_are_images_have_gradients_of_their_own(window, stride, size):
    """Frozen: x differs from lane to lane, and every image (block and lane) has its own gradient."""
    x, weight = random(N * LANES, C, *size), random(4, C, window, window, seed=1)
    z = F.conv2d(x, weight, stride=stride, padding=window // 2)
    g = random(*z.shape, seed=3)

    def blocks(tensor: torch.Tensor) -> np.ndarray:
        return lanes_last(tensor.reshape(N, LANES, *tensor.shape[1:]).transpose(0, 1))

    places = place(weight, z, size, stride)
    visits = loops.pixels_to_visit(np.ones((N, C, x[0, 0].numel())), places.order, places.starts)
    gradient, target = np.zeros((N, weight.numel(), LANES)), np.zeros(blocks(x).shape)
    nothing = np.zeros((4, LANES))
    norm = blocks(z), np.ones(4), nothing, nothing
    arguments = (visits, (*z.shape[2:], window, stride, 1), *taps_of(places))
    loops.conv(blocks(g), norm, None, blocks(x), weight.flatten().numpy(), gradient, target, False, *arguments)
    for i in range(N * LANES):
        layer = lambda x, w: F.conv2d(x, w, stride=stride, padding=window // 2)  # noqa: E731
        ((dx, dw),) = by_autograd(layer, x[i : i + 1], g[i : i + 1][None], weight)
        n, lane = divmod(i, LANES)
        np.testing.assert_allclose(target[n, ..., lane], dx[0].flatten(1), atol=1e-9)
        np.testing.assert_allclose(gradient[n, :, lane], dw.flatten(), atol=1e-9)


def test_a_pixel_under_a_3x3_window_at_stride_2_meets_one_two_or_four_taps():
    places = geometry(1, 1, (4, 4), (8, 8), Window(3, 2))
    assert places.n_taps.tolist() == [1, 2, 2, 4]
    assert np.diff(places.starts).tolist() == [16] * 4
    assert places.taps[0, 0] == 4 and sorted(places.taps[3]) == [0, 2, 6, 8]  # the middle; the corners


def test_at_stride_2_dilation_2_meets_only_one_pixel_in_four():
    places = geometry(1, 1, (4, 4), (8, 8), Window(5, 2, 2))
    assert places.n_taps.tolist() == [25, 0, 0, 0]


def test_pixels_to_visit_are_the_active_ones_class_by_class():
    x = np.array([[[1.0, 0.0, -2.0, 3.0]]])
    visited, bounds = loops.pixels_to_visit(x, np.array([3, 1, 0, 2], np.int32), np.array([0, 2, 4], np.int32))
    assert bounds.tolist() == [[[0, 1, 2]]] and visited[0, 0, :2].tolist() == [3, 0]
