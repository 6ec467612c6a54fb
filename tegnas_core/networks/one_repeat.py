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
        settings: Width, cells, initialisation and precision.
        role: "kernel" for κ and MSE, "regions" for R: their weights are independent.
        n_classes: Number of logits.
        seed: With `repeat` it fixes every weight.
        repeat: Which of the repeats.
        device: Where the network lives; its weights are drawn on the CPU, so they do not depend on it.
        networks: How the architecture's space builds it; None takes those of NAS-Bench-201.
    """
    network = (networks or NASBench201Networks()).build(architecture, settings, role, n_classes=n_classes)
    initialise(network, settings.initialisation, seed=(seed, "repeat", repeat, role))
    return network.to(device=device, dtype=getattr(torch, settings.precision)).train()
