"""The exercises of the chapter on exclusive sets that depend on its table."""

from typing import TYPE_CHECKING

from tegnas_study.exercises.tasks import Cases, FromPage, WriteFunction

if TYPE_CHECKING:
    import pandas as pd

    from tegnas_study.analysis import Estimate


def _deeper(*, found: "Estimate", table: "pd.DataFrame") -> float:
    return found.value["linear_regions", "depth"] - table["depth"].dropna().astype(float).mean()


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
    "ex-exclusive-depth": FromPage(truth=_deeper, tolerance=0.01),
    "ex-write-jaccard": WriteFunction(reference=_jaccard, cases=_pairs_of_sets),
}
