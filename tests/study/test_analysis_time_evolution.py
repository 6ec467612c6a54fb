"""The time evolution of Eq. 2, 3 and 7 is what training a linear model by small steps gives."""

import math

import numpy as np
import pytest
import torch
from oracles.time_evolution import train_linear_model
from torch import Tensor

from tegnas_core import TegnasError
from tegnas_core.indicators import condition_number
from tegnas_core.indicators.kernels import kernel_regression
from tegnas_study.analysis.time_evolution import learned_share, mean_prediction

N, M, K = 6, 4, 3


def case(n_parameters: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Jacobians of training and held-out images, and targets."""
    draw = np.random.default_rng(n_parameters).normal
    return draw(size=(N, n_parameters)), draw(size=(M, n_parameters)), draw(size=(N, K))


def kernels(jacobian: np.ndarray, jacobian_test: np.ndarray) -> tuple[Tensor, Tensor]:
    return torch.from_numpy(jacobian @ jacobian.T), torch.from_numpy(jacobian_test @ jacobian.T)


@pytest.mark.parametrize("n_parameters", [9, 3], ids=["of full rank", "singular"])
@pytest.mark.parametrize(("time", "learning_rate"), [(0.0, 1.0), (0.01, 1.0), (0.5, 0.3), (2.0, 1.0)])
def test_equals_a_linear_model_trained_by_small_steps(n_parameters, time, learning_rate):
    jacobian, jacobian_test, targets = case(n_parameters)
    train, test = kernels(jacobian, jacobian_test)
    expected = train_linear_model(jacobian, jacobian_test, targets, time, learning_rate=learning_rate)
    y = torch.from_numpy(targets)
    found = (
        mean_prediction(train, y, [time], learning_rate=learning_rate),
        mean_prediction(train, y, [time], ntk_test_train=test, learning_rate=learning_rate),
    )
    for outputs, twin in zip(found, expected, strict=True):
        np.testing.assert_allclose(outputs[0].numpy(), twin, rtol=1e-7, atol=1e-9)


def test_one_eigenmode_is_learned_at_its_own_rate():
    train, _ = kernels(*case(9)[:2])
    eigenvalues, vectors = torch.linalg.eigh(train)
    shares = learned_share(eigenvalues, [0.0, 0.1, 3.0])
    for i in range(N):
        outputs = mean_prediction(train, vectors[:, i : i + 1], [0.0, 0.1, 3.0])
        torch.testing.assert_close(outputs[..., 0], shares[:, i : i + 1] * vectors[:, i])
        assert shares[1, i].item() == pytest.approx(1 - math.exp(-eigenvalues[i].item() * 0.1))


def test_the_condition_number_is_the_ratio_of_learning_times():
    train, _ = kernels(*case(9)[:2])
    eigenvalues = torch.linalg.eigvalsh(train)
    kappa, fast = condition_number(train).value, 1 / eigenvalues[-1].item()
    assert learned_share(eigenvalues[-1:], [fast]) == pytest.approx(1 - 1 / math.e)
    assert learned_share(eigenvalues[:1], [kappa * fast]) == pytest.approx(1 - 1 / math.e)


def test_the_end_of_the_flow_is_the_kernel_regression():
    jacobian, jacobian_test, targets = case(9)
    train, test = kernels(jacobian, jacobian_test)
    y, end = torch.from_numpy(targets), [1e6]
    torch.testing.assert_close(mean_prediction(train, y, end)[0], y)
    found = mean_prediction(train, y, end, ntk_test_train=test)[0]
    torch.testing.assert_close(found, kernel_regression(train, test, y))


@pytest.mark.parametrize("time", [-1.0, math.inf, math.nan])
def test_a_time_that_is_none_is_refused(time):
    with pytest.raises(TegnasError, match="finite and not negative"):
        mean_prediction(torch.eye(2), torch.ones(2, 1), [0.0, time])


@pytest.mark.parametrize("learning_rate", [0.0, -1.0, math.nan])
def test_a_learning_rate_must_be_positive(learning_rate):
    with pytest.raises(TegnasError, match="positive"):
        learned_share(torch.ones(2), [1.0], learning_rate=learning_rate)
