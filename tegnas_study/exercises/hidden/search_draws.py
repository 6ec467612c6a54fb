"""The function to write in the chapter on draws of the weights: an error whose units are the draws."""

import numpy as np

from tegnas_study.exercises.tasks import Cases, WriteFunction


def _standard_error(gaps: list[list[float]]) -> float:
    means = np.array([np.mean(row) for row in gaps])
    return float(means.std(ddof=1) / np.sqrt(len(means)))


def _gaps() -> Cases:
    rng = np.random.default_rng(14)
    spread = rng.normal(size=(10, 1)) + 0.1 * rng.normal(size=(10, 20))
    return {
        "draws that agree": ([[1.0, 3.0], [0.0, 4.0], [2.0, 2.0]],),
        "two draws": ([[1.0], [2.0]],),
        "ten draws of twenty searches": (spread.tolist(),),
        "draws with different numbers of searches": ([[1.0, 2.0, 3.0], [5.0]],),
    }


TASKS = {
    "ex-write-draw-error": WriteFunction(
        reference=_standard_error,
        cases=_gaps,
        hint="How many independent things were drawn? Reduce each of them to one number first.",
    )
}
