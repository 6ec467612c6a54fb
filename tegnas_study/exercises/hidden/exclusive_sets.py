"""The exercises of the chapter on exclusive sets that depend on its table."""

from typing import TYPE_CHECKING

from tegnas_study.exercises.tasks import FromPage

if TYPE_CHECKING:
    import pandas as pd

    from tegnas_study.analysis import Estimate


def _deeper(*, found: "Estimate", table: "pd.DataFrame") -> float:
    return found.value["linear_regions", "depth"] - table["depth"].dropna().astype(float).mean()


TASKS = {"ex-exclusive-depth": FromPage(truth=_deeper, tolerance=0.01)}
