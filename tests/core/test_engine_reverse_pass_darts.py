"""The compiled reverse pass equals the slow twin for the layers and networks of the DARTS space."""

import pytest
import torch
from oracles import darts_networks as darts
from oracles import small_networks as nets
from oracles.closeness import assert_same_jacobian
from torch import nn

from tegnas_core.engine.lanes import LANES
from tegnas_core.engine.tracing import UnknownLayer
from tegnas_core.indicators.jacobians import jacobian, plain_jacobian, select_parameters

ODD = darts.odd_layers()


@pytest.mark.parametrize("way", ["reverse", "batched"])
@pytest.mark.parametrize("case", ODD)
def test_odd_layers(case, way):
    network, x = ODD[case]
    names = select_parameters(network, "all")
    assert_same_jacobian(jacobian(network, x, names, way=way), plain_jacobian(network, x, names), 1e-9)


@pytest.mark.parametrize("c", [1, 2])
@pytest.mark.parametrize("reduce_first", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_random_genotypes_in_both_precisions(seed, reduce_first, c):
    network, x = darts.random_network(seed, c=c, reduce_first=reduce_first), nets.images(LANES + 3, size=12)
    names = select_parameters(network, "all")
    expected = plain_jacobian(network, x, names)
    assert_same_jacobian(jacobian(network, x, names, way="reverse"), expected, 1e-9)
    found = jacobian(network.float(), x.float(), names, way="reverse")
    assert_same_jacobian(found, expected, 1e-5)


@pytest.mark.parametrize("names", [darts.OPERATIONS, darts.TOPOLOGY], ids=["DARTS", "NAS-Bench-201"])
def test_supernets_of_mixed_edges(names):
    network, x = darts.supernet(0, names), nets.images(4, size=8)
    parameters = select_parameters(network, "all")
    expected = plain_jacobian(network, x, parameters)
    for way in ("reverse", "batched"):
        assert_same_jacobian(jacobian(network, x, parameters, way=way), expected, 1e-9)


@pytest.mark.parametrize("part", ["first.before.0", "first.edges", "second.edges", "second.before", "stem.0"])
def test_some_parameters_end_the_pass_earlier(part):
    network, x = darts.random_network(7), nets.images(4, size=10)
    names = tuple(name for name in select_parameters(network, "all") if name.startswith(part))
    assert_same_jacobian(jacobian(network, x, names, way="reverse"), plain_jacobian(network, x, names), 1e-9)


def test_frozen_statistics_take_the_plain_torch_way():
    network, x = darts.random_network(0), nets.images(4, size=8)
    names = select_parameters(network, "all")
    with pytest.raises(UnknownLayer, match="frozen"):
        jacobian(network, x, names, batch_norm="frozen", way="reverse")
    expected = jacobian(network, x, names, batch_norm="frozen", way="batched")
    assert_same_jacobian(jacobian(network, x, names, batch_norm="frozen"), expected, 0)


@pytest.mark.parametrize(
    "layer",
    [
        nn.Conv2d(3, 3, 3, groups=3),
        nn.Conv2d(3, 3, 3, padding=1, dilation=2),
        nn.AvgPool2d(3, 2, 1),
        nn.AvgPool2d(3, 3, 1, count_include_pad=False),
    ],
    ids=str,
)
def test_windows_without_a_compiled_rule_are_refused(layer):
    network = nn.Sequential(nn.Conv2d(3, 3, 1), layer, nn.Flatten()).double()
    with pytest.raises(UnknownLayer):
        jacobian(network, nets.images(3, size=8), select_parameters(network, "all"), way="reverse")


def test_of_equal_pixels_the_same_one_wins_as_in_torch():
    pool, convolution = nn.MaxPool2d(3, 2, 1), nn.Conv2d(1, 1, 3, padding=1)
    network = nn.Sequential(nn.Conv2d(1, 1, 1), nn.ReLU(), pool, convolution, nn.Flatten())
    network, x = darts.numbered(network, 0), torch.ones(2, 1, 6, 6).double()
    x[1, 0, 2] = 0
    for way in ("reverse", "batched"):
        found = jacobian(network, x, ("0.weight",), way=way)
        assert_same_jacobian(found, plain_jacobian(network, x, ("0.weight",)), 1e-12)
