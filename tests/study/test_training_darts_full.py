"""The networks at full size, small: shapes, the second classifier, stochastic depth, norms behind pools."""

import pytest
import torch
from torch import nn

from tegnas_core.spaces.named_genotypes import NAMED
from tegnas_study.training.darts_full import FullNetwork
from tegnas_study.training.darts_skeleton import DartsSkeleton

GENOTYPE = NAMED["TEGNAS_RL"]
SMALL = {"width": 4, "n_cells": 5, "n_classes": 7}


def images(size: int = 32) -> torch.Tensor:
    return torch.randn(4, 3, size, size, generator=torch.Generator().manual_seed(0))


def small(**changes) -> FullNetwork:
    torch.manual_seed(0)
    return FullNetwork(changes.pop("genotype", GENOTYPE), DartsSkeleton(**{**SMALL, **changes}))


@pytest.mark.parametrize(("stem", "size", "last"), [("cifar", 32, 8), ("imagenet", 64, 2)])
def test_maps_are_as_large_as_the_skeleton_says(stem, size, last):
    network = small(stem=stem, size=size)
    shapes = []
    for cell in network.cells:
        cell.register_forward_hook(lambda _, __, output: shapes.append(tuple(output.shape[1:])))
    assert network(images(size)).shape == (4, 7)
    assert shapes == [(4 * place.channels, place.size, place.size) for place in network.skeleton.cells]
    assert shapes[-1][1] == last


@pytest.mark.parametrize(("stem", "size"), [("cifar", 32), ("imagenet", 224)])
def test_the_second_classifier_speaks_in_train_mode_only(stem, size):
    network = small(stem=stem, size=size, auxiliary=True)
    logits, auxiliary = network(images(size))
    assert logits.shape == auxiliary.shape == (4, 7)
    assert not torch.allclose(logits, auxiliary)
    auxiliary.sum().backward()
    after = network.cells[network.skeleton.reductions[1] + 1]
    assert all(parameter.grad is None for parameter in after.parameters())  # it hangs on the second reduction cell
    assert any(parameter.grad is not None for parameter in network.cells[3].parameters())
    assert network.eval()(images(size)).shape == (4, 7)


def test_its_parameters_come_on_top():
    without, with_it = small(), small(auxiliary=True)
    more = {name for name, _ in with_it.named_parameters()} - {name for name, _ in without.named_parameters()}
    assert more and all(name.startswith("auxiliary.") for name in more)


def test_stochastic_depth_changes_what_is_trained():
    network = small()
    plain = network(images())
    network.drop_path.p = 0.5
    assert not torch.allclose(plain, network(images()))


def test_stochastic_depth_drops_all_operations_but_the_identity():
    network = small()
    network.drop_path.p = 1.0
    x = torch.randn(4, 12, 8, 8)
    nodes = network.cells[0](x, x).unflatten(1, (4, 4))
    skips = [node for node in range(4) if "skip_connect" in dict(GENOTYPE.node("normal", node))]
    assert skips and [node for node in range(4) if nodes[:, node].abs().max() > 0] == skips


def test_nothing_is_dropped_when_the_network_is_judged():
    network = small().eval()
    network.drop_path.p = 0.9
    assert torch.equal(network(images()), network(images()))


def test_a_norm_behind_every_pool_on_demand():
    pools = (nn.AvgPool2d, nn.MaxPool2d)
    for wanted in (False, True):
        cells = small(pool_norm=wanted).cells
        edges = [module for cell in cells for module in cell.edges.values()]
        bare = sum(isinstance(module, pools) for module in edges)
        normed = sum(isinstance(module, nn.Sequential) and isinstance(module[0], pools) for module in edges)
        assert (bare > 0, normed > 0) == (not wanted, wanted)


def test_norms_keep_averages_and_gradients_reach_everything():
    network = small(auxiliary=True)
    assert all(module.track_running_stats for module in network.modules() if isinstance(module, nn.BatchNorm2d))
    logits, auxiliary = network(images())
    (logits + 0.4 * auxiliary).square().sum().backward()
    assert all(p.grad is not None and torch.isfinite(p.grad).all() for p in network.parameters())
