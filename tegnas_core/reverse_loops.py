"""The loops of the fast reverse pass, compiled by numba.

Every cotangent has shape (N, C, P, LANES) with P = H·W pixels, lanes innermost and C-contiguous. `LANES` is a
constant, and inner loops index flat arrays with unsigned offsets: only then can the compiler prove that the
streams of the loop do not overlap and turn it into vector instructions.
"""

import numba
import numpy as np
from numba import uint64 as u

from tegnas_core.nine_taps import LANES, nine_taps, one_tap

_L = u(LANES)

# contract: a multiplication and an addition may become one instruction; no reordering of sums is allowed, so the
# numbers are the same on every run.
_compile = numba.njit(cache=True, nogil=True, boundscheck=False, error_model="numpy", fastmath={"contract"})


@_compile
def norm_sums(g, normalised):
    """Return Σ g and Σ g·x̂ over batch and pixels, each (C, LANES)."""
    n_images, channels, pixels, _ = g.shape
    sums = np.zeros((channels, LANES), g.dtype)
    products = np.zeros((channels, LANES), g.dtype)
    for n in range(n_images):
        for c in range(channels):
            for p in range(pixels):
                x = normalised[n, c, p]
                for b in range(_L):
                    sums[c, b] += g[n, c, p, b]
                    products[c, b] += x * g[n, c, p, b]
    return sums, products


@_compile
def norm_project(g, normalised, scale, means, slopes):
    """Return scale · (g − means − x̂·slopes), the reverse of batch-norm."""
    out = np.empty_like(g)
    n_images, channels, pixels, _ = g.shape
    for n in range(n_images):
        for c in range(channels):
            for p in range(pixels):
                x = normalised[n, c, p]
                for b in range(_L):
                    out[n, c, p, b] = scale[c] * (g[n, c, p, b] - means[c, b] - x * slopes[c, b])
    return out


@_compile
def _padded_projection(g, normalised, scale, means, slopes, height, width, pad, slab):
    """Write one image's projected cotangent into the middle of a zero-bordered slab, (C, H+2p, W+2p, LANES)."""
    for c in range(g.shape[0]):
        for h in range(height):
            for q in range(width):
                p = h * width + q
                x = normalised[c, p]
                for b in range(_L):
                    slab[c, h + pad, q + pad, b] = scale[c] * (g[c, p, b] - means[c, b] - x * slopes[c, b])


@_compile
def conv(g, normalised, scale, means, slopes, x, weight, gradient, target, sparse, height, width, size, stride):
    """Reverse of convolution after the reverse of batch-norm: adds to `gradient` and `target`.

    gradient[o, i, k] += Σ x[i, p]·dz[o, p−k],  target[i, p] += Σ weight[o, i, k]·dz[o, p−k].

    Args:
        g: Cotangent above the batch-norm, (N, C_out, H_out·W_out, LANES).
        normalised, scale, means, slopes: The batch-norm's projection (see `norm_project`).
        x: Input of the convolution, (N, C_in, H, W).
        weight: (C_out, C_in, size, size).
        gradient: (C_out, C_in, size, size, LANES).
        target: (N, C_in, H·W, LANES).
        sparse: Skip pixels where x ≤ 0, which folds in the reverse of a ReLU.
        height, width: Of the output.
        size, stride: Of the window; the padding is size // 2.
    """
    pad = size // 2
    slab = np.zeros((g.shape[1], height + 2 * pad, width + 2 * pad, LANES), g.dtype)
    flat_slab, flat_gradient = slab.reshape(-1), gradient.reshape(-1)
    for n in range(g.shape[0]):
        _padded_projection(g[n], normalised[n], scale, means, slopes, height, width, pad, slab)
        flat_target = target[n].reshape(-1)
        active, counts = _active_pixels(x[n], sparse)
        if size == 3 and stride == 1:
            _conv_3x3(flat_slab, x[n], weight, flat_gradient, flat_target, active, counts)
        elif size == 1 and stride == 1:
            _conv_1x1(flat_slab, x[n], weight, flat_gradient, flat_target, active, counts)
        else:
            slab_height, slab_width = slab.shape[1], slab.shape[2]
            _conv_taps(
                flat_slab,
                slab_height,
                slab_width,
                x[n],
                weight,
                flat_gradient,
                flat_target,
                active,
                counts,
                stride,
            )


@_compile
def _active_pixels(x, sparse):
    """List for each channel the pixels to visit, all or those with x > 0, and count them."""
    channels, height, width = x.shape
    active = np.empty((channels, height * width), np.int64)
    counts = np.zeros(channels, np.int64)
    for i in range(channels):
        for h in range(height):
            for q in range(width):
                active[i, counts[i]] = h * width + q  # no branch: a pixel not counted is overwritten
                counts[i] += not sparse or x[i, h, q] > 0
    return active, counts


@_compile
def _conv_3x3(slab, x, weight, gradient, target, active, counts):
    """One image, 3×3, stride 1: for each active pixel the nine taps, for all lanes."""
    n_out, n_in, height, width = weight.shape[0], x.shape[0], x.shape[1], x.shape[2]
    flat = x.reshape(n_in, height * width)
    corner = np.empty(height * width, np.int64)  # where a pixel's window begins in one channel of the slab
    for p in range(height * width):
        corner[p] = p // width * (width + 2) + p % width
    row = u((width + 2) * LANES)
    for i in range(n_in):
        for o in range(n_out):
            w = weight[o, i]
            nine = (w[0, 0], w[0, 1], w[0, 2], w[1, 0], w[1, 1], w[1, 2], w[2, 0], w[2, 1], w[2, 2])
            d = u((o * n_in + i) * 9 * LANES)
            channel = o * (height + 2) * (width + 2)
            for j in range(counts[i]):
                p = active[i, j]
                t, top = u((i * height * width + p) * LANES), u((channel + corner[p]) * LANES)
                nine_taps(slab, top, row, target, t, gradient, d, nine, flat[i, p])


