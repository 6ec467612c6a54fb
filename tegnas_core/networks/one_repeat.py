"""The network that one repeat of an indicator looks at."""

from collections.abc import Hashable

import torch
from torch import nn

from tegnas_core.networks.initialisation import initialise
from tegnas_core.networks.nasbench201 import NASBench201Networks
from tegnas_core.networks.proxy import ProxyNetworks, Role
from tegnas_core.settings import IndicatorSettings


def proxy_network(
    architecture: Hashable,
    settings: IndicatorSettings,
    role: Role,
    *,
    n_classes: int,
    seed: int,
    repeat: int,
    device: str | torch.device = "cpu",
    networks: ProxyNetworks | None = None,
) -> nn.Module:
    """Return the initialised network in train mode that one repeat of an indicator looks at.

    Args:
        architecture: What the cells compute.
        settings: They say how wide and deep the network is, how it is initialised, and in which precision it runs.
        role: "kernel" for κ and MSE, "regions" for R. The two networks have independent weights.
        n_classes: Number of logits.
        seed: Together with `repeat` it determines every weight.
        repeat: The number of the repeat, from 0.
        device: The device that the network is moved to; its weights are drawn on the CPU and do not depend on it.
        networks: How the architecture's space builds it; None takes the networks of NAS-Bench-201.

    >>> from tegnas_core import Architecture, make_settings
    >>> cell, settings = Architecture(("nor_conv_3x3",) * 6), make_settings("teg")
    >>> network = proxy_network(cell, settings, "kernel", n_classes=10, seed=0, repeat=0)
    >>> sum(parameter.numel() for parameter in network.parameters())
    13291
    """
    network = (networks or NASBench201Networks()).build(architecture, settings, role, n_classes=n_classes)
    initialise(network, settings.initialisation, seed=(seed, "repeat", repeat, role))
    return network.to(device=device, dtype=getattr(torch, settings.precision)).train()
