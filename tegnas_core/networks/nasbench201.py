"""NAS-Bench-201 as networks: the small proxy of κ and MSE, the thin one of R, the benchmark's own.

Parameter names carry the meaning: those under ``cells`` belong to the cells and the residual blocks between
them, ``stem`` comes before, ``head`` after.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import torch
from torch import Tensor, nn

from tegnas_core.networks.operations import ResidualBlock, batch_norm, build_operation
from tegnas_core.networks.proxy import Entry, Role
from tegnas_core.settings import IndicatorSettings
from tegnas_core.spaces import NASBench201
from tegnas_core.spaces.architecture import EDGES, N_NODES, Architecture
from tegnas_core.spaces.structure import is_connected

MakeCell = Callable[[int], nn.Module]  # channels → a cell that keeps the shape of its input


def what_to_build(architecture: Architecture, settings: IndicatorSettings) -> Architecture:
    """Return the architecture whose network is evaluated: the plainest of its class, or itself if "raw"."""
    return NASBench201().representative(architecture, settings.equivalence)


class MixedCell(nn.Module):
    """A cell of any operations: node j is the sum of weight · operation(node i), node 3 the output."""

    def __init__(self, entries: Iterable[Entry], channels: int) -> None:
        """Build one module for each entry; an entry with ``none`` adds nothing and needs no module."""
        super().__init__()
        self.entries = {f"{e.source}_{e.target}_{e.operation}": e for e in entries if e.operation != "none"}
        self.edges = nn.ModuleDict(
            {name: build_operation(entry.operation, channels) for name, entry in self.entries.items()}
        )

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C, H, W) to the same shape; a node without input is zero."""
        nodes = [x]
        for target in range(1, N_NODES):
            terms = [self._term(name, nodes) for name, entry in self.entries.items() if entry.target == target]
            nodes.append(sum(terms[1:], terms[0]) if terms else torch.zeros_like(x))
        return nodes[-1]

    def _term(self, name: str, nodes: Sequence[Tensor]) -> Tensor:
        entry = self.entries[name]
        y = self.edges[name](nodes[entry.source])
        return y if entry.weight == 1 else entry.weight * y


class Cell(MixedCell):
    """The cell of an architecture: one operation an edge."""

    def __init__(self, architecture: Architecture, channels: int) -> None:
        """Build the modules."""
        super().__init__(
            [Entry(*edge, name) for edge, name in zip(EDGES, architecture.operations, strict=True)], channels
        )


class Head(nn.Module):
    """Batch-norm, ReLU, global average, linear classifier."""

    def __init__(self, channels: int, n_classes: int) -> None:
        """Build the layers."""
        super().__init__()
        self.norm = batch_norm(channels)
        self.relu = nn.ReLU()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.classifier = nn.Linear(channels, n_classes)

    def forward(self, x: Tensor) -> Tensor:
        """Map features (N, C, H, W) to logits (N, n_classes)."""
        return self.classifier(self.flatten(self.pool(self.relu(self.norm(x)))))


def build_network(architecture: Architecture, *, width: int, cells_per_stage: int, n_classes: int) -> nn.Module:
    """Build the benchmark's skeleton around cells of an architecture (see `skeleton`).

    With a width of 16 and five cells in each stage it is the benchmark's own network, with a width of 3 and one
    cell the paper's proxy. The weights are those that PyTorch draws; `initialise` draws them anew from a seed.

    >>> cell = Architecture(("nor_conv_3x3",) * 6)
    >>> network = build_network(cell, width=16, cells_per_stage=5, n_classes=10)
    >>> sum(parameter.numel() for parameter in network.parameters())
    1531546
    """
    cell = partial(Cell, architecture)
    return skeleton(cell, width=width, cells_per_stage=cells_per_stage, n_classes=n_classes)


def build_thin_network(architecture: Architecture, *, width: int, n_classes: int) -> nn.Module:
    """Build the network of the region count (see `thin_skeleton`)."""
    return thin_skeleton(Cell(architecture, width), width=width, n_classes=n_classes)


def skeleton(cell: MakeCell, *, width: int, cells_per_stage: int, n_classes: int) -> nn.Module:
    """Build the benchmark's skeleton: stem, three stages of cells at C, 2C, 4C channels, head.

    Args:
        cell: Makes a cell of so many channels.
        width: C.
        cells_per_stage: Cells in each of the three stages.
        n_classes: Number of logits.
    """
    stages: list[nn.Module] = []
    for stage in range(3):
        channels = width * 2**stage
        if stage:
            stages.append(ResidualBlock(channels // 2, channels))
        stages.extend(cell(channels) for _ in range(cells_per_stage))
    network = nn.Sequential()
    network.add_module("stem", nn.Sequential(nn.Conv2d(3, width, 3, padding=1, bias=False), batch_norm(width)))
    network.add_module("cells", nn.Sequential(*stages))
    network.add_module("head", Head(width * 4, n_classes))
    return network


def thin_skeleton(cell: nn.Module, *, width: int, n_classes: int) -> nn.Module:
    """Build the skeleton of the region count: a single cell on grey crops, then the head; no stem."""
    network = nn.Sequential()
    network.add_module("cells", nn.Sequential(cell))
    network.add_module("head", Head(width, n_classes))
    return network


@dataclass(frozen=True)
class NASBench201Networks:
    """The proxies of NAS-Bench-201, as wide and deep as the settings say."""

    space: ClassVar[str] = NASBench201.name
    search_space: ClassVar[str] = NASBench201.name

    def simplest(self, architecture: Architecture, settings: IndicatorSettings) -> Architecture:
        """Return `what_to_build`."""
        return what_to_build(architecture, settings)

    def is_alive(self, architecture: Architecture) -> bool:
        """Say whether a path joins the cell's input and output."""
        return is_connected(architecture)

    def build(
        self, architecture: Architecture, settings: IndicatorSettings, role: Role, *, n_classes: int
    ) -> nn.Module:
        """Return the skeleton of three stages for "kernel", one cell without a stem for "regions"."""
        if role == "regions":
            return build_thin_network(architecture, width=settings.region_width, n_classes=n_classes)
        return build_network(
            architecture, width=settings.width, cells_per_stage=settings.cells_per_stage, n_classes=n_classes
        )
