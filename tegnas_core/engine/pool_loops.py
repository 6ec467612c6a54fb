"""The compiled loops of pools with a stride, in reverse, and of maxima (see `reverse_loops` for the shapes)."""

import numpy as np

from tegnas_core.engine.lanes import compiled, load, store, zero
from tegnas_core.engine.reverse_loops import mean_shares


@compiled
def maxima(x, out, winners, window):
    """Write the largest number of each window and the pixel where it stands; of equal ones, the first.

    Args:
        x: (N, C, H, W).
        out, winners: (N, C, H_out, W_out); nan is larger than any number, as in PyTorch.
        window: Size, stride and padding.
    """
    size, stride, padding = window
    height, width = x.shape[2:]
    for n in range(x.shape[0]):
        for c in range(x.shape[1]):
            for h in range(out.shape[2]):
                top = h * stride - padding
                for q in range(out.shape[3]):
                    left = q * stride - padding
                    best, winner = -np.inf, max(top, 0) * width + max(left, 0)
                    for row in range(max(top, 0), min(top + size, height)):
                        for column in range(max(left, 0), min(left + size, width)):
                            value = x[n, c, row, column]
                            if value > best or np.isnan(value):
                                best, winner = value, row * width + column
                    out[n, c, h, q], winners[n, c, h, q] = best, winner


@compiled
def max_pool(g, factor, winners, target, fresh):
    """Reverse of maxima over windows, times a factor: adds to `target`.

    Args:
        g: (N, C, P_out, LANES).
        factor: A number.
        winners: The pixel of the largest number of each window, (N, C, P_out).
        target, fresh: See `reverse_loops`.
    """
    if fresh:
        target[:] = 0
    for n in range(g.shape[0]):
        for c in range(g.shape[1]):
            plane, out, won = g[n, c], target[n, c], winners[n, c]
            for p in range(g.shape[2]):
                store(out, won[p], factor * load(plane, p) + load(out, won[p]))


@compiled
def mean_pool_3x3_stride_2(g, factor, target, fresh, height, width):
    """Reverse of 3×3 average pooling, stride 2, padding left out of the mean, times a factor: adds to `target`.

    A pixel of an even row or column lies under one window along that axis, of an odd one under two.
    """
    share = strided_shares(height, width, factor, g)
    out_height, out_width = (height + 1) // 2, (width + 1) // 2
    for n in range(g.shape[0]):
        for c in range(g.shape[1]):
            plane, out = g[n, c], target[n, c]
            for h in range(height):
                for q in range(width):
                    total = zero(plane)
                    for row in range(h // 2, min((h + 1) // 2 + 1, out_height)):
                        for column in range(q // 2, min((q + 1) // 2 + 1, out_width)):
                            p = row * out_width + column
                            total = load(share, p) * load(plane, p) + total
                    p = h * width + q
                    store(out, p, total if fresh else total + load(out, p))


@compiled
def strided_shares(height, width, factor, like):
    """Return factor / (pixels in the 3×3 window of each output at stride 2), in the precision of an array."""
    whole = mean_shares(height, width, factor, like).reshape(height, width)
    return whole[::2, ::2].copy().reshape(-1)
