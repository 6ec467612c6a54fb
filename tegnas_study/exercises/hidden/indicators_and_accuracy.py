"""The exercises of the chapter on a first sample that depend on the sample."""

from typing import TYPE_CHECKING

from tegnas_study.exercises.tasks import FromPage

if TYPE_CHECKING:
    import pandas as pd


def _tau_of_parameters(*, sample: "pd.DataFrame") -> float:
    from tegnas_study.tables.ranking import kendall_tau
    from tegnas_study.tables.sizes import complexity_table

    counts = complexity_table().set_index("architecture")["parameters"]
    return kendall_tau(counts[sample["architecture"]].to_numpy(), sample["test_accuracy"]).tau


TASKS = {"ex-count-parameters": FromPage(truth=_tau_of_parameters, tolerance=0.006)}
