"""The three indicators: the contract they share, and the closed forms each must meet."""

import math

import numpy as np
import pytest
import torch
from contracts.indicator import IndicatorContract
from hypothesis import given
from hypothesis import strategies as st
from oracles import kernels as twins
from torch import nn

from tegnas_core.indicators import (
    INDICATORS,
    STATUSES,
    TEG,
    Spectrum,
    activation_patterns,
    condition_number,
    linear_regions,
    regression_error,
    trivial_error,
)
from tegnas_core.indicators.jacobians import jacobian, select_parameters
from tegnas_core.indicators.kernels import ntk
from tegnas_core.networks import proxy_network
from tegnas_core.settings import PRESETS
from tegnas_core.spaces.architecture import EXAMPLE, Architecture


def random(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed)).double()


def kernel(n: int, seed: int = 0) -> torch.Tensor:
    rows = random(n, n + 3, seed=seed)
    return rows @ rows.T


def labels(n: int, n_classes: int, seed: int = 0) -> torch.Tensor:
    return torch.randint(n_classes, (n,), generator=torch.Generator().manual_seed(seed))


def network(role: str, seed: int) -> nn.Module:
    architecture = Architecture.parse(EXAMPLE)
    return proxy_network(architecture, PRESETS["teg"], role, n_classes=10, seed=seed, repeat=0)


NAN, ZERO, LOW_RANK = torch.full((4, 4), math.nan), torch.zeros(4, 4), torch.ones(4, 4)


# The contract


class TestConditionNumber(IndicatorContract):
    name = "condition_number"

    @pytest.fixture
    def measure(self):
        def measure(seed: int):
            net, x = network("kernel", seed), random(6, 3, 8, 8).float()
            return condition_number(ntk(jacobian(net, x, select_parameters(net, "weights"))))

        return measure

    @pytest.fixture
    def failures(self):
        infinite = torch.eye(3)
        infinite[0, 0] = math.inf
        return [
            (lambda: condition_number(NAN), "not_finite"),
            (lambda: condition_number(infinite), "not_finite"),
            (lambda: condition_number(ZERO), "singular"),
            (lambda: condition_number(LOW_RANK), "singular"),
            (lambda: condition_number(-torch.eye(3)), "singular"),
        ]


class TestLinearRegions(IndicatorContract):
    name = "linear_regions"

    @pytest.fixture
    def measure(self):
        def measure(seed: int):
            crops = random(2000, 1, 3, 3).float().split(1000)
            return float(linear_regions(activation_patterns(network("regions", seed), crops))), "ok"

        return measure


class TestRegressionError(IndicatorContract):
    name = "regression_error"

    @pytest.fixture
    def measure(self):
        def measure(seed: int):
            net, y = network("kernel", seed), labels(6, 10)
            names = select_parameters(net, "cells")
            train, test = (jacobian(net, random(6, 3, 8, 8, seed=k).float(), names) for k in (0, 1))
            return regression_error(ntk(train), ntk(test, train), y, y, 10)

        return measure

    @pytest.fixture
    def failures(self):
        y = torch.tensor([0, 1, 0, 1])
        return [
            (lambda: regression_error(NAN, ZERO, y, y, 2), "not_finite"),
            (lambda: regression_error(torch.eye(4), NAN, y, y, 2), "not_finite"),
            (lambda: regression_error(ZERO, ZERO, y, y, 2), "singular"),
            (lambda: regression_error(LOW_RANK, LOW_RANK, y, y, 2), "singular"),
            (lambda: regression_error(ZERO, ZERO, y, y, 2, solver="inverse", ridge=0.1), "singular"),
            (lambda: regression_error(ZERO, ZERO, y, y, 2, ridge=0.1), "singular"),
            (lambda: regression_error(torch.eye(4) * 1e-300, torch.eye(4) * 1e300, y, y, 2), "not_finite"),
        ]


def test_the_three_are_listed_with_their_directions():
    assert [(i.symbol, i.higher_is_better) for i in TEG.values()] == [("κ", False), ("R", True), ("MSE", False)]
    assert TEG.items() <= INDICATORS.items()
    assert STATUSES == ("ok", "disconnected", "singular", "not_finite", "undefined", "error")


# Condition number


@given(st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=8))
def test_the_condition_number_of_a_diagonal_is_the_ratio_of_its_extremes(diagonal):
    found = condition_number(torch.diag(torch.tensor(diagonal, dtype=torch.float64)))
    assert found.value == pytest.approx(max(diagonal) / min(diagonal), rel=1e-9)
    assert found.value >= 1 and found.status == "ok"


