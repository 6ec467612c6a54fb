"""The compiled frozen Jacobian equals images one by one with constant statistics, and the plain-torch way."""

import numpy as np
import pytest
import torch
from oracles import jacobians as twins
from oracles import small_networks as nets
from oracles.closeness import assert_same_jacobian, gram, relative_error
from torch import nn

from tegnas_core.engine import frozen
from tegnas_core.engine.lanes import LANES
from tegnas_core.engine.tape import record
from tegnas_core.engine.tracing import UnknownLayer, layers
from tegnas_core.indicators.jacobians import jacobian, select_parameters

pytestmark = pytest.mark.slow

TOLERANCE = {torch.float32: 1e-4, torch.float64: 1e-9}
FROZEN = {"batch_norm": "frozen", "way": "reverse"}
ODD = nets.odd_networks()


@pytest.mark.parametrize("architecture", nets.CELLS, ids=str)
def test_equals_single_images_with_constant_statistics(architecture):
    network, x = nets.proxy(architecture), nets.images(5)
    names = select_parameters(network, "all")
    expected = twins.frozen(network, x, names)
    for dtype in (torch.float64, torch.float32):
        for way in ("reverse", "batched"):
            found = jacobian(network.to(dtype), x.to(dtype), names, batch_norm="frozen", way=way)
            assert {block.dtype for block in found.values()} == {dtype}
            assert_same_jacobian(found, expected, TOLERANCE[dtype])


@pytest.mark.parametrize("n", [1, LANES - 1, LANES, LANES + 1, 2 * LANES + 3])
def test_any_number_of_images_fits_into_lanes(n):
    """Lanes without an image take no part in the statistics."""
    network, x = nets.proxy(nets.CELLS[-1]), nets.images(n, size=8)
    names = select_parameters(network, "all")
    expected = jacobian(network, x, names, batch_norm="frozen", way="batched")
    assert_same_jacobian(jacobian(network, x, names, **FROZEN), expected, 1e-9)


@pytest.mark.parametrize("architecture", nets.CELLS[::4], ids=str)
def test_33_images_in_single_precision(architecture):
    network, x = nets.proxy(architecture), nets.images(33)
    names = select_parameters(network, "weights")
    expected = gram(jacobian(network, x, names, batch_norm="frozen", way="batched"))
    found = gram(jacobian(network.float(), x.float(), names, **FROZEN))
    assert relative_error(found, expected) <= 1e-4


@pytest.mark.parametrize("which", ["weights", "all", "cells", "last"])
@pytest.mark.parametrize("logit", [None, 0, 4])
def test_every_kind_of_parameter_and_single_logits(which, logit):
    network, x = nets.proxy(nets.CELLS[-2]), nets.images(5)
    names = select_parameters(network, which)
    v = None if logit is None else torch.eye(5).double()[logit]
    found = jacobian(network, x, names, logit_weights=v, **FROZEN)
    assert_same_jacobian(found, twins.frozen(network, x, names, v), 1e-9)


@pytest.mark.parametrize("case", ODD)
def test_odd_layers_and_meetings(case):
    network, x = ODD[case]
    names = select_parameters(network, "all")
    expected = jacobian(network, x, names, batch_norm="frozen", way="batched")
    assert_same_jacobian(jacobian(network, x, names, **FROZEN), expected, 1e-9)


@pytest.mark.parametrize("architecture", nets.CELLS[::3], ids=str)
def test_the_forward_pass_is_that_of_torch(architecture):
    network, x = nets.proxy(architecture), nets.images(LANES + 3)
    for found, expected in zip(frozen.forward(layers(network), x), record(network, x), strict=True):
        value = np.moveaxis(found.value, -1, 1).reshape(-1, *found.value.shape[1:-1])[: len(x)]
        torch.testing.assert_close(
            torch.from_numpy(value), expected.value.flatten(2) if expected.value.dim() > 2 else expected.value
        )


def test_the_same_numbers_every_time():
    network, x = nets.proxy(nets.CELLS[3]).float(), nets.images(6, dtype=torch.float32)
    names = select_parameters(network, "all")
    first, second = (jacobian(network, x, names, **FROZEN) for _ in range(2))
    assert all(torch.equal(first[name], second[name]) for name in names)


def test_windows_without_a_compiled_rule_take_the_plain_torch_way():
    network = nn.Sequential(nn.Conv2d(3, 4, 2), nn.ReLU(), nn.Conv2d(4, 2, 1), nn.Flatten()).double()
    names, x = select_parameters(network, "all"), nets.images(4, size=6)
    with pytest.raises(UnknownLayer):
        jacobian(network, x, names, **FROZEN)
    expected = jacobian(network, x, names, batch_norm="frozen", way="batched")
    assert_same_jacobian(jacobian(network, x, names, batch_norm="frozen"), expected, 0)
