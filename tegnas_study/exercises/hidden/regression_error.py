"""The functions to write in the chapter on the regression error."""

import math

from tegnas_study.exercises.tasks import Cases, WriteFunction


def _partial(xy: float, xz: float, yz: float) -> float:
    return (xy - xz * yz) / math.sqrt((1 - xz**2) * (1 - yz**2))


def _cases() -> Cases:
    return {
        "the numbers above": (0.5, 0.7, 0.5),
        "a third number that knows nothing": (0.6, 0.0, 0.0),
        "a negative agreement": (-0.3, 0.4, 0.2),
        "an agreement that is all borrowed": (0.35, 0.7, 0.5),
    }


TASKS = {"ex-write-partial": WriteFunction(reference=_partial, cases=_cases)}
