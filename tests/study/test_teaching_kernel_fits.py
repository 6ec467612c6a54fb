"""Fits on a line: the points, the network and its kernel at infinite width, against sums over many units."""

import numpy as np
import pytest
import torch

from tegnas_core import ntk, plain_jacobian
from tegnas_core.errors import TegnasError
from tegnas_study.teaching.kernel_fits import OneHiddenLayer, infinite_kernel, noisy_wave

X = np.array([-1.0, -0.2, 0.7])


def column(x):
    return torch.tensor(x)[:, None]


def test_a_wave_has_points_in_order_and_targets_without_mean():
    wave = noisy_wave(12, noise=0.3, rng=np.random.default_rng(0))
    assert (np.diff(wave.x) > 0).all()
    assert np.abs(wave.x).max() <= 1
    assert wave.y.mean() == pytest.approx(0)
    assert wave.grid[[0, -1]].tolist() == [-1, 1]


def test_without_noise_points_and_grid_lie_on_the_same_wave():
    wave = noisy_wave(5, noise=0.0, rng=np.random.default_rng(1), n_held_out=50)
    offset = wave.truth[0] - np.sin(-4)
    assert wave.truth == pytest.approx(np.sin(4 * wave.grid) + offset)
    assert wave.y == pytest.approx(np.sin(4 * wave.x) + offset)


@pytest.mark.parametrize("options", [{"n": 1, "noise": 0.1}, {"n": 3, "noise": -0.1}])
def test_an_impossible_wave_is_told(options):
    with pytest.raises(TegnasError, match="at least 2 points and noise ≥ 0"):
        noisy_wave(options["n"], noise=options["noise"], rng=np.random.default_rng(0))


def test_the_network_is_its_equation():
    network = OneHiddenLayer(7, seed=3)
    W, v = network.hidden.weight.detach().numpy(), network.out.weight.detach().numpy()[0]
    by_units = [sum(v[j] * max(W[j, 0] * x + W[j, 1], 0) for j in range(7)) for x in X]
    assert network(column(X))[:, 0].detach().numpy() == pytest.approx(np.sqrt(2 / 7) * np.array(by_units))


def test_a_seed_fixes_the_weights():
    a, b, other = (OneHiddenLayer(4, seed=seed)(column(X)) for seed in (1, 1, 2))
    assert torch.equal(a, b)
    assert not torch.equal(a, other)


def test_a_network_without_units_is_told():
    with pytest.raises(TegnasError, match="at least 1 unit, got 0"):
        OneHiddenLayer(0, seed=0)


@pytest.mark.parametrize("names", [("hidden.weight", "out.weight"), ("out.weight",)])
def test_the_infinite_kernel_is_the_mean_over_many_networks(names):
    draws = []
    for seed in range(40):
        rows = plain_jacobian(OneHiddenLayer(2000, seed=seed), column(X), names)
        draws.append(ntk(rows).numpy())
    error = np.std(draws, axis=0) / np.sqrt(len(draws))
    expected = infinite_kernel(X, last_layer=len(names) == 1)
    assert (np.abs(np.mean(draws, axis=0) - expected) < 4 * error).all()
    assert error.max() < 0.03


def test_the_diagonal_counts_every_unit_in_half_of_the_directions():
    """At x' = x each layer gives ‖(x, 1)‖²."""
    assert np.diag(infinite_kernel(X)) == pytest.approx(2 * (X**2 + 1))
    assert np.diag(infinite_kernel(X, last_layer=True)) == pytest.approx(X**2 + 1)


def test_the_infinite_kernel_of_two_sides_is_a_part_of_the_whole():
    whole = infinite_kernel(X)
    assert infinite_kernel(X[:2], X) == pytest.approx(whole[:2])
    assert whole == pytest.approx(whole.T)
    assert np.linalg.eigvalsh(whole)[0] > 0
