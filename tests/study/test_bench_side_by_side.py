"""Networks side by side have the Jacobians that they have alone."""

import pytest
import torch
from oracles import darts_networks as darts
from oracles import small_networks as nets
from oracles.closeness import assert_same_jacobian
from torch import nn

from tegnas_core.engine.tape import record, run
from tegnas_core.engine.tracing import UnknownLayer, layers
from tegnas_core.indicators.jacobians import jacobian, plain_jacobian, select_parameters
from tegnas_study.bench.side_by_side import jacobians, side_by_side


def repeats(architecture, n: int = 3) -> tuple[list[nn.Module], list[torch.Tensor]]:
    networks = [nets.with_random_numbers(nets.proxy(architecture), seed=seed) for seed in range(1, n + 1)]
    return networks, [nets.images(4, size=8) + seed for seed in range(n)]


@pytest.mark.parametrize("batch_norm", ["exact", "frozen"])
@pytest.mark.parametrize("architecture", nets.CELLS, ids=str)
def test_every_network_has_the_jacobian_it_has_alone(architecture, batch_norm):
    networks, images = repeats(architecture)
    names = select_parameters(networks[0], "all")
    found = jacobians(networks, images, names, batch_norm=batch_norm)
    for network, x, block in zip(networks, images, found, strict=True):
        expected = jacobian(network, x, names, batch_norm=batch_norm, way="batched")
        assert_same_jacobian(block, expected, 1e-9)


@pytest.mark.parametrize("which", ["weights", "cells", "last"])
def test_some_parameters_of_one_logit(which):
    networks, images = repeats(nets.CELLS[-1], 2)
    names, v = select_parameters(networks[0], which), torch.eye(5).double()[2]
    for network, x, found in zip(
        networks, images, jacobians(networks, images, names, logit_weights=v), strict=True
    ):
        assert_same_jacobian(found, jacobian(network, x, names, logit_weights=v, way="batched"), 1e-9)


@pytest.mark.parametrize("case", nets.odd_networks())
def test_odd_layers_twice(case):
    network, x = nets.odd_networks()[case]
    names = select_parameters(network, "all")
    first, second = jacobians([network, network], [x, x], names)
    assert_same_jacobian(first, jacobian(network, x, names, way="batched"), 1e-9)
    assert_same_jacobian(second, first, 0)


def test_the_logits_are_those_of_the_networks():
    networks, images = repeats(nets.CELLS[3])
    tape = run(side_by_side([layers(network) for network in networks]), torch.cat(images, 1))
    expected = [record(network, x)[-1].value for network, x in zip(networks, images, strict=True)]
    torch.testing.assert_close(tape[-1].value, torch.cat(expected, 1))


def test_other_architectures_are_refused():
    with pytest.raises(UnknownLayer, match="same structure"):
        side_by_side([layers(nets.proxy(nets.CELLS[i])) for i in (0, 1)])


def test_genotypes_side_by_side():
    networks = [darts.random_network(3, c=2) for _ in range(2)]
    nets.with_random_numbers(networks[1])
    images = [nets.images(n, size=8)[:4] for n in (4, 5)]
    names = select_parameters(networks[0], "all")
    for network, x, found in zip(networks, images, jacobians(networks, images, names), strict=True):
        assert_same_jacobian(found, plain_jacobian(network, x, names), 1e-9)
