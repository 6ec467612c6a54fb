"""Gradient descent of small networks does what torch's optimiser does, and what a constant kernel predicts."""

import copy
import math

import pytest
import torch
from torch import nn

from tegnas_core.errors import TegnasError
from tegnas_study.teaching.chains import chain, kernel_of
from tegnas_study.teaching.training_dynamics import (
    gradient_descent,
    kernel_change,
    losses,
    points_on_circle,
    predicted_losses,
    spaced_steps,
)

X = points_on_circle([0, 70, 200])
Y = torch.tensor([1.0, -1.0, 0.5], dtype=torch.float64)


def test_points_lie_on_the_circle():
    assert torch.allclose(X.norm(dim=1), torch.ones(3, dtype=torch.float64))
    assert points_on_circle([180], dtype=torch.float32).dtype == torch.float32


def test_descent_is_that_of_torch():
    network = chain(2, 6, seed=0)
    twin = copy.deepcopy(network)
    outputs = gradient_descent(network, X, Y, learning_rate=0.01, record=[0, 3, 7])
    optimiser, seen = torch.optim.SGD(twin.parameters(), lr=0.01), []
    for _ in range(8):
        output = twin(X).flatten()
        seen.append(output.detach())
        optimiser.zero_grad()
        (0.5 * (output - Y) ** 2).sum().backward()
        optimiser.step()
    assert torch.allclose(outputs, torch.stack(seen)[[0, 3, 7]])
    assert torch.allclose(network(X), seen[7][:, None])


def test_a_linear_model_does_exactly_what_its_kernel_predicts():
    """Its Jacobian is constant, so the prediction has no error but rounding, also where it explodes."""
    inputs = torch.tensor([[1.0, 0.0, 0.3], [0.8, 0.6, 0.0], [0.0, -1.0, 2.0]], dtype=torch.float64)
    for rate in (0.1, 0.45):
        network = nn.Linear(3, 1, bias=False, dtype=torch.float64)
        nn.init.zeros_(network.weight)
        kernel = kernel_of(network, inputs)
        assert torch.allclose(kernel, inputs @ inputs.T)
        outputs = gradient_descent(network, inputs, Y, learning_rate=rate, record=range(30))
        told = predicted_losses(kernel, -Y, learning_rate=rate, steps=range(30))
        assert torch.allclose(losses(outputs, Y), told)
    assert told[-1] > told[0]


def test_a_wide_network_nearly_does_and_a_narrow_one_does_not():
    off = []
    for width in (8, 512):
        network = chain(2, width, seed=0, biases=False)
        kernel, start = kernel_of(network, X), network(X).detach().flatten()
        rate = 0.5 / torch.linalg.eigvalsh(kernel)[-1].item()
        outputs = gradient_descent(network, X, start + Y, learning_rate=rate, record=range(40))
        told = predicted_losses(kernel, -Y, learning_rate=rate, steps=range(40))
        off.append(((losses(outputs - start, Y) - told).abs().max() / told[0]).item())
    assert off[1] < 0.005 < 0.03 < off[0]


def test_the_kernel_of_a_wide_network_moves_less():
    moved = [kernel_change(chain(2, w, seed=1), X, Y, speed=0.5, n_steps=30) for w in (8, 256)]
    assert 0 < moved[1] < moved[0] / 3


@pytest.mark.parametrize("record", [[], [-1, 2], [0, 3, 3], [4, 2]])
def test_steps_that_do_not_ascend_are_told(record):
    with pytest.raises(TegnasError, match="ascend from 0"):
        gradient_descent(chain(1, 2, seed=0), X, Y, learning_rate=0.1, record=record)


@pytest.mark.parametrize("rate", [0.0, -1.0, math.nan, math.inf])
def test_a_learning_rate_that_is_none_is_told(rate):
    with pytest.raises(TegnasError, match="must be positive"):
        gradient_descent(chain(1, 2, seed=0), X, Y, learning_rate=rate, record=[0, 1])


def test_steps_are_spaced_by_their_logarithm():
    steps = spaced_steps(1000, 20)
    assert steps[0] == 0 and steps[1] == 1 and steps[-1] == 1000
    assert steps == sorted(set(steps))
