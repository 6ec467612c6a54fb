"""Kernels and kernel regression: closed forms, and a plain solve in numpy."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from oracles import kernels as twins
from torch import nn

from tegnas_core.indicators.jacobians import jacobian, select_parameters
from tegnas_core.indicators.kernels import centred_one_hot, kernel_regression, ntk


def random(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed)).double()


def kernel(n: int, rank: int, seed: int = 0) -> torch.Tensor:
    rows = random(n, rank, seed=seed)
    return rows @ rows.T


# The kernel


@pytest.mark.parametrize("way", ["plain", "reverse", "batched"])
def test_a_linear_model_with_summed_logits_has_n_classes_times_x_xt(way):
    x = random(6, 3, 2, 2)
    network = nn.Sequential(nn.Flatten(), nn.Linear(12, 7)).double()
    flat = x.flatten(1)
    weights = jacobian(network, x, select_parameters(network, "weights"), way=way)
    torch.testing.assert_close(ntk(weights), 7 * flat @ flat.T)
    everything = jacobian(network, x, select_parameters(network, "all"), way=way)
    torch.testing.assert_close(ntk(everything), 7 * (flat @ flat.T + 1))


def test_a_kernel_is_a_product_of_the_blocks_side_by_side():
    a = {"one": random(4, 3), "two": random(4, 5, seed=1)}
    b = {"one": random(6, 3, seed=2), "two": random(6, 5, seed=3)}
    joined_a, joined_b = (np.concatenate([block.numpy() for block in j.values()], 1) for j in (a, b))
    np.testing.assert_allclose(ntk(a), joined_a @ joined_a.T, rtol=1e-12)
    np.testing.assert_allclose(ntk(a, b), joined_a @ joined_b.T, rtol=1e-12)
    np.testing.assert_allclose(ntk(a, b, parameters=["two"]), joined_a[:, 3:] @ joined_b[:, 3:].T, rtol=1e-12)


def test_single_precision_blocks_are_summed_in_double():
    block = {"one": torch.full((2, 1000), 0.1)}
    assert ntk(block).dtype == torch.float64
    assert ntk(block)[0, 1].item() == pytest.approx(1000 * float(np.float32(0.1)) ** 2, rel=1e-14)
    assert ntk(block, dtype=torch.float32).dtype == torch.float32


# Regression


@pytest.mark.parametrize("solver", ["cholesky", "inverse", "pseudo-inverse"])
@pytest.mark.parametrize("ridge", [0.0, 0.1])
def test_predictions_are_those_of_a_plain_solve(solver, ridge):
    train, cross, targets = kernel(6, 9), random(4, 6, seed=1), random(6, 3, seed=2)
    found = kernel_regression(train, cross, targets, ridge=ridge, solver=solver)
    np.testing.assert_allclose(
        found, twins.regression(train.numpy(), cross.numpy(), targets.numpy(), ridge), rtol=1e-8
    )


@given(st.integers(0, 1000), st.integers(2, 8))
def test_training_points_are_met_exactly_without_a_ridge(seed, n):
    train, targets = kernel(n, n + 3, seed), random(n, 2, seed=seed + 1)
    torch.testing.assert_close(kernel_regression(train, train, targets), targets, rtol=1e-5, atol=1e-5)


def test_a_growing_ridge_draws_predictions_to_zero():
    train, targets = kernel(6, 9), random(6, 3)
    sizes = [kernel_regression(train, train, targets, ridge=ridge).norm().item() for ridge in (0, 0.1, 1, 10, 1e9)]
    assert sizes == sorted(sizes, reverse=True) and sizes[-1] < 1e-6


def test_the_ridge_is_relative_to_the_mean_of_the_diagonal():
    train, cross, targets = kernel(6, 9), random(4, 6), random(6, 3)
    first = kernel_regression(train, cross, targets, ridge=0.3)
    torch.testing.assert_close(kernel_regression(1000 * train, 1000 * cross, targets, ridge=0.3), first)


def test_the_pseudo_inverse_is_the_smallest_solution_of_a_kernel_of_low_rank():
    features, test, targets = random(6, 2), random(4, 2, seed=1), random(6, 3, seed=2)
    found = kernel_regression(features @ features.T, test @ features.T, targets, solver="pseudo-inverse")
    weights = np.linalg.lstsq(features.numpy(), targets.numpy(), rcond=None)[0]
    np.testing.assert_allclose(found, test.numpy() @ weights, rtol=1e-8)


@pytest.mark.parametrize("solver", ["cholesky", "inverse"])
def test_a_singular_kernel_is_an_error_of_the_other_solvers(solver):
    singular = torch.zeros(3, 3).double()
    with pytest.raises(torch.linalg.LinAlgError):
        kernel_regression(singular, singular, random(3, 2), solver=solver)


# Targets


def test_targets_are_one_hot_minus_the_share_of_each_class():
    labels = torch.tensor([0, 2, 2, 1])
    np.testing.assert_allclose(centred_one_hot(labels, 4), twins.targets(labels.tolist(), 4))
    assert centred_one_hot(labels, 4)[1].tolist() == [-0.25, -0.25, 0.5, 0.0]
    assert centred_one_hot(labels, 4, dtype=torch.float32).dtype == torch.float32
