"""The compiled loops of the reverse of pools with a stride, and of maxima (see `reverse_loops` for the shapes)."""

from tegnas_core.lanes import compiled, load, store, zero
from tegnas_core.reverse_loops import mean_shares


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
