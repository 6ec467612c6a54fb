"""The compiled loops, one by one, against autograd of the layer they are the reverse of."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from tegnas_core.engine import reverse_loops as loops
from tegnas_core.engine.lanes import LANES

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
    loops.mean_pool_3x3(lanes_last(g), 2.0, target, False, *size)
    found = lanes_last(torch.stack([dx for (dx,) in expected]))
    np.testing.assert_allclose(target - before, 2 * found, atol=1e-12)
    loops.mean_pool_3x3(lanes_last(g), 2.0, target, True, *size)
    np.testing.assert_allclose(target, 2 * found, atol=1e-12)


@pytest.mark.parametrize(("size", "block"), [((4, 6), 2), ((5, 7), 2), ((7, 6), 3)])
def test_mean_pool_blocks_leave_the_rest_of_the_border_alone(size, block):
    x, g = random(N, C, *size), random(LANES, N, C, size[0] // block, size[1] // block, seed=1)
    expected = by_autograd(lambda x: F.avg_pool2d(x, block), x, g)
    found = lanes_last(torch.stack([dx for (dx,) in expected]))
    target = np.full((N, C, size[0] * size[1], LANES), np.nan)
    loops.mean_pool_blocks(lanes_last(g), 1.0, target, True, *size, block)
    np.testing.assert_allclose(target, found, atol=1e-12)
    loops.mean_pool_blocks(lanes_last(g), 3.0, target, False, *size, block)
    np.testing.assert_allclose(target, 4 * found, atol=1e-12)


@pytest.mark.parametrize("fresh", [False, True])
def test_multiples_are_added_or_written(fresh):
    g, before = lanes_last(random(LANES, N, C, 3, 2)), lanes_last(random(LANES, N, C, 3, 2, seed=1))
    value, start = random(N, C, 6, seed=2).relu().numpy(), 0 if fresh else before
    sources = {
        "add_multiple": ((g, 1.5), 1.5 * g),
        "spread": ((g[:, :, 0].copy(), 1.5), 1.5 * g[:, :, :1]),
        "relu": ((g, 1.5, value), 1.5 * g * (value > 0)[..., None]),
    }
    for name, (arguments, expected) in sources.items():
        target = np.full_like(before, np.nan) if fresh else before.copy()
        getattr(loops, name)(*arguments, target, fresh)
        np.testing.assert_allclose(target, start + expected + np.zeros_like(g), atol=1e-12)


def test_relu_with_a_mask_for_each_lane():
    g, value, target = (lanes_last(random(LANES, N, C, 3, 2, seed=seed)) for seed in range(3))
    loops.relu(g, 2.0, value, target, True)
    np.testing.assert_array_equal(target, np.where(value > 0, 2 * g, 0))


@pytest.mark.parametrize("pixels", [1, 2, 5])
def test_norm_sums_of_each_image(pixels):
    g, normalised = (lanes_last(random(LANES, N, C, pixels, 1, seed=seed)) for seed in range(2))
    sums, products = loops.norm_sums(g, normalised, N)
    np.testing.assert_allclose(sums, g.sum(2), atol=1e-12)
    np.testing.assert_allclose(products, (g * normalised).sum(2), atol=1e-12)


def norm_parts(x: torch.Tensor, g: torch.Tensor, gain: torch.Tensor) -> tuple[np.ndarray, ...]:
    """x̂ and what the projection needs, from `norm_sums`."""
    mean, std = x.mean((0, 2, 3)), (x.var((0, 2, 3), unbiased=False) + 1e-5).sqrt()
    normalised = ((x - mean[:, None, None]) / std[:, None, None]).flatten(2).numpy()
    sums, products = loops.norm_sums(lanes_last(g), normalised, 1)
    count = x.numel() // x.shape[1]
    return normalised, (gain / std).numpy(), sums[0] / count, products[0] / count


def test_norm_sums_and_projection_are_the_reverse_of_batch_norm():
    x, g, gain, shift = random(N, C, 4, 4), random(LANES, N, C, 4, 4, seed=1), random(C, seed=2), random(C, seed=3)
    expected = by_autograd(lambda x, w, b: F.batch_norm(x, None, None, w, b, training=True), x, g, gain, shift)
    normalised, scale, means, slopes = norm_parts(x, g, gain)
    projected = np.full((N, C, 16, LANES), np.nan)
    loops.norm_project(lanes_last(g), normalised, scale, means, slopes, projected, True)
    np.testing.assert_allclose(projected, lanes_last(torch.stack([dx for dx, _, _ in expected])), atol=1e-10)
    count = N * 16
    np.testing.assert_allclose(slopes.T * count, torch.stack([dw for _, dw, _ in expected]), atol=1e-10)
    np.testing.assert_allclose(means.T * count, torch.stack([db for _, _, db in expected]), atol=1e-10)


@pytest.mark.parametrize("fresh", [False, True])
def test_channels_and_crops_are_slices(fresh):
    g, before = lanes_last(random(LANES, N, C, 3, 2)), lanes_last(random(LANES, N, C, 4, 3, seed=1))
    target, start = np.full_like(before, np.nan) if fresh else before.copy(), 0 if fresh else before
    loops.uncrop(g, 1.5, target, fresh, 4, 3)
    expected = np.pad(1.5 * g.reshape(N, C, 3, 2, LANES), [(0, 0), (0, 0), (1, 0), (1, 0), (0, 0)])
    np.testing.assert_allclose(target, start + expected.reshape(before.shape), atol=1e-12)

    wide = np.concatenate([g, 2 * g], axis=1)
    target = np.full_like(g, np.nan) if fresh else g.copy()
    loops.add_channels(wide, 1.5, C - 1, target, fresh)
    np.testing.assert_allclose(target, (0 if fresh else g) + 1.5 * wide[:, C - 1 : 2 * C - 1], atol=1e-12)
