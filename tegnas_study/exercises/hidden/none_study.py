"""The exercises of the chapter on replacing `none` that depend on its replacements."""

from typing import TYPE_CHECKING

from tegnas_study.exercises.tasks import FromPage

if TYPE_CHECKING:
    import pandas as pd


def _percent_wrong(*, changed: "pd.DataFrame", margin: float) -> float:
    gain = changed["change_accuracy"]
    is_convolution = changed["replacement"].str.startswith("nor_conv")
    return 100 * (is_convolution != (gain > 0))[gain.abs() > margin].mean()


TASKS = {"ex-none-rule": FromPage(truth=_percent_wrong, tolerance=0.5)}
