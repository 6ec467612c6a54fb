"""The plain-torch Jacobian, exact and frozen, equals its slow twins; so does a chunk of it."""

import pytest
import torch
from oracles import jacobians as twins
from oracles import small_networks as nets
from oracles.closeness import assert_same_jacobian, gram, relative_error
from torch import nn

from tegnas_core.engine import batched
from tegnas_core.indicators.jacobians import jacobian, plain_jacobian, select_parameters

TOLERANCE = {torch.float32: 1e-4, torch.float64: 1e-9}
ODD = nets.odd_networks()


@pytest.mark.parametrize("architecture", nets.CELLS, ids=str)
def test_exact_equals_the_twin_for_every_parameter_in_both_precisions(architecture):
    network, x = nets.proxy(architecture), nets.images(5)
    names = select_parameters(network, "all")
    expected = twins.by_jacrev(network, x, names)
    for dtype in (torch.float64, torch.float32):
        found = jacobian(network.to(dtype), x.to(dtype), names, way="batched")
        assert_same_jacobian(found, expected, TOLERANCE[dtype])


@pytest.mark.parametrize("architecture", nets.CELLS, ids=str)
def test_frozen_equals_single_images_with_constant_statistics(architecture):
    network, x = nets.proxy(architecture), nets.images(5)
    names = select_parameters(network, "all")
    expected = twins.frozen(network, x, names)
    for dtype in (torch.float64, torch.float32):
        found = jacobian(network.to(dtype), x.to(dtype), names, batch_norm="frozen")
        assert {block.dtype for block in found.values()} == {dtype}
        assert_same_jacobian(found, expected, TOLERANCE[dtype])


def test_frozen_is_another_kernel_than_exact():
    network, x = nets.proxy(nets.CELLS[3]), nets.images(6)
    names = select_parameters(network, "weights")
    exact, frozen = (gram(jacobian(network, x, names, batch_norm=kind)) for kind in ("exact", "frozen"))
    assert relative_error(frozen, exact) > 0.01


@pytest.mark.parametrize("which", ["weights", "all", "cells", "last"])
@pytest.mark.parametrize("logit", [None, 3])
def test_every_kind_of_parameter_and_single_logits(which, logit):
    network, x = nets.proxy(nets.CELLS[-2]), nets.images(5)
    names = select_parameters(network, which)
    v = None if logit is None else torch.eye(5).double()[logit]
    exact = jacobian(network, x, names, logit_weights=v, way="batched")
    assert_same_jacobian(exact, twins.by_jacrev(network, x, names, v), 1e-9)
    frozen = jacobian(network, x, names, logit_weights=v, batch_norm="frozen")
    assert_same_jacobian(frozen, twins.frozen(network, x, names, v), 1e-9)


@pytest.mark.parametrize("case", ODD)
def test_odd_layers_and_meetings(case):
    network, x = ODD[case]
    names = select_parameters(network, "all")
    assert_same_jacobian(jacobian(network, x, names, way="batched"), plain_jacobian(network, x, names), 1e-9)
    frozen = jacobian(network, x, names, batch_norm="frozen")
    assert_same_jacobian(frozen, twins.frozen(network, x, names), 1e-9)


@pytest.mark.parametrize(
    "layer",
    [nn.Conv2d(3, 4, 3, padding=0), nn.Conv2d(3, 4, (1, 3)), nn.Conv2d(3, 4, 2), nn.AvgPool2d(3, 2, 1)],
    ids=str,
)
def test_windows_that_only_this_way_knows(layer):
    head = (nn.Conv2d(layer.out_channels if isinstance(layer, nn.Conv2d) else 3, 2, 1), nn.Flatten())
    network, x = nn.Sequential(nn.Conv2d(3, 3, 1), layer, *head).double(), nets.images(4, size=6)
    names = select_parameters(network, "all")
    assert_same_jacobian(jacobian(network, x, names, way="batched"), plain_jacobian(network, x, names), 1e-9)


@pytest.mark.parametrize("n_bytes", [1, 50_000])
def test_chunks_give_the_same_rows(monkeypatch, n_bytes):
    network, x = nets.proxy(nets.CELLS[-1]), nets.images(7)
    names = select_parameters(network, "all")
    whole = jacobian(network, x, names, way="batched")
    monkeypatch.setattr(batched, "_CHUNK_BYTES", n_bytes)
    assert_same_jacobian(jacobian(network, x, names, way="batched"), whole, 1e-12)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
@pytest.mark.parametrize("batch_norm", ["exact", "frozen"])
def test_a_gpu_gives_the_same_kernel(batch_norm):
    network, x = nets.proxy(nets.CELLS[-1]).float(), nets.images(33, dtype=torch.float32)
    names = select_parameters(network, "weights")
    expected = gram(jacobian(network, x, names, batch_norm=batch_norm))
    found = gram(jacobian(network.cuda(), x.cuda(), names, batch_norm=batch_norm))
    assert relative_error(found.cpu(), expected) <= 1e-4
