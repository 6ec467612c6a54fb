"""The network that a protocol trains, and its weights at the start."""

from collections.abc import Hashable

import torch
from torch import nn

from tegnas_core.errors import TegnasError
from tegnas_core.networks import build_network
from tegnas_core.networks.initialisation import initialise
from tegnas_core.spaces.genotype import Genotype
from tegnas_study.training.darts_full import FullNetwork
from tegnas_study.training.darts_skeleton import DartsSkeleton
from tegnas_study.training.protocols import Protocol

_AUXILIARY_NEEDS = {"cifar": 32, "imagenet": 224}  # pixels


def new_network(
    architecture: Hashable, protocol: Protocol, *, n_classes: int, image_size: int, seed: int
) -> nn.Module:
    """Return a network with the weights that the training starts from, PyTorch's default drawn from the seed.

    Args:
        architecture: What the cells compute.
        protocol: Width, cells, and the layers that it asks for.
        n_classes: Number of logits.
        image_size: Height and width of the images in pixels.
        seed: Fixes the weights.

    Raises:
        TegnasError: When the images do not suit the network.
    """
    with torch.random.fork_rng(devices=[]):  # layers draw weights when they are made, which are drawn anew below
        if protocol.skeleton == "benchmark":
            sizes = {"width": protocol.width, "cells_per_stage": protocol.cells, "n_classes": n_classes}
            network = with_running_averages(build_network(architecture, **sizes))
        else:
            network = FullNetwork(architecture, _skeleton(protocol, n_classes, image_size))
    return initialise(network, "torch_default", seed=(seed, "training"))


def has_dead_ends(architecture: Hashable) -> bool:
    """Say whether some weights of an architecture's network have no way to the output.

    Cells of NAS-Bench-201 may have edges that lead nowhere. A genotype stacks all its nodes, so it has dead ends
    only where no operation but ``none`` reads one of a cell's two inputs, which a layer of weights prepares.
    """
    if not isinstance(architecture, Genotype):
        return True
    cells = architecture.normal, architecture.reduce
    return not all({0, 1} <= {source for name, source in cell if name != "none"} for cell in cells)


def _skeleton(protocol: Protocol, n_classes: int, image_size: int) -> DartsSkeleton:
    needs = _AUXILIARY_NEEDS[protocol.skeleton]
    if protocol.auxiliary and image_size != needs:
        raise TegnasError(
            f"the auxiliary head of {protocol.name} needs images of {needs} pixels, these have {image_size}; "
            "take other images, or a smaller --size, which has no such head"
        )
    return DartsSkeleton(
        protocol.skeleton,
        image_size,
        n_classes,
        protocol.width,
        protocol.cells,
        auxiliary=protocol.auxiliary > 0,
        pool_norm=protocol.pool_norm,
    )


def with_running_averages(network: nn.Module) -> nn.Module:
    """Let every batch-norm keep running averages, which untrained networks do without; changed in place."""
    for module in network.modules():
        for name, child in module.named_children():
            if isinstance(child, nn.BatchNorm2d) and not child.track_running_stats:
                setattr(module, name, nn.BatchNorm2d(child.num_features, affine=child.affine))
    return network


def n_parameters(network: nn.Module) -> int:
    """Return the number of trainable numbers, without the auxiliary head, as the literature counts."""
    named = network.named_parameters()
    return sum(parameter.numel() for name, parameter in named if not name.startswith("auxiliary."))


def new_optimiser(network: nn.Module, protocol: Protocol) -> torch.optim.Optimizer:
    """Return SGD as the protocol asks for it."""
    return torch.optim.SGD(
        network.parameters(),
        lr=protocol.learning_rate,
        momentum=protocol.momentum,
        weight_decay=protocol.weight_decay,
        nesterov=protocol.nesterov,
    )
