"""The exercises of the chapter on replacing `none` that depend on its replacements."""

from typing import TYPE_CHECKING

import numpy as np

from tegnas_study.exercises.tasks import Cases, FromPage, WriteFunction

if TYPE_CHECKING:
    import pandas as pd


def _percent_wrong(*, changed: "pd.DataFrame", margin: float) -> float:
    gain = changed["change_accuracy"]
    is_convolution = changed["replacement"].str.startswith("nor_conv")
    return 100 * (is_convolution != (gain > 0))[gain.abs() > margin].mean()


def _wrong_way(gain: np.ndarray, change: np.ndarray, margin: float) -> float:
    real = np.abs(gain) > margin
    return float(np.mean((change > 0)[real] != (gain > 0)[real]))


def _changes() -> Cases:
    rng = np.random.default_rng(19)
    return {
        "four changes": (np.array([1.0, -2.0, 0.1, 3.0]), np.array([5.0, 1.0, -1.0, -2.0]), 0.5),
        "a margin of zero": (rng.normal(size=50), rng.normal(size=50), 0.0),
        "a wide margin": (rng.normal(size=200), rng.normal(size=200), 1.0),
    }


TASKS = {
    "ex-none-rule": FromPage(truth=_percent_wrong, tolerance=0.5),
    "ex-write-wrong-way": WriteFunction(
        reference=_wrong_way, cases=_changes, hint="Only changes of accuracy beyond the margin count."
    ),
}
