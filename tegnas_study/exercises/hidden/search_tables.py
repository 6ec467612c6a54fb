"""The function to write in the chapter on tables of searches: what the best of a few random cells reaches."""

import numpy as np

from tegnas_study.exercises.tasks import Cases, WriteFunction


def _mean_of_best(accuracies: np.ndarray, n: int) -> float:
    import pandas as pd

    from tegnas_study.analysis.best_of import best_of

    order = pd.Series(-np.arange(len(accuracies), dtype=float))  # the first is the best by the indicator
    return best_of(order, pd.Series(np.asarray(accuracies, float)), n)[0]


def _tables() -> Cases:
    rng = np.random.default_rng(13)
    return {
        "one that is drawn": (np.array([93.0, 90.0, 94.0, 10.0]), 1),
        "all that there are": (np.array([93.0, 90.0, 94.0, 10.0]), 4),
        "two of three": (np.array([94.0, 91.0, 70.0]), 2),
        "25 of 500": (90 + rng.normal(size=500), 25),
    }


TASKS = {
    "ex-write-best-of": WriteFunction(
        reference=_mean_of_best,
        cases=_tables,
        hint="In how many draws is the i-th the best one? Then it is drawn, and the others are behind it.",
    )
}