@_compile
def conv_weight_3x3(g, normalised, scale, means, slopes, x, gradient, height, width):
    """As `conv` at 3×3 and stride 1, where only the gradient of the weights is wanted: the stem."""
    slab = np.zeros((g.shape[1], height + 2, width + 2, LANES), g.dtype)
    flat_slab, flat_gradient = slab.reshape(-1), gradient.reshape(-1)
    row = u((width + 2) * LANES)
    n_in = x.shape[1]
    for n in range(g.shape[0]):
        _padded_projection(g[n], normalised[n], scale, means, slopes, height, width, 1, slab)
        for i in range(n_in):
            for o in range(g.shape[1]):
                d = u((o * n_in + i) * 9 * LANES)
                for h in range(height):
                    for q in range(width):
                        top = u(((o * (height + 2) + h) * (width + 2) + q) * LANES)
                        _nine_weights(flat_slab, top, row, flat_gradient, d, x[n, i, h, q])


@_compile
def _nine_weights(slab, top, row, gradient, d, v):
    """The weight half of `nine_taps`."""
    middle = top + row
    bottom = middle + row
    for b in range(_L):
        gradient[d + b] += v * slab[bottom + u(2) * _L + b]
        gradient[d + _L + b] += v * slab[bottom + _L + b]
        gradient[d + u(2) * _L + b] += v * slab[bottom + b]
        gradient[d + u(3) * _L + b] += v * slab[middle + u(2) * _L + b]
        gradient[d + u(4) * _L + b] += v * slab[middle + _L + b]
        gradient[d + u(5) * _L + b] += v * slab[middle + b]
        gradient[d + u(6) * _L + b] += v * slab[top + u(2) * _L + b]
        gradient[d + u(7) * _L + b] += v * slab[top + _L + b]
        gradient[d + u(8) * _L + b] += v * slab[top + b]


@_compile
def _conv_1x1(slab, x, weight, gradient, target, active, counts):
    """One image, 1×1, stride 1."""
    n_out, n_in, pixels = weight.shape[0], x.shape[0], x.shape[1] * x.shape[2]
    flat = x.reshape(n_in, pixels)
    for i in range(n_in):
        for o in range(n_out):
            w = weight[o, i, 0, 0]
            d = u(o * n_in + i) * _L
            for j in range(counts[i]):
                p = active[i, j]
                v = flat[i, p]
                s, t = u(o * pixels + p) * _L, u(i * pixels + p) * _L
                one_tap(slab, s, target, t, gradient, d, w, v)


@_compile
def _conv_taps(slab, slab_height, slab_width, x, weight, gradient, target, active, counts, stride):
    """One image, any odd window and stride: the same sums, tap by tap."""
    n_out, n_in, size, _ = weight.shape
    pad, height, width = size // 2, x.shape[1], x.shape[2]
    for i in range(n_in):
        for j in range(counts[i]):
            h, q = active[i, j] // width, active[i, j] % width
            v = x[i, h, q]
            t = u((i * height + h) * width + q) * _L
            for kh in range((h + pad) % stride, size, stride):
                row = (h + pad - kh) // stride + pad  # in the slab; rows past its border hold zeros
                for kw in range((q + pad) % stride, size, stride):
                    column = (q + pad - kw) // stride + pad
                    for o in range(n_out):
                        w = weight[o, i, kh, kw]
                        s = u((o * slab_height + row) * slab_width + column) * _L
                        d = u(((o * n_in + i) * size + kh) * size + kw) * _L
                        one_tap(slab, s, target, t, gradient, d, w, v)


@_compile
def mean_pool_3x3(g, target, height, width):
    """Reverse of 3×3 average pooling, stride 1, padding left out of the mean: adds to `target`.

    Separable: first along the rows, then down the columns, keeping the last three rows of sums.
    """
    share = np.empty((height, width), g.dtype)
    for h in range(height):
        for q in range(width):
            rows, columns = 3 - (h == 0) - (h == height - 1), 3 - (q == 0) - (q == width - 1)
            share[h, q] = 1 / (rows * columns)
    shares = np.zeros((width + 2, LANES), g.dtype)  # one row of g · share, zeros at both ends
    sums = np.zeros((3, width, LANES), g.dtype)
    for n in range(g.shape[0]):
        for c in range(g.shape[1]):
            sums[:] = 0
            for h in range(height + 1):
                newest, last, oldest = h % 3, (h + 2) % 3, (h + 1) % 3
                for q in range(width):
                    for b in range(_L):
                        shares[q + 1, b] = g[n, c, h * width + q, b] * share[h, q] if h < height else 0
                for q in range(width):
                    for b in range(_L):
                        sums[newest, q, b] = shares[q, b] + shares[q + 1, b] + shares[q + 2, b]
                if h > 0:
                    for q in range(width):
                        for b in range(_L):
                            total = sums[oldest, q, b] + sums[last, q, b] + sums[newest, q, b]
                            target[n, c, (h - 1) * width + q, b] += total


@_compile
def mean_pool_blocks(g, target, height, width, size):
    """Reverse of average pooling over disjoint size×size blocks: adds to `target`."""
    share = 1 / (size * size)
    for n in range(g.shape[0]):
        for c in range(g.shape[1]):
            for h in range(height // size * size):
                for q in range(width // size * size):
                    p = h // size * (width // size) + q // size
                    for b in range(_L):
                        target[n, c, h * width + q, b] += g[n, c, p, b] * share
