"""The exercises of the chapter on replacing `none` that depend on its replacements."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from tegnas_study.exercises.tasks import Cases, Judged, WriteFunction

if TYPE_CHECKING:
    import pandas as pd


def _not_better_than_always(
    rule: Callable[["pd.DataFrame"], object], *, changed: "pd.DataFrame", margin: float
) -> str:
    """Return what a rule lacks that sees the cell, the edge and the operation, and no accuracy."""
    told = rule(changed[["architecture", "edge", "replacement"]].copy())
    if told is None or told is ...:
        raise NotImplementedError
    told = np.asarray(told)
    if told.shape != (len(changed),) or told.dtype != bool:
        return f"it must return {len(changed):,} times True or False, one for each row."
    gain = changed["change_accuracy"].to_numpy()
    real = np.abs(gain) > margin
    wrong, always = (100 * np.mean(words[real] != (gain > 0)[real]) for words in (told, np.ones_like(told)))
    if wrong < always:
        return ""
    return f"it is wrong in {wrong:.1f} % of the real changes, and “always better” in {always:.1f} %."


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
    "ex-none-rule": Judged(fault=_not_better_than_always, placeholder="your code in place of the dots"),
    "ex-write-wrong-way": WriteFunction(
        reference=_wrong_way, cases=_changes, hint="Only changes of accuracy beyond the margin count."
    ),
}