@given(st.integers(0, 1000), st.integers(2, 9), st.floats(1e-6, 1e6))
def test_the_condition_number_is_that_of_an_svd_and_knows_no_scale_or_order(seed, n, scale):
    matrix = kernel(n, seed)
    expected = condition_number(matrix).value
    assert expected == pytest.approx(twins.condition_number(matrix.numpy()), rel=1e-5)
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    assert condition_number(scale * matrix).value == pytest.approx(expected, rel=1e-5)
    assert condition_number(matrix[order][:, order]).value == pytest.approx(expected, rel=1e-5)


def test_the_spectrum_of_a_small_kernel_is_what_one_writes_down():
    found = Spectrum.of(torch.tensor([[2.0, 1.0], [1.0, 2.0]]).double())
    assert found == pytest.approx((3, 1, 4, 1.5))
    assert [*found.columns("kernel")] == ["kernel_largest", "kernel_smallest", "kernel_trace", "kernel_mean"]
    assert all(math.isnan(number) for number in Spectrum.of(NAN))


def test_a_known_spectrum_gives_the_same_condition_number():
    for matrix in (kernel(5), NAN, ZERO, LOW_RANK):
        assert condition_number(matrix, spectrum=Spectrum.of(matrix)) == condition_number(matrix)


def test_a_rotation_does_not_change_the_condition_number():
    rotation = torch.linalg.qr(random(5, 5)).Q
    diagonal = torch.diag(torch.tensor([1.0, 2.0, 3.0, 4.0, 50.0]).double())
    assert condition_number(rotation @ diagonal @ rotation.T).value == pytest.approx(50, rel=1e-9)


@pytest.mark.parametrize(
    ("smallest", "status"), [(2e-10, "ok"), (0.9e-10, "singular"), (0.0, "singular"), (-1e-3, "singular")]
)
def test_the_threshold_decides_what_is_singular(smallest, status):
    """A λ_min that rounding made negative must not give a negative, excellent κ."""
    matrix = torch.diag(torch.tensor([smallest, 1.0, 0.5]).double())
    assert condition_number(matrix).status == status
    if smallest > 0:
        assert condition_number(matrix, singular_below=0.0).value == pytest.approx(1 / smallest)


def test_kernels_of_too_low_rank_are_singular_whatever_rounding_does():
    for seed in range(20):
        rows = random(8, 5, seed=seed).float()
        assert condition_number((rows @ rows.T).double(), singular_below=1e-6).status == "singular"


# Linear regions


def planar(n_units: int, seed: int = 0) -> nn.Module:
    """Hidden units on the plane, shaped (n, 2, 1, 1)."""
    network = nn.Sequential(nn.Conv2d(2, n_units, 1), nn.ReLU()).double()
    for k, parameter in enumerate(network.parameters()):
        parameter.data = random(*parameter.shape, seed=seed + k)
    return network


@pytest.mark.parametrize("n_units", [1, 2, 3, 4])
def test_regions_of_the_plane_are_zaslavskys(n_units):
    axis = torch.linspace(-40, 40, 401).double()
    plane = torch.cartesian_prod(axis, axis)[:, :, None, None]
    found = linear_regions(activation_patterns(planar(n_units), [plane]))
    assert found == twins.zaslavsky(n_units)
    assert twins.zaslavsky(3) == 7


def test_a_network_without_relus_has_one_region():
    patterns = activation_patterns(nn.Sequential(nn.Conv2d(2, 3, 1)).double(), random(20, 2, 1, 1).split(10))
    assert patterns.shape == (20, 0) and linear_regions(patterns) == 1
    assert linear_regions(np.zeros((0, 0), bool)) == linear_regions(np.zeros((0, 3), bool)) == 0


