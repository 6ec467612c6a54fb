"""The compiled loops of the reverse of crops and of channels put together (see `reverse_loops` for the shapes)."""

from tegnas_core.engine.lanes import compiled, load, store


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
