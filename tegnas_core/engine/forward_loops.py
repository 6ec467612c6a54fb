"""The loops of a forward pass whose lanes are images, compiled by numba.

A value has shape (N, C, P, LANES): N blocks of LANES images each (see `lanes`). Batch statistics go over all lanes
that hold an image, which `present`, (N, LANES), marks by ones.
"""

import numpy as np

from tegnas_core.engine.lanes import LANES, compiled, load, store, where_positive, zero
from tegnas_core.engine.reverse_loops import mean_shares


@compiled
def to_lanes(images, out):
    """Write images (n, C, P) into blocks of lanes; lanes without an image are zero."""
    out[:] = 0
    for i in range(images.shape[0]):
        for c in range(images.shape[1]):
            for p in range(images.shape[2]):
                out[i // LANES, c, p, i % LANES] = images[i, c, p]


@compiled
def relu(x, out):
    """Write max(x, 0)."""
    rows, results = x.reshape(-1, LANES), out.reshape(-1, LANES)
    for r in range(rows.shape[0]):
        store(results, r, where_positive(load(rows, r), load(rows, r)))


@compiled
def normalise(x, present, eps, out):
    """Write x̂ = (x − μ)/σ with the statistics of the batch and return 1/σ, (C,); σ² = variance + eps."""
    n_blocks, channels, pixels, _ = x.shape
    count = present.sum() * pixels
    inverse_std = np.empty(channels, x.dtype)
    for c in range(channels):
        mean = 0.0
        for n in range(n_blocks):
            mean += _sum(x[n, c], 0.0, False, present[n]) / count
        variance = 0.0
        for n in range(n_blocks):
            variance += _sum(x[n, c], mean, True, present[n]) / count
        inverse_std[c] = 1 / np.sqrt(variance + eps)
        centre = x.dtype.type(mean)
        for n in range(n_blocks):
            plane, result = x[n, c], out[n, c]
            for p in range(pixels):
                store(result, p, inverse_std[c] * (load(plane, p) - centre))
    return inverse_std


@compiled
def _sum(plane, centre, squared, present):
    """Return Σ (x − centre), or of its squares, over the lanes that are present.

    Never more than 32 numbers are added in the array's precision, so that the sum is as good as torch's.
    """
    centre = plane.dtype.type(centre)
    total = 0.0
    few = np.empty((1, LANES), plane.dtype)
    for start in range(0, plane.shape[0], 32):
        part = zero(plane)
        for p in range(start, min(start + 32, plane.shape[0])):
            difference = load(plane, p) - centre
            part = (difference * difference if squared else difference) + part
        store(few, 0, part)
        for lane in range(LANES):
            total += present[lane] * few[0, lane]
    return total


@compiled
def scale_and_shift(x, gain, shift, out):
    """Write gain · x + shift, both (C,)."""
    for n in range(x.shape[0]):
        for c in range(x.shape[1]):
            plane, result = x[n, c], out[n, c]
            for p in range(x.shape[2]):
                store(result, p, gain[c] * load(plane, p) + load(shift, c))


@compiled
def conv(x, weight, out, shape):
    """Write a convolution without bias, padding size // 2.

    Args:
        x: (N, C_in, P_in, LANES).
        weight: Rows o, i, k, (C_out·C_in·size²,).
        out: (N, C_out, P_out, LANES).
        shape: Height and width of the input and of the output, size and stride of the window.
    """
    height, width, out_height, out_width, size, stride = shape
    n_in, n_out, pad = x.shape[1], out.shape[1], size // 2
    wide = width + 2 * pad
    slab = np.zeros((n_in, (height + 2 * pad) * wide, LANES), x.dtype)
    for n in range(x.shape[0]):
        for i in range(n_in):
            for h in range(height):
                for q in range(width):
                    store(slab[i], (h + pad) * wide + q + pad, load(x[n, i], h * width + q))
        out[n] = 0
        for o in range(n_out):
            for i in range(n_in):
                first = (o * n_in + i) * size * size
                for h in range(out_height):
                    corner = h * stride * wide
                    if size == 3:
                        _row_3x3(slab[i], corner, wide, stride, weight, first, out[n, o], h * out_width, out_width)
                    else:
                        for k in range(size * size):
                            tap = corner + k // size * wide + k % size
                            _row_tap(slab[i], tap, stride, weight[first + k], out[n, o], h * out_width, out_width)


@compiled
def _row_3x3(slab, corner, wide, stride, weight, first, out, p, width):
    """Add a 3×3 window over one row of the output."""
    w0, w1, w2 = load(weight, first), load(weight, first + 1), load(weight, first + 2)
    w3, w4, w5 = load(weight, first + 3), load(weight, first + 4), load(weight, first + 5)
    w6, w7, w8 = load(weight, first + 6), load(weight, first + 7), load(weight, first + 8)
    for q in range(width):
        top = corner + q * stride
        middle = top + wide
        bottom = middle + wide
        a = w0 * load(slab, top) + load(out, p + q)
        b = w3 * load(slab, middle)
        c = w6 * load(slab, bottom)
        a = w1 * load(slab, top + 1) + a
        b = w4 * load(slab, middle + 1) + b
        c = w7 * load(slab, bottom + 1) + c
        a = w2 * load(slab, top + 2) + a
        b = w5 * load(slab, middle + 2) + b
        c = w8 * load(slab, bottom + 2) + c
        store(out, p + q, a + b + c)


@compiled
def _row_tap(slab, tap, stride, weight, out, p, width):
    """Add one tap of a window over one row of the output."""
    for q in range(width):
        store(out, p + q, weight * load(slab, tap + q * stride) + load(out, p + q))


@compiled
def mean_pool_3x3(x, out, height, width):
    """Write the mean over 3×3 windows, stride 1, padding left out of the mean."""
    share = mean_shares(height, width, 1.0, x)
    sums = np.zeros((3, width, LANES), x.dtype)
    for n in range(x.shape[0]):
        for c in range(x.shape[1]):
            plane, result = x[n, c], out[n, c]
            sums[:] = 0
            for h in range(height + 1):
                newest, last, oldest = sums[h % 3], sums[(h + 2) % 3], sums[(h + 1) % 3]
                left = zero(plane)
                middle = zero(plane) if h == height else load(plane, h * width)
                for q in range(width):
                    p = h * width + q
                    right = zero(plane) if h == height or q == width - 1 else load(plane, p + 1)
                    row_sum = left + middle + right
                    store(newest, q, row_sum)
                    left, middle = middle, right
                    if h > 0:
                        total = load(oldest, q) + load(last, q) + row_sum
                        store(result, p - width, load(share, p - width) * total)


@compiled
def mean_pool_blocks(x, out, height, width, size):
    """Write the mean over disjoint size×size blocks."""
    share = x.dtype.type(1 / (size * size))
    out[:] = 0
    columns = width // size
    for n in range(x.shape[0]):
        for c in range(x.shape[1]):
            for h in range(height // size * size):
                for q in range(columns * size):
                    p = h // size * columns + q // size
                    store(out[n, c], p, share * load(x[n, c], h * width + q) + load(out[n, c], p))
