"""ENAS's controller learns from the accuracy of what it draws."""

import numpy as np
import torch
from toy_supernet import SPACE, SharingContract

from tegnas_study.weight_sharing.controller import Controller
from tegnas_study.weight_sharing.enas import ENAS


class TestENAS(SharingContract):
    n_epochs = 8

    def make(self):
        return ENAS(SPACE.choices, seed=0, candidates=20, early_candidates=3, steps=2, draws=3, rate=0.02)


def probabilities(controller, n=60):
    """Return the probability of every path that is drawn in n draws, with one of its entropies."""
    rng = np.random.default_rng(0)
    with torch.no_grad():
        drawn = [controller.draw(rng) for _ in range(n)]
    return {one.options: (float(one.log_probability.exp()), float(one.entropy)) for one in drawn}


def test_draws_know_their_probabilities_and_entropies():
    controller = Controller((3, 2), seed=1)
    known = probabilities(controller)
    assert len(known) == 6
    assert abs(sum(p for p, _ in known.values()) - 1) < 1e-5
    exact = -sum(p * np.log(p) for p, _ in known.values())
    assert abs(sum(p * entropy for p, entropy in known.values()) - exact) < 1e-5


def test_edges_may_have_different_numbers_of_options():
    drawn = np.array([*probabilities(Controller((2, 5, 3), seed=0))])
    assert drawn.max(0).tolist() == [1, 4, 2]


def test_a_rewarded_path_becomes_more_probable():
    method = ENAS((2, 2), seed=0, candidates=1, early_candidates=1, steps=1, draws=10, rate=0.05)

    class Judge:
        def accuracy(self, choice, pairs):
            return 100.0 if choice.active == ((1,), (0,)) else 0.0

    class OneEpoch:
        valid = (None,)

        def __init__(self, number):
            self.number = number

        def rng(self, purpose):
            return np.random.default_rng(self.number)

    before = probabilities(method.controller)
    for number in range(25):
        method._train_controller(Judge(), OneEpoch(number))
    after = probabilities(method.controller)
    assert after[1, 0][0] > before[1, 0][0] + 0.01
    assert max(after, key=after.get) == (1, 0)
    assert 0 < method.baseline < 1
