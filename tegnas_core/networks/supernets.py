"""Supernets as networks: every edge adds up all of its operations, with equal shares.

With k operations left on an edge it computes Σ_o (1/k)·o(x), the softmax of k equal logits. A parameter has the
name it has in the stand-alone networks, so an operation has the same weights whatever else is on its edge, and a
supernet without any choice left is the stand-alone network.
Source: Chen, Gong & Wang, TE-NAS (ICLR 2021); Liu, Simonyan & Yang, DARTS (ICLR 2019), Eq. 2.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from torch import nn

from tegnas_core.errors import TegnasError
from tegnas_core.networks.darts import DartsNetworks
from tegnas_core.networks.nasbench201 import MixedCell, skeleton, thin_skeleton
from tegnas_core.networks.proxy import Entry, ProxyNetworks, Role
from tegnas_core.settings import IndicatorSettings
from tegnas_core.spaces import NASBench201
from tegnas_core.spaces.architecture import EDGES, N_NODES, OPERATIONS
from tegnas_core.spaces.darts import Darts
from tegnas_core.spaces.darts_edges import CELLS
from tegnas_core.spaces.darts_edges import EDGES as DARTS_EDGES
from tegnas_core.spaces.genotype import N_INPUTS
from tegnas_core.spaces.genotype import OPERATIONS as DARTS_OPERATIONS
from tegnas_core.spaces.mixtures import Mixture

Share = tuple[str, float]  # an operation and what its output is multiplied by


def shares(options: Sequence[int], operations: Sequence[str]) -> list[Share]:
    """Return the operations of an edge with their shares 1/k; ``none`` takes its share and has no output.

    Raises:
        TegnasError: When an option is not one of the operations.
    """
    if options and options[-1] >= len(operations):
        raise TegnasError(f"an edge has the options 0 … {len(operations) - 1}, got {options[-1]}")
    return [(operations[option], 1 / len(options)) for option in options if operations[option] != "none"]


@dataclass(frozen=True)
class SupernetNetworks:
    """The proxies of the supernets of NAS-Bench-201, as wide and deep as the settings say."""

    space: ClassVar[str] = "nas-bench-201+supernet"
    search_space: ClassVar[str] = NASBench201.name

    def simplest(self, architecture: Mixture, settings: IndicatorSettings) -> Mixture:
        """Return the mixture itself, whatever the settings: supernets are compared weight by weight."""
        return architecture

    def is_alive(self, architecture: Mixture) -> bool:
        """Say whether a path joins the cell's input and output."""
        _check(architecture, len(EDGES))
        reached = {0}
        for (source, target), options in zip(EDGES, architecture.active, strict=True):
            if source in reached and shares(options, OPERATIONS):
                reached.add(target)
        return N_NODES - 1 in reached

    def build(
        self, architecture: Mixture, settings: IndicatorSettings, role: Role, *, n_classes: int
    ) -> nn.Module:
        """Return the skeleton of three stages for "kernel", one cell without a stem for "regions"."""
        _check(architecture, len(EDGES))
        cell, cells = partial(MixedCell, _entries(architecture.active)), settings.cells_per_stage
        if role == "regions":
            width = settings.region_width
            return thin_skeleton(cell(width), width=width, n_classes=n_classes)
        return skeleton(cell, width=settings.width, cells_per_stage=cells, n_classes=n_classes)


@dataclass(frozen=True)
class DartsSupernetNetworks(DartsNetworks):
    """The proxies of the supernets of the DARTS space: each cell has its own edges and operations.

    The normal cell's edges are the first fourteen, and its own alone say which of them are there. (The search
    network of TEG-NAS's released code took that from the reduction cell's.)
    """

    @property
    def space(self) -> str:
        """Return "darts+supernet", and the width when it is not 1."""
        return f"{super().space}+supernet"

    def cells(self, architecture: Mixture) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
        """Return what the normal and the reduction cell compute."""
        _check(architecture, len(CELLS) * len(DARTS_EDGES))
        split = len(DARTS_EDGES)
        return _darts_entries(architecture.active[:split]), _darts_entries(architecture.active[split:])


def supernet_networks(space: str) -> ProxyNetworks[Mixture]:
    """Return the networks of a space's supernets, by the name of the space.

    Raises:
        TegnasError: When the space has none.
    """
    known = {NASBench201.name: SupernetNetworks, Darts.name: DartsSupernetNetworks}
    if space not in known:
        raise TegnasError(f"no supernets for the space {space!r}; known are {', '.join(known)}")
    return known[space]()


def _entries(active: Sequence[Sequence[int]]) -> tuple[Entry, ...]:
    return tuple(
        Entry(*edge, operation, share)
        for edge, options in zip(EDGES, active, strict=True)
        for operation, share in shares(options, OPERATIONS)
    )


def _darts_entries(active: Sequence[Sequence[int]]) -> tuple[Entry, ...]:
    return tuple(
        Entry(source, N_INPUTS + node, operation, share)
        for (source, node), options in zip(DARTS_EDGES, active, strict=True)
        for operation, share in shares(options, DARTS_OPERATIONS)
    )


def _check(mixture: Mixture, n_edges: int) -> None:
    if len(mixture.active) != n_edges:
        raise TegnasError(f"a supernet of this space has {n_edges} edges, got {len(mixture.active)}")
