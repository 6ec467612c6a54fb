"""The compiled reverse pass equals the slow twin: every operation, kind of parameter, odd layer and batch size."""

import pytest
import torch
from oracles import jacobians as twins
from oracles import small_networks as nets
from oracles.closeness import assert_same_jacobian, gram, relative_error
from torch import nn

from tegnas_core.engine.lanes import LANES
from tegnas_core.indicators.jacobians import jacobian, plain_jacobian, select_parameters

TOLERANCE = {torch.float32: 1e-4, torch.float64: 1e-9}
ODD = nets.odd_networks()


@pytest.mark.parametrize("architecture", nets.CELLS, ids=str)
def test_equals_the_twin_for_every_parameter_in_both_precisions(architecture):
    network, x = nets.proxy(architecture), nets.images(5)
    names = select_parameters(network, "all")
    expected = twins.by_jacrev(network, x, names)
    for dtype in (torch.float64, torch.float32):
        found = jacobian(network.to(dtype), x.to(dtype), names, way="reverse")
        assert {block.dtype for block in found.values()} == {dtype}
        assert_same_jacobian(found, expected, TOLERANCE[dtype])


@pytest.mark.parametrize("n", [2, LANES - 1, LANES, LANES + 1, 2 * LANES + 3])
def test_any_number_of_images_fits_into_lanes(n):
    network, x = nets.proxy(nets.CELLS[-1]), nets.images(n, size=8)
    names = select_parameters(network, "all")
    assert_same_jacobian(jacobian(network, x, names, way="reverse"), plain_jacobian(network, x, names), 1e-9)


@pytest.mark.parametrize("architecture", nets.CELLS[::4], ids=str)
def test_33_images_in_single_precision(architecture):
    network, x = nets.proxy(architecture), nets.images(33)
    names = select_parameters(network, "weights")
    expected = gram(plain_jacobian(network, x, names))
    found = gram(jacobian(network.float(), x.float(), names, way="reverse"))
    assert relative_error(found, expected) <= 1e-4


@pytest.mark.parametrize("which", ["weights", "all", "cells", "last"])
@pytest.mark.parametrize("logit", [None, 0, 4])
def test_every_kind_of_parameter_and_single_logits(which, logit):
    """Fewer parameters end the reverse pass earlier: other branches of the code."""
    network, x = nets.proxy(nets.CELLS[-2]), nets.images(5)
    names = select_parameters(network, which)
    v = None if logit is None else torch.eye(5).double()[logit]
    found = jacobian(network, x, names, logit_weights=v, way="reverse")
    assert_same_jacobian(found, twins.by_jacrev(network, x, names, v), 1e-9)


@pytest.mark.parametrize("name", [name for name, _ in nets.proxy(nets.CELLS[3]).named_parameters()][::3])
def test_a_single_parameter(name):
    network, x = nets.proxy(nets.CELLS[3]), nets.images(4, size=8)
    found, expected = jacobian(network, x, (name,), way="reverse"), plain_jacobian(network, x, (name,))
    assert found.keys() == expected.keys()
    torch.testing.assert_close(found[name], expected[name], rtol=1e-9, atol=1e-12)  # some are zero


@pytest.mark.parametrize("case", ODD)
def test_odd_layers_and_meetings(case):
    network, x = ODD[case]
    names = select_parameters(network, "all")
    assert_same_jacobian(jacobian(network, x, names, way="reverse"), plain_jacobian(network, x, names), 1e-9)


def test_a_disconnected_cell_has_zero_gradients():
    network, x = nets.proxy(nets.CELLS[6]), nets.images(4)
    found = jacobian(network, x, select_parameters(network, "all"), way="reverse")
    assert found["cells.0.edges.0_1_nor_conv_1x1.convolution.weight"].abs().max() == 0
    assert found["head.classifier.bias"].abs().max() == 1


def test_the_same_numbers_every_time():
    network, x = nets.proxy(nets.CELLS[3]).float(), nets.images(6, dtype=torch.float32)
    names = select_parameters(network, "all")
    first, second = (jacobian(network, x, names, way="reverse") for _ in range(2))
    assert all(torch.equal(first[name], second[name]) for name in names)


def test_images_of_any_memory_layout():
    network, x = nets.proxy(nets.CELLS[3]), nets.images(4)
    names = select_parameters(network, "all")
    last = x.contiguous(memory_format=torch.channels_last)
    assert_same_jacobian(
        jacobian(network, last, names, way="reverse"), jacobian(network, x, names, way="reverse"), 1e-9
    )


def test_a_relu_exactly_at_zero_lets_nothing_through():
    """As in PyTorch, whose derivative of a ReLU at zero is zero."""
    network = nn.Sequential(
        nn.Conv2d(1, 1, 1, bias=False), nn.ReLU(), nn.Conv2d(1, 1, 1, bias=False), nn.Flatten()
    )
    network = network.double()
    x = torch.zeros(2, 1, 2, 2).double()
    x[1, 0, 0, 0] = 1.0
    network[0].weight.data.fill_(1.0)
    names = select_parameters(network, "all")
    found = jacobian(network, x, names, way="reverse")
    assert_same_jacobian(found, plain_jacobian(network, x, names), 1e-12)
