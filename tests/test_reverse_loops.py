"""The compiled loops, one by one, against autograd of the layer they are the reverse of."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from tegnas_core import reverse_loops as loops
from tegnas_core.reverse_loops import LANES

N, C = 2, 3


def random(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed)).double()


def lanes_last(g: torch.Tensor) -> np.ndarray:
    """(LANES, N, C, H, W) → (N, C, H·W, LANES)."""
    return np.ascontiguousarray(g.flatten(3).permute(1, 2, 3, 0).numpy())


def by_autograd(layer, x: torch.Tensor, g: torch.Tensor, *others: torch.Tensor) -> list[list[torch.Tensor]]:
    """The gradients of x and the others for each lane of g."""
    leaves = [tensor.clone().requires_grad_() for tensor in (x, *others)]
    out = layer(*leaves)
    return [torch.autograd.grad(out, leaves, lane, retain_graph=True) for lane in g]


@pytest.mark.parametrize("size", [(4, 4), (5, 3), (1, 6), (1, 1), (2, 2)])
def test_mean_pool_3x3(size):
    x, g = random(N, C, *size), random(LANES, N, C, *size, seed=1)
    expected = by_autograd(lambda x: F.avg_pool2d(x, 3, 1, 1, count_include_pad=False), x, g)
    target = random(N, C, size[0] * size[1], LANES, seed=2).numpy()
    before = target.copy()
    loops.mean_pool_3x3(lanes_last(g), target, *size)
    np.testing.assert_allclose(target - before, lanes_last(torch.stack([dx for (dx,) in expected])), atol=1e-12)


@pytest.mark.parametrize(("size", "block"), [((4, 6), 2), ((5, 7), 2), ((7, 6), 3)])
def test_mean_pool_blocks_leave_the_rest_of_the_border_alone(size, block):
    x, g = random(N, C, *size), random(LANES, N, C, size[0] // block, size[1] // block, seed=1)
    expected = by_autograd(lambda x: F.avg_pool2d(x, block), x, g)
    target = np.zeros((N, C, size[0] * size[1], LANES))
    loops.mean_pool_blocks(lanes_last(g), target, *size, block)
    np.testing.assert_allclose(target, lanes_last(torch.stack([dx for (dx,) in expected])), atol=1e-12)


def norm_parts(x: torch.Tensor, g: torch.Tensor, gain: torch.Tensor) -> tuple[np.ndarray, ...]:
    """x̂ and what the projection needs, from `norm_sums`."""
    mean, std = x.mean((0, 2, 3)), (x.var((0, 2, 3), unbiased=False) + 1e-5).sqrt()
    normalised = ((x - mean[:, None, None]) / std[:, None, None]).flatten(2).numpy()
    sums, products = loops.norm_sums(lanes_last(g), normalised)
    count = x.numel() // x.shape[1]
    return normalised, (gain / std).numpy(), sums / count, products / count


def test_norm_sums_and_projection_are_the_reverse_of_batch_norm():
    x, g, gain, shift = random(N, C, 4, 4), random(LANES, N, C, 4, 4, seed=1), random(C, seed=2), random(C, seed=3)
    expected = by_autograd(lambda x, w, b: F.batch_norm(x, None, None, w, b, training=True), x, g, gain, shift)
    normalised, scale, means, slopes = norm_parts(x, g, gain)
    projected = loops.norm_project(lanes_last(g), normalised, scale, means, slopes)
    np.testing.assert_allclose(projected, lanes_last(torch.stack([dx for dx, _, _ in expected])), atol=1e-10)
    count = N * 16
    np.testing.assert_allclose(slopes.T * count, torch.stack([dw for _, dw, _ in expected]), atol=1e-10)
    np.testing.assert_allclose(means.T * count, torch.stack([db for _, _, db in expected]), atol=1e-10)


@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize(
    ("window", "stride", "size"),
    [
        (3, 1, (5, 4)),
        (1, 1, (4, 5)),
        (3, 2, (6, 5)),
        (3, 2, (7, 8)),
        (1, 2, (5, 6)),
        (5, 1, (4, 3)),
        (5, 3, (9, 10)),
        (3, 4, (7, 9)),
    ],
)
def test_conv_is_the_reverse_of_relu_convolution_and_batch_norm(window, stride, size, sparse):
    x, weight = random(N, C, *size), random(4, C, window, window, seed=1)
    gain = random(4, seed=2)

    def layer(x, weight):
        z = F.conv2d(x.relu() if sparse else x, weight, stride=stride, padding=window // 2)
        return F.batch_norm(z, None, None, gain, None, training=True)

    z = F.conv2d(x.relu() if sparse else x, weight, stride=stride, padding=window // 2)
    g = random(LANES, *z.shape, seed=3)
    expected = by_autograd(layer, x, g, weight)
    gradient, target = np.zeros((*weight.shape, LANES)), np.zeros((N, C, size[0] * size[1], LANES))
    seen = (x.relu() if sparse else x).numpy()
    norm = norm_parts(z, g, gain)
    loops.conv(lanes_last(g), *norm, seen, weight.numpy(), gradient, target, sparse, *z.shape[2:], window, stride)
    np.testing.assert_allclose(target, lanes_last(torch.stack([dx for dx, _ in expected])), atol=1e-9)
    np.testing.assert_allclose(np.moveaxis(gradient, -1, 0), torch.stack([dw for _, dw in expected]), atol=1e-9)


def test_conv_weight_3x3_is_the_weight_half_alone():
    x, weight, gain = random(N, C, 5, 4), random(4, C, 3, 3, seed=1), random(4, seed=2)
    z = F.conv2d(x, weight, padding=1)
    g = random(LANES, *z.shape, seed=3)
    norm = norm_parts(z, g, gain)
    both, target = np.zeros((*weight.shape, LANES)), np.zeros((N, C, 20, LANES))
    loops.conv(lanes_last(g), *norm, x.numpy(), weight.numpy(), both, target, False, 5, 4, 3, 1)
    alone = np.zeros_like(both)
    loops.conv_weight_3x3(lanes_last(g), *norm, x.numpy(), alone, 5, 4)
    np.testing.assert_allclose(alone, both, atol=1e-10)
    assert abs(both).max() > 1