@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(1, 20) | st.integers(56, 65))  # 8 bytes are special
def test_the_count_is_that_of_a_set_of_tuples(seed, n, width):
    patterns = np.random.default_rng(seed).random((n, width)) < 0.2
    found = linear_regions(patterns)
    assert found == twins.different_rows(patterns) and isinstance(found, int)
    order = np.random.default_rng(seed + 1).permutation(n)
    assert linear_regions(patterns[order]) == found
    assert linear_regions(np.concatenate([patterns, patterns[: n // 2]])) == found
    assert linear_regions(np.hstack([patterns, patterns[:, :1]])) == found  # duplicated bits say nothing new
    counts = [linear_regions(patterns[:k]) for k in range(1, n + 1)]
    assert counts == sorted(counts) and counts[0] == 1


def test_patterns_are_the_signs_of_every_relu_that_runs():
    network = nn.Sequential(nn.Conv2d(2, 3, 1), nn.ReLU(), nn.Conv2d(3, 4, 1), nn.ReLU()).double()
    x = random(6, 2, 2, 2)
    first = network[0](x)
    second = network[2](first.relu())
    expected = torch.cat([first.flatten(1), second.flatten(1)], 1) > 0
    np.testing.assert_array_equal(activation_patterns(network, x.split(4)), expected)


def test_a_relu_on_vectors_does_not_count_and_one_used_twice_counts_twice():
    relu = nn.ReLU()
    network = nn.Sequential(
        nn.Conv2d(2, 3, 1), relu, nn.Conv2d(3, 3, 1), relu, nn.Flatten(), nn.Linear(3, 5), nn.ReLU()
    )
    assert activation_patterns(network.double(), [random(4, 2, 1, 1)]).shape == (4, 6)


def test_counting_leaves_no_hooks_behind_even_after_an_error():
    network = planar(3)
    activation_patterns(network, [random(4, 2, 1, 1)])
    with pytest.raises(RuntimeError):
        activation_patterns(network, [random(4, 5, 1, 1)])
    assert not any(module._forward_hooks for module in network.modules())


# Regression error


@given(st.integers(0, 1000), st.integers(4, 9), st.integers(2, 5), st.sampled_from([0.0, 0.01, 1.0]))
def test_the_error_is_that_of_a_plain_solve(seed, n, n_classes, ridge):
    train, cross = kernel(n, seed), random(5, n, seed=seed + 1)
    y, y_test = labels(n, n_classes, seed), labels(5, n_classes, seed + 1)
    found = regression_error(train, cross, y, y_test, n_classes, ridge=ridge)
    expected = twins.regression_error(train.numpy(), cross.numpy(), y.tolist(), y_test.tolist(), n_classes, ridge)
    assert found.value == pytest.approx(expected, rel=1e-5) and found.status == "ok"


def test_the_error_is_zero_when_test_is_train():
    train, y = kernel(8), labels(8, 3)
    assert regression_error(train, train, y, y, 3).value < 1e-15
    assert regression_error(train, train, y, y, 3, ridge=1.0).value > 0.01


def test_the_error_knows_no_scale_of_the_kernel():
    train, cross, y, y_test = kernel(6), random(4, 6), labels(6, 3), labels(4, 3, 1)
    first = regression_error(train, cross, y, y_test, 3).value
    assert regression_error(7.5 * train, 7.5 * cross, y, y_test, 3).value == pytest.approx(first, rel=1e-9)


def test_the_printed_error_has_no_square():
    """With one test image of one class the target is zero, and the norm is the root of the square."""
    train, cross, y, y_test = kernel(6), random(1, 6), labels(6, 3), torch.tensor([0])
    squared, norm = (
        regression_error(train, cross, y, y_test, 3, error=kind).value for kind in ("squared", "norm")
    )
    assert norm == pytest.approx(math.sqrt(squared))


def test_the_mean_is_over_images_of_what_the_error_says():
    train, cross, y, y_test = kernel(6), random(4, 6), labels(6, 3), labels(4, 3, 1)
    residual = twins.regression(train.numpy(), cross.numpy(), twins.targets(y.tolist(), 3)) - twins.targets(
        y_test.tolist(), 3
    )
    found = regression_error(train, cross, y, y_test, 3, error="norm").value
    assert found == pytest.approx(np.mean(np.linalg.norm(residual, axis=1)))


def test_the_pseudo_inverse_answers_where_the_others_cannot():
    features, y = random(8, 3), labels(8, 3)
    low = features @ features.T
    assert regression_error(low, low, y, y, 3).status == "singular"
    assert regression_error(low, low, y, y, 3, solver="inverse").status == "singular"
    answered = regression_error(low, low, y, y, 3, solver="pseudo-inverse")
    assert answered.status == "ok" and 0 < answered.value < trivial_error(y, 3)


def test_no_prediction_at_all_costs_the_trivial_error():
    train, y, y_test = kernel(6), labels(6, 3), labels(9, 3, 1)
    nothing = regression_error(train, torch.zeros(9, 6).double(), y, y_test, 3)
    assert nothing.value == pytest.approx(trivial_error(y_test, 3))


@pytest.mark.parametrize(("n_classes", "error"), [(10, 0.9), (100, 0.99), (1, 0.0)])
def test_the_trivial_error_of_balanced_classes(n_classes, error):
    assert trivial_error(torch.arange(200) % n_classes, n_classes) == pytest.approx(error)


def test_the_trivial_error_is_one_minus_the_sum_of_squared_shares():
    y = labels(50, 4)
    shares = np.bincount(y, minlength=4) / 50
    assert trivial_error(y, 4) == pytest.approx(1 - np.sum(shares**2))
