"""The hidden tests of the chapter on trainability let in what is right and nothing that is nearly right."""

import math

import numpy as np
import pytest

from tegnas_study.exercises import check

THETA = np.array([[2.0, 1.9, 0.0], [1.9, 2.0, 0.0], [0.0, 0.0, 2.0]])  # the first two points are neighbours


def test_a_one_sided_difference_is_not_let_in_nor_is_a_transposed_table():
    def central(f, theta, h=1e-5):
        return np.stack([(f(theta + n) - f(theta - n)) / (2 * h) for n in h * np.eye(len(theta))], axis=1)

    def coarse(f, theta, h=0.1):
        return np.stack([(f(theta + n) - f(theta)) / h for n in h * np.eye(len(theta))], axis=1)

    assert check("ex-nudges", central).right
    assert not check("ex-nudges", coarse).right
    assert "shape" in str(check("ex-nudges", lambda f, theta: central(f, theta).T))


@pytest.mark.parametrize(
    "factor, right",
    [
        (lambda values, eta: np.abs(1 - eta * values).max(), True),
        (lambda values, eta: 1 - eta * values.min(), False),  # forgets that the fastest may be the last
        (lambda values, eta: np.exp(-eta * values).max(), False),  # the flow
    ],
)
def test_steps_needed_are_those_of_the_slowest_factor(factor, right):
    def steps_needed(eigenvalues, learning_rate, share):
        kept = factor(eigenvalues, learning_rate)
        return math.inf if kept >= 1 else next(k for k in range(10_000) if kept**k <= share)

    assert check("ex-steps-needed", steps_needed).right == right


def test_slow_labels_tell_neighbours_apart():
    page = {"theta": THETA, "learning_rate": 0.2}
    assert check("ex-slowest-labels", [1, -1, 1], **page).right
    assert check("ex-slowest-labels", np.array([-1, 1, 1]), **page).right
    assert "more is left of" in str(check("ex-slowest-labels", [1, 1, -1], **page))
    assert "a list of 3 labels" in str(check("ex-slowest-labels", [1, -1], **page))
    assert "each +1 or −1" in str(check("ex-slowest-labels", [1, -1, 0], **page))
