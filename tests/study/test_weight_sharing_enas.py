"""ENAS's controller learns from the accuracy of what it draws."""

import numpy as np
import torch
from toy_supernet import SPACE, SharingContract

from tegnas_study.weight_sharing.controller import Controller
from tegnas_study.weight_sharing.enas import ENAS


class TestENAS(SharingContract):
    def make(self):
        return ENAS(SPACE.choices, seed=0, candidates=20, early_candidates=3, steps=10, draws=5)


def test_a_draw_knows_its_probability_and_entropy():
    controller, rng = Controller((3, 2), seed=1), np.random.default_rng(0)
    drawn = [controller.draw(rng) for _ in range(3000)]
    shares = {}
    for one in drawn:
        shares.setdefault(one.options, []).append(float(one.log_probability.detach().exp()))
    assert len(shares) == 6
    assert abs(sum(values[0] for values in shares.values()) - 1) < 1e-5
    for values in shares.values():
        assert abs(len(values) / len(drawn) - values[0]) < 0.04
    exact = -sum(values[0] * np.log(values[0]) for values in shares.values())
    assert abs(np.mean([float(one.entropy.detach()) for one in drawn]) - exact) < 0.01


def test_edges_may_have_different_numbers_of_options():
    controller, rng = Controller((2, 5, 3), seed=0), np.random.default_rng(0)
    drawn = np.array([controller.draw(rng).options for _ in range(200)])
    assert drawn.max(0).tolist() == [1, 4, 2]


def test_a_rewarded_path_becomes_more_probable():
    method = ENAS((2, 2), seed=0, candidates=1, early_candidates=1, steps=1, draws=20)

    class Judge:
        def accuracy(self, choice, pairs):
            return 100.0 if choice.active == ((1,), (0,)) else 0.0

    class Pairs:
        valid = (None,)

        def rng(self, purpose):
            return np.random.default_rng(0)

    for _ in range(150):
        method._train_controller(Judge(), Pairs())
    with torch.no_grad():
        drawn = [method.controller.draw(np.random.default_rng(seed)).options for seed in range(50)]
    assert drawn.count((1, 0)) > 40
