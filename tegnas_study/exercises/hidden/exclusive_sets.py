"""The functions to write in the chapter on exclusive sets."""

import numpy as np
import pandas as pd

from tegnas_study.exercises.tasks import Cases, WriteFunction


def _only_one(table: pd.DataFrame, k: int) -> dict[str, set]:
    best = {name: set(table.index[np.argsort(table[name].to_numpy())[-k:]]) for name in table}
    return {name: {a for a in best[name] if sum(a in other for other in best.values()) == 1} for name in best}


def _tables() -> Cases:
    rng = np.random.default_rng(31)
    same = pd.DataFrame({"κ": [1.0, 2, 3, 4], "R": [10.0, 20, 30, 40]}, index=list("abcd"))
    opposite = same.assign(R=[40.0, 30, 20, 10])
    three = pd.DataFrame({name: rng.permutation(60).astype(float) for name in ("κ", "R", "MSE")})
    return {
        "two indicators that agree": (same, 2),
        "two indicators that disagree": (opposite, 1),
        "sixty random architectures": (three, 12),
        "the best half of them": (three.copy(), 30),
    }


def _jaccard(a: set, b: set) -> float:
    return len(a & b) / len(a | b)


def _pairs_of_sets() -> Cases:
    return {
        "equal sets": ({1, 2, 3}, {1, 2, 3}),
        "sets that share nothing": ({1, 2}, {3}),
        "a set within another": ({1, 2}, {1, 2, 3, 4}),
        "sets of words": ({"a", "b", "c"}, {"b", "c", "d"}),
    }


TASKS = {
    "ex-write-exclusive": WriteFunction(
        reference=_only_one, cases=_tables, hint="What two columns share belongs to neither."
    ),
    "ex-write-jaccard": WriteFunction(reference=_jaccard, cases=_pairs_of_sets),
}
