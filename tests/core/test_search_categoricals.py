"""Independent categoricals against NumPy and their own frequencies, and one step down a gradient."""

import numpy as np
import pytest
import torch

from tegnas_core.errors import TegnasError
from tegnas_core.search.categoricals import INITIAL_SCALE, Categoricals, Optimiser

ALLOWED = np.array([[True, True, True], [False, True, True]])


@pytest.fixture
def rows():
    rows = Categoricals(ALLOWED, rng=np.random.default_rng(0))
    with torch.no_grad():
        rows.logits.copy_(torch.tensor([[0.0, 1.0, -1.0], [9.0, 0.3, 0.1]]))
    return rows


def test_the_first_logits_are_small_and_of_the_generator():
    first, again, other = (Categoricals(np.ones((50, 9), bool), rng=np.random.default_rng(s)) for s in (0, 0, 1))
    assert torch.equal(first.logits, again.logits) and not torch.equal(first.logits, other.logits)
    assert float(first.logits.detach().std()) == pytest.approx(INITIAL_SCALE, rel=0.2)
    assert first.logits.dtype == torch.float64 and first.logits.requires_grad


def test_probabilities_are_those_of_a_softmax_over_what_is_allowed(rows):
    expected = np.where(ALLOWED, np.exp(rows.logits.detach().numpy()), 0.0)
    np.testing.assert_allclose(rows.probabilities(), expected / expected.sum(1, keepdims=True), rtol=1e-12)


def test_draws_have_these_frequencies(rows):
    rng = np.random.default_rng(1)
    drawn = np.array([rows.draw(rng) for _ in range(5000)])
    frequencies = np.array([np.bincount(column, minlength=3) for column in drawn.T]) / len(drawn)
    np.testing.assert_allclose(frequencies, rows.probabilities(), atol=0.025)
    assert frequencies[1, 0] == 0


def test_the_gradient_of_a_log_probability_is_one_hot_minus_p(rows):
    rows.log_probability((1, 2)).backward()
    expected = np.eye(3)[[1, 2]] - rows.probabilities()
    np.testing.assert_allclose(rows.logits.grad.numpy(), expected, atol=1e-15)


def test_the_gradient_of_several_draws_is_bit_by_bit_that_of_autograd():
    rng, allowed = np.random.default_rng(3), np.tile(ALLOWED, (3, 1))
    for n_draws in (1, 2, 5):
        many = Categoricals(allowed, rng=rng)
        with torch.no_grad():
            many.logits.mul_(1000)
        draws, weights = [many.draw(rng).tolist() for _ in range(n_draws)], rng.standard_normal(n_draws)
        logs = torch.stack([many.log_probability(tuple(draw)) for draw in draws])
        (-(torch.from_numpy(weights) * logs).sum()).backward()
        assert torch.equal(many.gradient(draws, weights), many.logits.grad)


def test_the_entropy_is_in_nats_and_adds_up_over_rows(rows):
    p = rows.probabilities()
    assert rows.entropy() == pytest.approx(-sum(x * np.log(x) for x in p.ravel() if x > 0))
    assert Categoricals(np.ones((6, 5), bool), rng=np.random.default_rng(0)).entropy() == pytest.approx(
        6 * np.log(5), abs=1e-4
    )


# How logits follow a gradient


@pytest.mark.parametrize(("name", "expected"), [("sgd", [1.0 - 0.1 * 2, -3.0 + 0.1 * 6]), ("adam", [0.9, -2.9])])
def test_a_step_goes_down_the_gradient(name, expected):
    logits = torch.tensor([1.0, -3.0], dtype=torch.float64, requires_grad=True)
    optimiser = Optimiser(name, logits, learning_rate=0.1)
    optimiser.step(2 * logits.detach())  # of the sum of squares
    assert logits.tolist() == pytest.approx(expected)  # the first step of Adam has length η in every coordinate
    first = logits.detach().clone()
    optimiser.step(torch.zeros_like(first))
    assert torch.equal(logits.detach(), first) == (name == "sgd")  # Adam has momentum


@pytest.mark.parametrize(("name", "twin"), [("sgd", torch.optim.SGD), ("adam", torch.optim.Adam)])
def test_steps_are_bit_by_bit_those_of_the_library(name, twin):
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(6, 5, generator=generator, dtype=torch.float64)
    followed = logits.clone()
    ours, theirs = Optimiser(name, logits, learning_rate=0.04), twin([followed], lr=0.04)
    for _ in range(50):
        followed.grad = torch.randn(6, 5, generator=generator, dtype=torch.float64)
        ours.step(followed.grad)
        theirs.step()
    assert torch.equal(logits, followed)


def test_an_optimiser_that_makes_no_sense_is_refused():
    logits = torch.zeros(2, requires_grad=True)
    with pytest.raises(TegnasError, match="known are adam, sgd"):
        Optimiser("lion", logits, learning_rate=0.1)
    with pytest.raises(TegnasError, match="must be positive"):
        Optimiser("sgd", logits, learning_rate=0.0)
