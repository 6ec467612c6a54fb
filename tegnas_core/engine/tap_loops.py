"""The innermost loops of the reverse of a convolution: a few taps of its window at the pixels of one channel.

Each adds x·dz to the rows of the gradient that belong to its taps, and weight·dz to the target where there is one.
The sums of the gradient stay in registers, hence the number of taps. `convolution_loops` has compiled these into
its own cache: after a change here, remove that too.
"""

from tegnas_core.engine.lanes import compiled, load, store, zero


@compiled
def nine_taps(slab, steps, x, weight, gradient, k, target, place, pixels, corners):
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
def all_taps(slab, x, weight, gradient, s, t, target, place, pixels, corners):
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
