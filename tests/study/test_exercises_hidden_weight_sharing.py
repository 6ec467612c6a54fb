"""The gradient of DARTS of second order has two parts, each at weights of its own."""

import numpy as np
import pytest

from tegnas_study.exercises import check


def gradient(training, validation, w, rate, *, sign=-1, at="here", sides=(1, -1), length=0.01):
    ahead = w - rate * training(w)[1]
    direct, v = validation(ahead)
    step = length / np.linalg.norm(v)
    centre = ahead if at == "ahead" else w
    slopes = [training(centre + side * step * v)[0] for side in sides]
    return direct + sign * rate * (slopes[0] - slopes[1]) / ((sides[0] - sides[1]) * step)


def test_both_parts_together_are_let_in():
    assert check("ex-unrolled-gradient", gradient).right


@pytest.mark.parametrize(
    "nearly",
    [
        lambda training, validation, w, rate: validation(w)[0],
        lambda training, validation, w, rate: validation(w - rate * training(w)[1])[0],
        lambda *given: gradient(*given, sign=1),
        lambda *given: gradient(*given, at="ahead"),
        lambda *given: gradient(*given, sides=(1, 0)),
        lambda *given: gradient(*given, length=0.02),
    ],
    ids=["first order", "the direct part only", "added", "around the step", "one side", "twice as far"],
)
def test_what_is_nearly_right_is_not(nearly):
    assert not check("ex-unrolled-gradient", nearly).right
