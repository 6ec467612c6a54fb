"""Exercises mark themselves."""

import pytest

from tegnas_study.exercises import check


@pytest.mark.parametrize(
    "answer, truth, tolerance, told",
    [
        (None, 3, 0, "no answer yet"),
        (3, 3, 0, "right"),
        (3.05, 3, 0.1, "right"),
        (3.2, 3, 0.1, "not yet: 3.2 is not it"),
        (" skip ", "skip", 0, "right"),
        ("skip", 3, 0, "not yet"),
        (0, "none", 0, "not yet"),
    ],
)
def test_check(answer, truth, tolerance, told):
    assert check(answer, truth, tolerance=tolerance).startswith(told)
