"""The function to write in the chapter on landscapes."""

import numpy as np

from tegnas_study.exercises.tasks import Cases, WriteFunction


def _climb(start: int, fitness: np.ndarray, neighbours: np.ndarray) -> int:
    """Return where steepest ascent ends."""
    while True:
        best = max(neighbours[start], key=lambda i: fitness[i])
        if fitness[best] <= fitness[start]:
            return int(start)
        start = best


def _places() -> Cases:
    rng = np.random.default_rng(29)
    ring = np.array([[(i - 1) % 12, (i + 1) % 12] for i in range(12)])
    hill = np.array([0.0, 1, 2, 3, 9, 8, 7, 6, 5.5, 4, 2.5, 0.5])
    codes = np.indices((3, 3, 3)).reshape(3, -1).T
    near = np.array([np.flatnonzero((codes != code).sum(axis=1) == 1) for code in codes])
    return {
        "a start on the top": (4, hill, ring),
        "one hill": (0, hill, ring),
        "two neighbours that are better": (1, np.array([5.0, 1, 6, 2, 7, 3, 0, 4, 0.5, 1.5, 2.5, 3.5]), ring),
        "a rough landscape": (13, rng.permutation(27).astype(float), near),
        "another rough landscape": (0, rng.permutation(27).astype(float), near),
    }


TASKS = {"ex-write-climb": WriteFunction(reference=_climb, cases=_places)}
