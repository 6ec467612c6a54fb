"""The loops of the compiled reverse pass for everything but convolutions.

Every cotangent has shape (N, C, P, LANES) with P = H·W pixels: a row is one number for LANES cotangents (see
`lanes`). Values of the forward pass have shape (N, C, P), or (N, C, P, LANES) when lanes are images. What adds to
a `target` overwrites it when it is `fresh`.
"""

import numpy as np

from tegnas_core.engine.lanes import LANES, compiled, load, store, where_positive, zero


@compiled
def add_multiple(g, factor, target, fresh):
    """Add factor · g to `target`."""
    rows, terms = target.reshape(-1, LANES), g.reshape(-1, LANES)
    for r in range(rows.shape[0]):
        term = factor * load(terms, r)
        store(rows, r, term if fresh else term + load(rows, r))


@compiled
def spread(g, factor, target, fresh):
    """Reverse of a mean over all pixels: add factor · g, shape (N, C, LANES), to every pixel of `target`."""
    for n in range(g.shape[0]):
        for c in range(g.shape[1]):
            out, term = target[n, c], g.dtype.type(factor) * load(g[n], c)
            for p in range(out.shape[0]):
                store(out, p, term if fresh else term + load(out, p))


@compiled
def relu(g, factor, value, target, fresh):
    """Reverse of a ReLU with output `value`, times a factor: adds to `target`."""
    for n in range(g.shape[0]):
        for c in range(g.shape[1]):
            plane, out, outcome = g[n, c], target[n, c], value[n, c]
            for p in range(g.shape[2]):
                term = where_positive(load(outcome, p), factor * load(plane, p))
                store(out, p, term if fresh else term + load(out, p))


@compiled
def norm_sums(g, normalised, n_rows):
    """Return Σ g and Σ g·x̂ over pixels, and over images unless a row is asked for each, (n_rows, C, LANES)."""
    n_images, channels, pixels, _ = g.shape
    sums = np.zeros((n_rows, channels, LANES), g.dtype)
    products = np.zeros((n_rows, channels, LANES), g.dtype)
    for n in range(n_images):
        sums_here, products_here = sums[n % n_rows], products[n % n_rows]
        for c in range(channels):
            plane, x = g[n, c], normalised[n, c]
            total = other_total = product = other_product = zero(plane)
            for p in range(0, pixels - 1, 2):  # two sums of each kind: an addition need not wait for the last
                row, other = load(plane, p), load(plane, p + 1)
                total, other_total = total + row, other_total + other
                product, other_product = load(x, p) * row + product, load(x, p + 1) * other + other_product
            if pixels % 2:
                row = load(plane, pixels - 1)
                total, product = total + row, load(x, pixels - 1) * row + product
            store(sums_here, c, load(sums_here, c) + (total + other_total))
            store(products_here, c, load(products_here, c) + (product + other_product))
    return sums, products


@compiled
def norm_project(g, normalised, scale, means, slopes, target, fresh):
    """Reverse of batch-norm, scale · (g − means − x̂·slopes): adds to `target`."""
    for n in range(g.shape[0]):
        for c in range(g.shape[1]):
            plane, out = g[n, c], target[n, c]
            x, mean, slope = normalised[n, c], load(means, c), load(slopes, c)
            for p in range(g.shape[2]):
                term = scale[c] * (load(plane, p) - mean - load(x, p) * slope)
                store(out, p, term if fresh else term + load(out, p))


@compiled
def mean_pool_3x3(g, factor, target, fresh, height, width):
    """Reverse of 3×3 average pooling, stride 1, padding left out of the mean, times a factor: adds to `target`.

    Separable: sums of three along the rows as they come, then of the last three such rows.
    """
    share = mean_shares(height, width, factor, g)
    sums = np.zeros((3, width, LANES), g.dtype)
    for n in range(g.shape[0]):
        for c in range(g.shape[1]):
            plane, out = g[n, c], target[n, c]
            sums[:] = 0
            for h in range(height + 1):
                newest, last, oldest = sums[h % 3], sums[(h + 2) % 3], sums[(h + 1) % 3]
                left = zero(plane)
                middle = zero(plane) if h == height else load(share, h * width) * load(plane, h * width)
                for q in range(width):
                    p = h * width + q
                    outside = h == height or q == width - 1
                    right = zero(plane) if outside else load(share, p + 1) * load(plane, p + 1)
                    row_sum = left + middle + right
                    store(newest, q, row_sum)
                    left, middle = middle, right
                    if h > 0:
                        total = load(oldest, q) + load(last, q) + row_sum
                        store(out, p - width, total if fresh else total + load(out, p - width))


@compiled
def mean_shares(height, width, factor, like):
    """Return factor / (number of pixels in the 3×3 window around a pixel), (P,), in the precision of an array."""
    share = np.empty(height * width, like.dtype)
    for h in range(height):
        for q in range(width):
            rows, columns = 3 - (h == 0) - (h == height - 1), 3 - (q == 0) - (q == width - 1)
            share[h * width + q] = factor / (rows * columns)
    return share


@compiled
def mean_pool_blocks(g, factor, target, fresh, height, width, size):
    """Reverse of average pooling over disjoint size×size blocks, times a factor: adds to `target`."""
    share = g.dtype.type(factor / (size * size))
    whole_height, whole_width = height // size * size, width // size * size
    if fresh and (whole_height < height or whole_width < width):
        target[:] = 0  # pixels beyond the last whole block
    for n in range(g.shape[0]):
        for c in range(g.shape[1]):
            plane, out = g[n, c], target[n, c]
            for h in range(whole_height):
                for q in range(whole_width):
                    term = share * load(plane, h // size * (width // size) + q // size)
                    p = h * width + q
                    store(out, p, term if fresh else term + load(out, p))


@compiled
def add_channels(g, factor, first, target, fresh):
    """Add factor · g, of its channels from the first on as many as the target has, to `target`."""
    for n in range(target.shape[0]):
        for c in range(target.shape[1]):
            plane, out = g[n, first + c], target[n, c]
            for p in range(target.shape[2]):
                term = factor * load(plane, p)
                store(out, p, term if fresh else term + load(out, p))


@compiled
def uncrop(g, factor, target, fresh, height, width):
    """Reverse of leaving out the first of `height` rows and `width` columns: adds factor · g to the others."""
    if fresh:
        target[:] = 0
    for n in range(target.shape[0]):
        for c in range(target.shape[1]):
            plane, out = g[n, c], target[n, c]
            for h in range(height - 1):
                for q in range(width - 1):
                    p = (h + 1) * width + q + 1
                    store(out, p, factor * load(plane, h * (width - 1) + q) + load(out, p))
