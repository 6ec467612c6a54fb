"""The compiled loops of the reverse of a convolution under a batch-norm, for LANES cotangents (see `lanes`).

gradient[o, i, k] += Σ x[i, p]·dz[o, p−k],  target[i, p] += Σ weight[o, i, k]·dz[o, p−k],

where dz is the cotangent below the batch-norm and p − k the output that meets pixel p through tap k.
"""

import numpy as np

from tegnas_core.engine.lanes import LANES, compiled, load, store, zero
from tegnas_core.engine.tap_loops import all_taps, nine_taps


@compiled
def pixels_to_visit(x, order, starts):
    """List for each image and channel the pixels with x > 0, class by class; and where classes start in the list.

    Args:
        x: (N, C, P).
        order, starts: See `convolution_geometry.Geometry`.

    Returns:
        Pixels, (N, C, P), of which the first ones count; starts, and the end, (N, C, n_classes + 1).
    """
    n_images, channels, pixels = x.shape
    visited = np.empty((n_images, channels, pixels), np.uint32)
    bounds = np.empty((n_images, channels, len(starts)), np.uint32)
    for n in range(n_images):
        for i in range(channels):
            count = 0
            for k in range(len(starts) - 1):
                bounds[n, i, k] = count
                for j in range(starts[k], starts[k + 1]):
                    visited[n, i, count] = order[j]  # no branch: what is not counted is overwritten
                    count += x[n, i, order[j]] > 0
            bounds[n, i, -1] = count
    return visited, bounds


@compiled
def conv(g, norm, between, x, weight, gradients, target, fresh, visits, window, corners, offsets, taps, n_taps):
    """Add a convolution's reverse, after that of the batch-norm above it, to `gradients` and `target`.

    One image at a time: dz goes into a slab with a border of zeros, small enough for the cache; then every pixel
    of every input channel reads its patch of it.

    Args:
        g: Cotangent above the batch-norm, (N, channels of the batch-norm, P_out, LANES).
        norm: The batch-norm's normalised, scale, means, slopes (see `reverse_loops.norm_project`).
        between: A 1×1 convolution between the two: its input (N, C_out, P_out), weight and gradient; or None.
        x: Input of the convolution, (N, C_in, P), or (N, C_in, P, LANES).
        weight: Rows o, i, k, (C_out·C_in·size²,); or (C·size²,) when channel i alone makes channel i.
        gradients: Rows like those of the weight, (1 or N, …, LANES), either one for all images or one for each.
        target: (N, C_in, P, LANES), or None when only the gradient is wanted.
        fresh: The target holds nothing yet.
        visits: What `pixels_to_visit` returns.
        window: Height and width of the output, size, stride and dilation of the window.
        corners, offsets, taps, n_taps: See `convolution_geometry.Geometry`.
    """
    height, width, size, stride, dilation = window
    n_out, n_in, pad = g.shape[1] if between is None else between[0].shape[1], x.shape[1], size // 2 * dilation
    wide = width + 2 * pad
    plane = (height + 2 * pad) * wide
    by_channel = len(weight) < n_out * n_in * size * size
    slab = np.zeros((n_out, plane, LANES), g.dtype)
    rows = slab.reshape(-1, LANES)
    visited, bounds = visits
    for n in range(g.shape[0]):
        gradient, place = gradients[n % gradients.shape[0]], (n, 0)
        if between is None:
            _fill(slab, g[n], norm[0][n], norm[1], norm[2], norm[3], height, width, pad)
        else:
            _fill_through(slab, g, norm, between, n, height, width, pad)
        if target is not None and fresh:
            target[n] = 0
        for i in range(n_in):
            place, first = (n, i), i * size * size
            start = i * plane if by_channel else 0
            for k in range(len(n_taps)):
                pixels = visited[n, i, bounds[n, i, k] : bounds[n, i, k + 1]]
                if size == 3 and stride == 1:
                    steps = dilation, dilation * wide
                    for o in range(i if by_channel else 0, i + 1 if by_channel else n_out):
                        row = first if by_channel else o * n_in * 9 + first
                        nine_taps(slab[o], steps, x[n, i], weight, gradient, row, target, place, pixels, corners)
                    continue
                s, t = start + offsets[k, : n_taps[k]], first + taps[k, : n_taps[k]]
                all_taps(rows, x[n, i], weight, gradient, s, t, target, place, pixels, corners)


@compiled
def _fill(slab, g, normalised, scale, means, slopes, height, width, pad):
    """Write one image's dz = scale · (g − means − x̂·slopes) into the middle of the slab."""
    for c in range(g.shape[0]):
        channel, plane, x = slab[c], g[c], normalised[c]
        mean, slope = load(means, c), load(slopes, c)
        for h in range(height):
            row = (h + pad) * (width + 2 * pad) + pad
            for q in range(width):
                p = h * width + q
                store(channel, row + q, scale[c] * (load(plane, p) - mean - load(x, p) * slope))


@compiled
def _fill_through(slab, g, norm, between, n, height, width, pad):
    """Write an image's dz below a 1×1 convolution that is below the batch-norm; add the 1×1 weight's gradient."""
    normalised, scale, means, slopes = norm
    x, weight, gradient = between
    n_in = x.shape[1]
    for o in range(g.shape[1]):
        plane, outcome, mean, slope = g[n, o], normalised[n, o], load(means, o), load(slopes, o)
        for i in range(n_in):
            channel, seen, w = slab[i], x[n, i], load(weight, o * n_in + i)
            total = other = zero(slab)
            for h in range(height):
                row, p = (h + pad) * (width + 2 * pad) + pad, h * width
                for q in range(0, width - 1, 2):  # two sums: an addition need not wait for the last
                    dz = scale[o] * (load(plane, p + q) - mean - load(outcome, p + q) * slope)
                    total = load(seen, p + q) * dz + total
                    store(channel, row + q, w * dz if o == 0 else w * dz + load(channel, row + q))
                    dz = scale[o] * (load(plane, p + q + 1) - mean - load(outcome, p + q + 1) * slope)
                    other = load(seen, p + q + 1) * dz + other
                    store(channel, row + q + 1, w * dz if o == 0 else w * dz + load(channel, row + q + 1))
                if width % 2:
                    q = width - 1
                    dz = scale[o] * (load(plane, p + q) - mean - load(outcome, p + q) * slope)
                    total = load(seen, p + q) * dz + total
                    store(channel, row + q, w * dz if o == 0 else w * dz + load(channel, row + q))
            store(gradient, o * n_in + i, load(gradient, o * n_in + i) + (total + other))
