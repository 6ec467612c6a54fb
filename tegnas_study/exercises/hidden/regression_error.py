"""The functions to write in the chapter on the regression error."""

from tegnas_study.exercises.tasks import Cases, WriteFunction
from tegnas_study.tables.ranking import partial_tau


def _cases() -> Cases:
    return {
        "the numbers above": (0.5, 0.7, 0.5),
        "a third number that knows nothing": (0.6, 0.0, 0.0),
        "a negative agreement": (-0.3, 0.4, 0.2),
        "an agreement that is all borrowed": (0.35, 0.7, 0.5),
    }


TASKS = {"ex-write-partial": WriteFunction(reference=partial_tau, cases=_cases)}
