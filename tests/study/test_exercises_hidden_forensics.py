"""A harder cell is stored as the better one when enough of its repeats fail."""

from math import comb

import pytest

from tegnas_study.exercises import check


def chance(a, b, p, repeats, *, stored=-1.0, wins=lambda mean, a: mean < a):
    return sum(
        comb(repeats, j) * p**j * (1 - p) ** (repeats - j)
        for j in range(repeats + 1)
        if wins(((repeats - j) * b + j * stored) / repeats, a)
    )


def test_the_chance_of_enough_failures_is_let_in():
    assert check("ex-lucky-failure", chance).right


@pytest.mark.parametrize(
    "nearly",
    [
        lambda a, b, p, repeats: 1 - (1 - p) ** repeats,
        lambda a, b, p, repeats: chance(a, b, p, repeats, stored=0.0),
        lambda a, b, p, repeats: chance(a, b, p, repeats, wins=lambda mean, a: mean <= a),
        lambda a, b, p, repeats: float((1 - p) * b - p < a),
    ],
    ids=["any failure is enough", "a failure is 0", "equal means", "the mean of all draws"],
)
def test_what_is_nearly_right_is_not(nearly):
    assert not check("ex-lucky-failure", nearly).right
