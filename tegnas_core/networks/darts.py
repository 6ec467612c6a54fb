"""The tiny networks in which genotypes of the DARTS space are judged without training.

One normal cell at C channels and one reduction cell at 2C, C = 1: the released code's search network, but with the
chosen operations only. Parameter names carry the meaning: those under ``cells`` belong to the two cells,
preprocessing included, ``stem`` comes before, ``head`` after.
Source: the released code of TEG-NAS and of its ancestor TE-NAS (Chen, Gong & Wang, ICLR 2021).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor, nn

from tegnas_core.networks.darts_bug import wrong_normal_cell
from tegnas_core.networks.darts_cell import Cell, entries_of
from tegnas_core.networks.darts_operations import Layers
from tegnas_core.networks.nasbench201 import Head
from tegnas_core.networks.operations import batch_norm
from tegnas_core.networks.proxy import Entry, Role
from tegnas_core.settings import IndicatorSettings
from tegnas_core.spaces.darts_edges import resolve_duplicates
from tegnas_core.spaces.genotype import N_NODES, Genotype


class DartsProxy(nn.Module):
    """A stem, a normal cell at C channels, a reduction cell at 2C, and the head: batch-norm, ReLU, mean, linear.

    Both inputs of the first cell are the stem's output. Without a stem, for the region count, they are the image
    itself: grey crops have as many channels as the stem of the proxy has.
    """

    def __init__(
        self,
        normal: Sequence[Entry],
        reduction: Sequence[Entry],
        *,
        width: int,
        n_classes: int,
        stem: bool = True,
        layers: Layers | None = None,
    ) -> None:
        """Build the network.

        Args:
            normal: What the normal cell computes.
            reduction: What the reduction cell computes.
            width: C, the channels of the normal cell's nodes.
            n_classes: Number of logits.
            stem: Begin with a 3×3 convolution from 3 to C channels and batch-norm; without, images have 1 channel.
            layers: How layers are made; None takes those of a network at initialisation.
        """
        super().__init__()
        layers = layers or Layers()
        read = width if stem else 1
        self.stem = (
            nn.Sequential(nn.Conv2d(3, width, 3, padding=1, bias=False), batch_norm(width))
            if stem
            else nn.Identity()
        )
        between = N_NODES * width
        self.cells = nn.ModuleList(
            [
                Cell(normal, (read, read), width, layers, reduction=False),
                Cell(reduction, (read, between), 2 * width, layers, reduction=True),
            ]
        )
        self.head = Head(2 * between, n_classes)

    def forward(self, images: Tensor) -> Tensor:
        """Map images (N, 3, H, W), or (N, 1, H, W) without a stem, to logits (N, n_classes)."""
        older = newer = self.stem(images)
        for cell in self.cells:
            older, newer = newer, cell(older, newer)
        return self.head(newer)


@dataclass(frozen=True)
class DartsNetworks:
    """The proxies of the DARTS space.

    The settings' `width` and `cells_per_stage` are those of NAS-Bench-201's skeleton and say nothing here.

    Attributes:
        width: C of the network of κ and MSE; that of R is the settings' `region_width`.
        normal_cell_bug: Evaluate the wrong normal cells of the released code (see `darts_bug`).
    """

    search_space: ClassVar[str] = "darts"

    width: int = 1
    normal_cell_bug: bool = False

    @property
    def space(self) -> str:
        """Return "darts", and what is not as usual, as in "darts+width=2": other networks are other rows."""
        changes = [f"+width={self.width}"] * (self.width != 1) + ["+normal_cell_bug"] * self.normal_cell_bug
        return self.search_space + "".join(changes)

    def simplest(self, architecture: Genotype, settings: IndicatorSettings) -> Genotype:
        """Return the genotype itself: every node is part of the output, so hardly any are equal as functions."""
        return architecture

    def is_alive(self, architecture: Genotype) -> bool:
        """Say whether some node of the reduction cell reads, through some path, the image."""
        normal, reduction = self.cells(architecture)
        return bool(_alive(reduction, {0, 1} if _alive(normal, {0, 1}) else {0}))

    def cells(self, architecture: Genotype) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
        """Return what the normal and the reduction cell compute."""
        if self.normal_cell_bug:
            return wrong_normal_cell(architecture), entries_of(resolve_duplicates(architecture).reduce)
        return entries_of(architecture.normal), entries_of(architecture.reduce)

    def build(
        self, architecture: Genotype, settings: IndicatorSettings, role: Role, *, n_classes: int
    ) -> nn.Module:
        """Return the network of κ and MSE with its stem for "kernel", the one of R without it for "regions"."""
        normal, reduction = self.cells(architecture)
        if role == "kernel":
            return DartsProxy(normal, reduction, width=self.width, n_classes=n_classes)
        odd = Layers(odd_maps=bool(settings.region_size % 2))
        return DartsProxy(
            normal, reduction, width=settings.region_width, n_classes=n_classes, stem=False, layers=odd
        )


def _alive(entries: Sequence[Entry], inputs: set[int]) -> set[int]:
    """Return the nodes of a cell that something of its living inputs reaches."""
    alive = set(inputs)
    for entry in sorted(entries, key=lambda e: e.target):
        if entry.source in alive:
            alive.add(entry.target)
    return alive - {0, 1}
