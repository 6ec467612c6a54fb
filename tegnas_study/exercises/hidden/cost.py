"""The exercises of the chapter on cost that depend on its table of times."""

from typing import TYPE_CHECKING

from tegnas_study.exercises.tasks import FromPage

if TYPE_CHECKING:
    import pandas as pd


def _speedup_without_convolutions(*, parts: "pd.DataFrame") -> float:
    total = parts.loc["random, mean"].sum()
    return total / (total - parts.loc["random, mean", "convolutions"])


TASKS = {"ex-amdahl": FromPage(truth=_speedup_without_convolutions, tolerance=0.1)}
