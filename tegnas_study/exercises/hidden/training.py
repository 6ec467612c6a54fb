"""The exercise of the chapter on training: a learning rate that rises, then falls."""

import math

from tegnas_study.exercises.tasks import WriteFunction


def _learning_rate(epoch: int, epochs: int, warm_up: int, largest: float) -> float:
    if epoch < warm_up:
        return largest * (epoch + 1) / warm_up
    return largest * (1 + math.cos(math.pi * (epoch - warm_up) / (epochs - warm_up))) / 2


def _cases() -> dict[str, tuple]:
    return {
        "an epoch of the warm-up": (2, 250, 5, 0.5),
        "the last epoch of the warm-up": (4, 250, 5, 0.5),
        "the first epoch after it": (5, 250, 5, 0.5),
        "the last epoch": (249, 250, 5, 0.5),
        "no warm-up": (30, 100, 0, 0.1),
    }


TASKS = {"ex-rising-then-falling": WriteFunction(reference=_learning_rate, cases=_cases)}
