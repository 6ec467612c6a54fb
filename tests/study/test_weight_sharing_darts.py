"""DARTS of both orders, the second against the exact product with the Hessian."""

import pytest
import torch
from toy_supernet import SPACE, SharingContract, ToySupernet, toy_epoch, toy_pairs, toy_weights

from tegnas_core.errors import TegnasError
from tegnas_study.weight_sharing.darts import DARTS, mixed_product
from tegnas_study.weight_sharing.logits import EdgeLogits
from tegnas_study.weight_sharing.weights import SharedWeights, WeightRecipe


class TestFirstOrder(SharingContract):
    def make(self):
        return DARTS(SPACE.choices, seed=0, rate=0.05)


class TestSecondOrder(SharingContract):
    def make(self):
        return DARTS(SPACE.choices, seed=0, rate=0.05, order=2)


@pytest.fixture
def small():
    """A supernet without kinks in double precision, its optimiser, DARTS, and two batches."""
    weights = SharedWeights(ToySupernet().double(), WeightRecipe(), 5)
    method = DARTS(SPACE.choices, seed=3, rate=0.1, order=2)
    method.logits.values = torch.randn(3, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    method.logits.values.requires_grad_()
    first, second = [(images.double(), labels) for images, labels in toy_pairs(2, 5)]
    return weights, method, first, second


def exact_product(loss, logits, parameters, direction):
    """∇_α (∇_w L · v) by differentiating twice."""
    slopes = torch.autograd.grad(loss, parameters, create_graph=True, materialize_grads=True, allow_unused=True)
    return torch.autograd.grad(sum((s * v).sum() for s, v in zip(slopes, direction, strict=True)), logits)[0]


def test_the_difference_is_the_hessian_product(small):
    weights, method, train, _ = small
    generator = torch.Generator().manual_seed(2)
    direction = [torch.randn(p.shape, dtype=p.dtype, generator=generator) for p in weights.parameters]
    before = [p.detach().clone() for p in weights.parameters]
    logits = method.logits.values
    found = mixed_product(lambda: weights.loss(train, method.mixture()), logits, weights.parameters, direction)
    exact = exact_product(weights.loss(train, method.mixture()), logits, weights.parameters, direction)
    assert torch.allclose(found, exact, rtol=1e-3, atol=1e-4 * float(exact.abs().max()))
    assert all(torch.equal(a, b) for a, b in zip(before, weights.parameters, strict=True))
    assert float(exact.abs().max()) > 1e-4


def test_the_product_with_nothing_is_nothing(small):
    weights, method, train, _ = small
    nothing = [torch.zeros_like(p) for p in weights.parameters]
    loss = lambda: weights.loss(train, method.mixture())  # noqa: E731
    assert not mixed_product(loss, method.logits.values, weights.parameters, nothing).any()


def test_the_second_order_is_the_gradient_through_one_step(small):
    weights, method, train, valid = small
    for _ in range(2):  # momentum must be part of the step
        weights.step(weights.loss(train, method.mixture()))
    logits, decay, rate = method.logits.values, weights.recipe.weight_decay, weights.rate
    parameters = weights.parameters
    slopes = torch.autograd.grad(weights.loss(train, method.mixture()), parameters, create_graph=True)
    moved = {}
    for (name, p), slope in zip(weights.network.named_parameters(), slopes, strict=True):
        buffer = weights.optimiser.state[p]["momentum_buffer"]
        moved[name] = p - rate * (slope + decay * p + 0.9 * buffer)
    outputs = torch.func.functional_call(weights.network, moved, (valid[0], method.mixture()))
    exact = torch.autograd.grad(torch.nn.functional.cross_entropy(outputs, valid[1]), logits)[0]
    before = [p.detach().clone() for p in parameters]
    found = method.unrolled_gradient(weights, train, valid)
    assert torch.allclose(found, exact, rtol=1e-3, atol=1e-4 * float(exact.abs().max()))
    first_order = torch.autograd.grad(weights.loss(valid, method.mixture()), logits)[0]
    assert (found - exact).abs().max() < 0.01 * (first_order - exact).abs().max()
    assert all(torch.equal(a, b) for a, b in zip(before, parameters, strict=True))


def test_the_orders_differ():
    first, second = DARTS((2,) * 3, seed=0, rate=0.1), DARTS((2,) * 3, seed=0, rate=0.1, order=2)
    for method in (first, second):
        method.train(toy_weights(2), toy_epoch(0, 2))
    assert not torch.equal(first.logits.values, second.logits.values)


def test_logits_are_a_table():
    with pytest.raises(TegnasError, match="as many options"):
        EdgeLogits((2, 3), seed=0, rate=0.1)
