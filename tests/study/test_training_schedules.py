"""Learning rates and drop path agree with their closed forms."""

import math
from dataclasses import replace

import pytest

from tegnas_study.training.protocols import protocol_named
from tegnas_study.training.schedules import drop_path, learning_rates

CIFAR = protocol_named("darts-cifar10", epochs=7)
IMAGENET = protocol_named("darts-imagenet", epochs=12)


def cosine(share: float) -> float:
    return (1 + math.cos(math.pi * share)) / 2


def test_a_cosine_by_epoch_falls_from_the_largest_rate():
    found = learning_rates(CIFAR, 3)
    assert [len(rates) for rates in found] == [3] * 7
    for epoch, rates in enumerate(found):
        assert rates == pytest.approx([0.025 * cosine(epoch / 7)] * 3, rel=1e-9)


def test_a_cosine_by_step_falls_with_every_step():
    protocol = protocol_named("nas-bench-201", epochs=2)
    flat = [rate for rates in learning_rates(protocol, 5) for rate in rates]
    assert flat == pytest.approx([0.1 * cosine(step / 10) for step in range(10)], rel=1e-9)


def test_the_warm_up_rises_linearly_and_the_cosine_follows():
    found = [rates[0] for rates in learning_rates(IMAGENET, 1)]
    expected = [0.5 * (epoch + 1) / 5 for epoch in range(5)] + [0.5 * cosine(epoch / 7) for epoch in range(7)]
    assert found == pytest.approx(expected, rel=1e-9)


def test_the_released_cosine_is_an_epoch_ahead_and_ignores_the_warm_up():
    found = [rates[0] for rates in learning_rates(replace(IMAGENET, cosine="late epoch"), 1)]
    expected = [0.5 * (epoch + 1) / 5 for epoch in range(5)] + [0.5 * cosine((e + 1) / 12) for e in range(5, 12)]
    assert found == pytest.approx(expected, rel=1e-9)


def test_one_epoch_of_warm_up_starts_at_the_largest_rate():
    found = [rates[0] for rates in learning_rates(replace(IMAGENET, warm_up=1, epochs=3), 1)]
    assert found == pytest.approx([0.5, 0.5, 0.5 * cosine(1 / 2)], rel=1e-9)


def test_drop_path_rises_linearly_from_zero():
    full = protocol_named("darts-cifar10")
    assert [drop_path(full, epoch) for epoch in (0, 300, 599)] == pytest.approx([0.0, 0.15, 0.2995])
