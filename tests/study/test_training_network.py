"""The networks that protocols train are the literature's, and start from the seed."""

from dataclasses import replace

import pytest
import torch
from command_line import RICH
from torch import nn

from tegnas_core import Architecture
from tegnas_core.errors import TegnasError
from tegnas_core.spaces import NAMED
from tegnas_study.tables.darts_sizes import genotype_complexity
from tegnas_study.tables.sizes import Skeleton, complexity_of
from tegnas_study.training.darts_skeleton import DartsSkeleton
from tegnas_study.training.network import n_parameters, new_network, new_optimiser
from tegnas_study.training.protocols import protocol_named

CELL, GENOTYPE = Architecture.parse(RICH), NAMED["DARTS_V2"]
SIZES = {"n_classes": 10, "image_size": 32}


def test_parameters_are_those_of_the_closed_forms():
    benchmark, darts = protocol_named("nas-bench-201", "zoo"), protocol_named("darts-cifar10", "quick")
    assert n_parameters(new_network(CELL, benchmark, **SIZES, seed=0)) == (
        complexity_of(CELL, Skeleton(width=8, cells_per_stage=1)).parameters
    )
    skeleton = DartsSkeleton(width=4, n_cells=3)
    assert n_parameters(new_network(GENOTYPE, darts, **SIZES, seed=0)) == (
        genotype_complexity(GENOTYPE, skeleton).parameters
    )


def test_the_auxiliary_head_is_not_counted_and_needs_its_size():
    protocol = replace(protocol_named("darts-cifar10", "quick"), auxiliary=0.4)
    network = new_network(GENOTYPE, protocol, **SIZES, seed=0)
    assert network.auxiliary is not None
    assert n_parameters(network) == n_parameters(
        new_network(GENOTYPE, replace(protocol, auxiliary=0), **SIZES, seed=0)
    )
    with pytest.raises(TegnasError, match="needs images of 32 pixels, these have 16"):
        new_network(GENOTYPE, protocol, n_classes=10, image_size=16, seed=0)


def test_every_batch_norm_keeps_running_averages():
    network = new_network(CELL, protocol_named("nas-bench-201", "quick"), **SIZES, seed=0)
    norms = [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    assert len(norms) == 21 and all(norm.track_running_stats for norm in norms)


def test_weights_follow_from_the_seed_alone():
    protocol = protocol_named("darts-cifar10", "quick")
    torch.manual_seed(1)
    first, again, other = (new_network(GENOTYPE, protocol, **SIZES, seed=seed) for seed in (0, 0, 1))
    for (name, a), b, c in zip(first.named_parameters(), again.parameters(), other.parameters(), strict=True):
        assert a.equal(b)
        assert a.dim() < 2 or not a.equal(c), name


def test_the_optimiser_is_the_protocols():
    network = nn.Linear(2, 2)
    group = new_optimiser(network, protocol_named("nas-bench-201")).param_groups[0]
    assert (group["lr"], group["momentum"], group["weight_decay"], group["nesterov"]) == (0.1, 0.9, 5e-4, True)
