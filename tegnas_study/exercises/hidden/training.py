"""The functions to write in the chapter on training: drop path, and a learning rate that rises, then falls."""

import math

import numpy as np

from tegnas_study.exercises.tasks import Cases, WriteFunction


def _drop_path(outputs: np.ndarray, kept: np.ndarray, epoch: int, epochs: int, largest: float) -> np.ndarray:
    return outputs * kept[:, None] / (1 - largest * epoch / epochs)


def _outputs() -> Cases:
    rng = np.random.default_rng(25)
    outputs, kept = rng.normal(size=(6, 3)), np.array([True, False, True, True, False, True])
    return {
        "the first epoch, in which nothing is left out": (outputs, np.full(6, True), 0, 600, 0.3),
        "an epoch in the middle": (outputs, kept, 300, 600, 0.3),
        "a later epoch": (outputs, kept, 450, 600, 0.2),
        "a batch in which everything is left out": (outputs, np.full(6, False), 599, 600, 0.3),
    }


def _learning_rate(epoch: int, epochs: int, warm_up: int, largest: float) -> float:
    if epoch < warm_up:
        return largest * (epoch + 1) / warm_up
    return largest * (1 + math.cos(math.pi * (epoch - warm_up) / (epochs - warm_up))) / 2


def _cases() -> Cases:
    return {
        "an epoch of the warm-up": (2, 250, 5, 0.5),
        "the last epoch of the warm-up": (4, 250, 5, 0.5),
        "the first epoch after it": (5, 250, 5, 0.5),
        "the last epoch": (249, 250, 5, 0.5),
        "no warm-up": (30, 100, 0, 0.1),
    }


TASKS = {
    "ex-drop-path": WriteFunction(
        reference=_drop_path,
        cases=_outputs,
        hint="With the probability p of being left out, what is kept is divided by 1 − p.",
    ),
    "ex-rising-then-falling": WriteFunction(reference=_learning_rate, cases=_cases),
}
