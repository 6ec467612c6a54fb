"""The function to write in the chapter on searches on the DARTS space: the entropy of a preference."""

import math

from tegnas_study.exercises.tasks import Cases, WriteFunction


def _entropy(n_edges: int, n_options: int, p: float) -> float:
    each = [p, *[(1 - p) / (n_options - 1)] * (n_options - 1)]
    return -n_edges * sum(share * math.log(share) for share in each if share > 0)


def _preferences() -> Cases:
    return {
        "no preference": (28, 7, 1 / 7),
        "a slight preference": (28, 7, 0.3),
        "a strong preference": (28, 7, 0.9),
        "edges that are decided": (28, 7, 1.0),
        "two options": (14, 2, 0.75),
    }


TASKS = {
    "ex-write-preference": WriteFunction(
        reference=_entropy, cases=_preferences, hint="What never happens adds nothing: 0 ln 0 counts as 0."
    )
}
