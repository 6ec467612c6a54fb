"""The compiled loops of the reverse of a convolution under a batch-norm, for LANES cotangents (see `lanes`).

gradient[o, i, k] += Σ x[i, p]·dz[o, p−k],  target[i, p] += Σ weight[o, i, k]·dz[o, p−k],

where dz is the cotangent below the batch-norm and p − k the output that meets pixel p through tap k.
"""

import numpy as np

from tegnas_core.lanes import LANES, compiled, load, store, zero


@compiled
def pixels_to_visit(x, order, starts):
    """List for each image and channel the pixels with x > 0, class by class; and where classes start in the list.

    Args:
        x: (N, C, P).
        order, starts: See `reverse_convolution.Geometry`.

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
        norm: Its normalised, scale, means, slopes (see `reverse_loops.norm_project`).
        between: A 1×1 convolution between the two: its input (N, C_out, P_out), weight and gradient; or None.
        x: Input of the convolution, (N, C_in, P), or (N, C_in, P, LANES).
        weight: Rows o, i, k, (C_out·C_in·size²,); or (C·size²,) when channel i alone makes channel i.
        gradients: The same rows, (1 or N, …, LANES): one for all images, or one each.
        target: (N, C_in, P, LANES), or None when only the gradient is wanted.
        fresh: The target holds nothing yet.
        visits: From `pixels_to_visit`.
        window: Height and width of the output, size, stride and dilation of the window.
        corners, offsets, taps, n_taps: See `reverse_convolution.Geometry`.
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
                        _nine_taps(slab[o], steps, x[n, i], weight, gradient, row, target, place, pixels, corners)
                    continue
                s, t = start + offsets[k, : n_taps[k]], first + taps[k, : n_taps[k]]
                _all_taps(rows, x[n, i], weight, gradient, s, t, target, place, pixels, corners)


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


@compiled
def _nine_taps(slab, steps, x, weight, gradient, k, target, place, pixels, corners):
    """Visit the pixels of one pair of channels: 3×3, stride 1. The sums of the gradient stay in registers.

    The taps lie `steps` rows of the slab apart, across and down.
    """
    step, down = steps
    two = 2 * step
    w0, w1, w2 = load(weight, k), load(weight, k + 1), load(weight, k + 2)
    w3, w4, w5 = load(weight, k + 3), load(weight, k + 4), load(weight, k + 5)
    w6, w7, w8 = load(weight, k + 6), load(weight, k + 7), load(weight, k + 8)
    g0 = g1 = g2 = g3 = g4 = g5 = g6 = g7 = g8 = zero(slab)
    if target is not None:
        plane = target[place]
    for p in pixels:
        v, top = load(x, p), corners[p]
        middle = top + down
        bottom = middle + down
        a = b = c = zero(slab)  # three short sums for the target, not one of nine
        if target is not None:
            a = load(plane, p)
        dz = load(slab, bottom + two)  # tap 0 reads the last row of its patch
        g0, a = v * dz + g0, w0 * dz + a
        dz = load(slab, bottom + step)
        g1, a = v * dz + g1, w1 * dz + a
        dz = load(slab, bottom)
        g2, a = v * dz + g2, w2 * dz + a
        dz = load(slab, middle + two)
        g3, b = v * dz + g3, w3 * dz + b
        dz = load(slab, middle + step)
        g4, b = v * dz + g4, w4 * dz + b
        dz = load(slab, middle)
        g5, b = v * dz + g5, w5 * dz + b
        dz = load(slab, top + two)
        g6, c = v * dz + g6, w6 * dz + c
        dz = load(slab, top + step)
        g7, c = v * dz + g7, w7 * dz + c
        dz = load(slab, top)
        g8, c = v * dz + g8, w8 * dz + c
        if target is not None:
            store(plane, p, a + b + c)
    _add(gradient, k, g0, g1, g2)
    _add(gradient, k + 3, g3, g4, g5)
    _add(gradient, k + 6, g6, g7, g8)


@compiled
def _add(gradient, k, a, b, c):
    store(gradient, k, load(gradient, k) + a)
    store(gradient, k + 1, load(gradient, k + 1) + b)
    store(gradient, k + 2, load(gradient, k + 2) + c)


@compiled
def _all_taps(slab, x, weight, gradient, s, t, target, place, pixels, corners):
    """Visit the pixels of one input channel, a few taps at a time: as many as have their sums in registers."""
    j, n_taps = 0, len(s)
    while n_taps % 5 == 0 and j < n_taps:
        _five_taps(slab, x, weight, gradient, s[j : j + 5], t[j : j + 5], target, place, pixels, corners)
        j += 5
    while n_taps - j >= 3 and n_taps - j != 4:
        three = s[j], s[j + 1], s[j + 2], t[j], t[j + 1], t[j + 2]
        _three_taps(slab, x, weight, gradient, three, target, place, pixels, corners)
        j += 3
    while n_taps - j >= 2:
        two = s[j], s[j + 1], t[j], t[j + 1]
        _two_taps(slab, x, weight, gradient, two, target, place, pixels, corners)
        j += 2
    if n_taps - j == 1:
        _one_tap(slab, x, weight, gradient, (s[j], t[j]), target, place, pixels, corners)


@compiled
def _five_taps(slab, x, weight, gradient, s, t, target, place, pixels, corners):
    """Visit the pixels of one input channel with five taps: at s from the corner, of rows t of the weight."""
    s0, s1, s2, s3, s4 = s[0], s[1], s[2], s[3], s[4]
    w0, w1, w2, w3, w4 = (
        load(weight, t[0]),
        load(weight, t[1]),
        load(weight, t[2]),
        load(weight, t[3]),
        load(weight, t[4]),
    )
    g0 = g1 = g2 = g3 = g4 = zero(slab)
    if target is not None:
        plane = target[place]
    for p in pixels:
        v, corner = load(x, p), corners[p]
        a = zero(slab)
        if target is not None:
            a = load(plane, p)
        dz = load(slab, corner + s0)
        g0, a = v * dz + g0, w0 * dz + a
        dz = load(slab, corner + s1)
        g1, a = v * dz + g1, w1 * dz + a
        dz = load(slab, corner + s2)
        g2, a = v * dz + g2, w2 * dz + a
        dz = load(slab, corner + s3)
        g3, a = v * dz + g3, w3 * dz + a
        dz = load(slab, corner + s4)
        g4, a = v * dz + g4, w4 * dz + a
        if target is not None:
            store(plane, p, a)
    store(gradient, t[0], load(gradient, t[0]) + g0)
    store(gradient, t[1], load(gradient, t[1]) + g1)
    store(gradient, t[2], load(gradient, t[2]) + g2)
    store(gradient, t[3], load(gradient, t[3]) + g3)
    store(gradient, t[4], load(gradient, t[4]) + g4)


@compiled
def _three_taps(slab, x, weight, gradient, three, target, place, pixels, corners):
    """Visit the pixels of one input channel with three taps: at s from the corner, of row k of the weight."""
    s0, s1, s2, k0, k1, k2 = three
    w0, w1, w2 = load(weight, k0), load(weight, k1), load(weight, k2)
    g0 = g1 = g2 = zero(slab)
    if target is not None:
        plane = target[place]
    for p in pixels:
        v, corner = load(x, p), corners[p]
        dz0, dz1, dz2 = load(slab, corner + s0), load(slab, corner + s1), load(slab, corner + s2)
        g0, g1, g2 = v * dz0 + g0, v * dz1 + g1, v * dz2 + g2
        if target is not None:
            store(plane, p, w2 * dz2 + (w1 * dz1 + (w0 * dz0 + load(plane, p))))
    store(gradient, k0, load(gradient, k0) + g0)
    store(gradient, k1, load(gradient, k1) + g1)
    store(gradient, k2, load(gradient, k2) + g2)


@compiled
def _two_taps(slab, x, weight, gradient, two, target, place, pixels, corners):
    """Visit the pixels of one input channel with two taps."""
    s0, s1, k0, k1 = two
    w0, w1 = load(weight, k0), load(weight, k1)
    g0 = g1 = zero(slab)
    if target is not None:
        plane = target[place]
    for p in pixels:
        v, corner = load(x, p), corners[p]
        dz0, dz1 = load(slab, corner + s0), load(slab, corner + s1)
        g0, g1 = v * dz0 + g0, v * dz1 + g1
        if target is not None:
            store(plane, p, w1 * dz1 + (w0 * dz0 + load(plane, p)))
    store(gradient, k0, load(gradient, k0) + g0)
    store(gradient, k1, load(gradient, k1) + g1)


@compiled
def _one_tap(slab, x, weight, gradient, one, target, place, pixels, corners):
    """Visit the pixels of one input channel with one tap."""
    s, k = one
    w, total = load(weight, k), zero(slab)
    if target is not None:
        plane = target[place]
    for p in pixels:
        dz = load(slab, corners[p] + s)
        total = load(x, p) * dz + total
        if target is not None:
            store(plane, p, w * dz + load(plane, p))
    store(gradient, k, load(gradient, k) + total)
