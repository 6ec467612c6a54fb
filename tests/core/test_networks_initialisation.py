"""Named initialisations: their distributions, and weights that depend on their own name only."""

import math
from typing import get_args

import pytest
import torch
from scipy import stats
from torch import nn

from tegnas_core.errors import TegnasError
from tegnas_core.networks import build_network
from tegnas_core.networks.initialisation import SCHEMES, initialise
from tegnas_core.settings import Initialisation
from tegnas_core.spaces.architecture import Architecture

FAN_IN, FAN_OUT = 40 * 9, 60 * 9


def layers() -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(40, 60, 3), nn.BatchNorm2d(60), nn.Flatten(), nn.Linear(500, 100))


def weights(scheme: str, seed: int = 0) -> torch.Tensor:
    return initialise(layers(), scheme, seed=(seed,))[0].weight.detach().flatten()


@pytest.mark.parametrize(
    ("scheme", "distribution"),
    [
        ("kaiming_fan_in", stats.norm(0, math.sqrt(2 / FAN_IN))),
        ("kaiming_fan_out", stats.norm(0, math.sqrt(2 / FAN_OUT))),
        ("xavier", stats.norm(0, math.sqrt(2 / (FAN_IN + FAN_OUT)))),
        ("torch_default", stats.uniform(-1 / math.sqrt(FAN_IN), 2 / math.sqrt(FAN_IN))),
    ],
)
def test_weights_have_the_distribution_of_the_scheme(scheme, distribution):
    assert stats.kstest(weights(scheme).numpy(), distribution.cdf).pvalue > 1e-3


def test_orthogonal_rows_are_orthonormal():
    rows = weights("orthogonal").reshape(60, -1)
    torch.testing.assert_close(rows @ rows.T, torch.eye(60), rtol=0, atol=1e-5)


def test_a_linear_layer_counts_its_own_fans():
    weight = initialise(layers(), "kaiming_fan_in", seed=(0,))[3].weight.detach()
    assert stats.kstest(weight.flatten().numpy(), stats.norm(0, math.sqrt(2 / 500)).cdf).pvalue > 1e-3


@pytest.mark.parametrize("scheme", get_args(Initialisation))
def test_gains_are_one_shifts_zero_and_biases_as_the_scheme_says(scheme):
    network = layers()
    for parameter in network.parameters():
        parameter.data.fill_(7.0)
    initialise(network, scheme, seed=(0,))
    assert (network[1].weight == 1).all() and (network[1].bias == 0).all()
    assert not (network[0].weight == 7).any() and not (network[3].weight == 7).any()
    for layer, fan_in in ((network[0], FAN_IN), (network[3], 500)):
        if scheme == "torch_default":
            assert (
                stats.kstest(
                    layer.bias.detach().numpy(), stats.uniform(-(fan_in**-0.5), 2 * fan_in**-0.5).cdf
                ).pvalue
                > 1e-3
            )
        else:
            assert (layer.bias == 0).all()


def test_every_named_scheme_has_its_function():
    assert set(SCHEMES) == set(get_args(Initialisation))


@pytest.mark.parametrize("scheme", ["kaiming_norm", "kaiming_normal_fanout", "", "Xavier"])
def test_an_unknown_name_is_an_error_and_changes_nothing(scheme):
    """The released code asks for such a name and goes on with untouched weights."""
    network = layers()
    before = network[0].weight.clone()
    with pytest.raises(TegnasError, match=r"unknown initialisation .*; known are kaiming_fan_in, kaiming_fan_out"):
        initialise(network, scheme, seed=(0,))
    assert torch.equal(network[0].weight, before)


# What the weights depend on


@pytest.mark.parametrize("scheme", get_args(Initialisation))
def test_the_seed_gives_the_weights_and_nothing_else_does(scheme):
    first = weights(scheme, seed=5)
    torch.rand(10)
    assert torch.equal(weights(scheme, seed=5), first)
    assert not torch.equal(weights(scheme, seed=6), first)


def test_equal_layers_under_other_names_have_other_weights():
    network = initialise(nn.Sequential(nn.Linear(5, 5), nn.Linear(5, 5)), "kaiming_fan_in", seed=(0,))
    assert not torch.equal(network[0].weight, network[1].weight)


def test_the_global_generator_is_left_alone():
    network, before = layers(), torch.get_rng_state()
    for scheme in SCHEMES:
        initialise(network, scheme, seed=(0,))
    assert torch.equal(torch.get_rng_state(), before)


def test_an_operation_has_its_weights_whatever_the_rest_of_the_architecture():
    def state(*operations: str) -> dict[str, torch.Tensor]:
        network = build_network(Architecture(operations), width=3, cells_per_stage=2, n_classes=10)
        return initialise(network, "kaiming_fan_in", seed=(0, "x")).state_dict()

    first = state("nor_conv_3x3", "none", "nor_conv_1x1", "skip_connect", "nor_conv_3x3", "avg_pool_3x3")
    second = state("nor_conv_3x3", "nor_conv_3x3", "nor_conv_1x1", "nor_conv_1x1", "none", "none")
    common = first.keys() & second.keys()
    assert all(torch.equal(first[name], second[name]) for name in common)
    shared = {name for name in common if "edges" in name and "convolution" in name}
    assert shared == {
        f"cells.{place}.edges.{edge}.convolution.weight"
        for place in (0, 1, 3, 4, 6, 7)
        for edge in ("0_1_nor_conv_3x3", "1_2_nor_conv_1x1")
    }


def test_weights_are_pinned():
    """Published tables depend on these numbers."""
    found = initialise(nn.Linear(3, 1), "kaiming_fan_in", seed=(0, "repeat", 0, "kernel")).weight
    assert found.tolist()[0] == pytest.approx([-0.0290896, 0.9064261, 0.7346399], abs=1e-6)
