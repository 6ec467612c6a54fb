"""The functions that the exercises of the chapter on expressivity ask for."""

from tegnas_study.exercises.tasks import WriteFunction


def _pieces_between(layers, start, end):
    """Return the number of pieces of a segment: a map of one dimension, by stretches between crossings."""
    import numpy as np

    start, way = np.asarray(start, float), np.asarray(end, float) - np.asarray(start, float)
    times = np.array([0.0, 1.0])
    for depth in range(1, len(layers)):
        middles = (times[:-1] + times[1:]) / 2
        values, slopes = start + middles[:, None] * way, np.broadcast_to(way, (len(middles), len(way)))
        for weights, biases in layers[: depth - 1]:
            values = values @ weights.T + biases
            values, slopes = np.maximum(values, 0), (slopes @ weights.T) * (values > 0)
        weights, biases = layers[depth - 1]
        values, slopes = values @ weights.T + biases, slopes @ weights.T
        safe = np.where(slopes == 0, 1.0, slopes)
        zeros = np.where(slopes == 0, np.inf, middles[:, None] - values / safe)
        inside = (zeros > times[:-1, None]) & (zeros < times[1:, None])
        times = np.unique([*times, *zeros[inside]])
    return len(times) - 1


def _segments() -> dict[str, tuple]:
    import numpy as np

    from tegnas_study.teaching.relu_networks import random_layers

    rng = np.random.default_rng(21)
    one = [(np.array([[1.0], [-2.0]]), np.array([1.0, 0.0])), (np.ones((1, 2)), np.zeros(1))]
    return {
        "two units on a line": (one, np.array([-2.0]), np.array([2.0])),
        "a way that crosses no fold": (one, np.array([1.0]), np.array([3.0])),
        "one hidden layer in the plane": (
            random_layers((2, 9, 1), rng=rng),
            np.array([-3.0, 1]),
            np.array([2.0, 0.5]),
        ),
        "three hidden layers": (
            random_layers((2, 8, 8, 8, 1), rng=rng),
            np.array([-2.0, -2]),
            np.array([2.0, 1.5]),
        ),
        "nine inputs": (random_layers((9, 12, 12, 2), rng=rng), *rng.normal(size=(2, 9))),
    }


def _samples_for(areas, share):
    """Return the smallest number of samples, by trying all."""
    import itertools

    from tegnas_study.teaching.region_maps import expected_regions

    return next(m for m in itertools.count(1) if expected_regions(areas, m) >= share * len(areas))


def _areas() -> dict[str, tuple]:
    import numpy as np

    rng = np.random.default_rng(21)
    return {
        "a single region": (np.array([3.0]), 1.0),
        "two halves": (np.array([2.0, 2.0]), 0.9),
        "areas of very different size": (rng.exponential(size=40) ** 3, 0.7),
        "a small share": (rng.uniform(1, 2, 30), 0.1),
    }


def _n_useful(patterns):
    """Return the number of columns that say something new, comparing each with those before."""
    import numpy as np

    kept: list = []
    for column in np.asarray(patterns).T:
        known = any((column == other).all() or (column != other).all() for other in kept)
        if column.any() and not column.all() and not known:
            kept.append(column)
    return len(kept)


def _patterns() -> dict[str, tuple]:
    import numpy as np

    bits = np.random.default_rng(21).random((40, 12)) > 0.5
    return {
        "different ReLUs": (bits,),
        "copies": (np.hstack([bits[:, :5], bits[:, :3]]),),
        "opposites": (np.hstack([bits[:, :5], ~bits[:, 2:4]]),),
        "ReLUs that never switch": (np.hstack([np.ones((40, 2), bool), bits[:, :4], np.zeros((40, 1), bool)]),),
        "nothing but constants": (np.ones((4, 3), bool),),
    }


TASKS = {
    "ex-segment": WriteFunction(
        reference=_pieces_between,
        cases=_segments,
        hint="A fold of a later layer is straight only between the folds of the layers before.",
    ),
    "ex-enough-samples": WriteFunction(
        reference=_samples_for, cases=_areas, tolerance=0.0, hint="The answer is a whole number of samples."
    ),
    "ex-useful-relus": WriteFunction(reference=_n_useful, cases=_patterns, tolerance=0.0),
}
