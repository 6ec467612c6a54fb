"""RSPS draws every path alike and names the best of some."""

import math
from collections import Counter

import numpy as np
from toy_supernet import SPACE, SharingContract, toy_epoch, toy_weights

from tegnas_study.weight_sharing.rsps import RSPS


class TestRSPS(SharingContract):
    learns = False

    def make(self):
        return RSPS(SPACE.choices, candidates=40, early_candidates=5)


def test_every_path_is_drawn_alike():
    method, rng = RSPS((2, 3), candidates=1, early_candidates=1), np.random.default_rng(0)
    counts = Counter(method._draw(rng) for _ in range(6000))
    assert len(counts) == 6 and all(abs(n - 1000) < 130 for n in counts.values())
    assert math.isclose(method.entropy(), math.log(6))


def test_only_the_last_epoch_judges_all_candidates(monkeypatch):
    judged = []
    weights = toy_weights(3)
    monkeypatch.setattr(weights, "accuracy", lambda choice, pairs: judged.append(choice) or 1.0)
    method = RSPS((9,) * 3, candidates=30, early_candidates=4)
    method.derive(weights, toy_epoch(0, 3))
    assert 0 < len(judged) <= 4
    method.derive(weights, toy_epoch(2, 3))
    assert len(judged) > 20
