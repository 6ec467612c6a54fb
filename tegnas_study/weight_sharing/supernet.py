"""One network that holds every cell of NAS-Bench-201: all operations on all edges, with weights that cells share.

A parameter has the name that it has in the stand-alone network of `tegnas_core.networks`, so the weights of a cell
are a subset of the supernet's, and a single path of the supernet is that network.

Source: Bender et al., Understanding and Simplifying One-Shot Architecture Search (ICML 2018); Pham et al.,
Efficient Neural Architecture Search via Parameter Sharing (ICML 2018); Dong & Yang, NAS-Bench-201 (ICLR 2020).
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from tegnas_core.errors import TegnasError
from tegnas_core.networks.initialisation import initialise
from tegnas_core.networks.nasbench201 import skeleton
from tegnas_core.networks.operations import build_operation
from tegnas_core.spaces.architecture import EDGES, N_NODES, OPERATIONS, Architecture

NONE = OPERATIONS.index("none")


class Choice(NamedTuple):
    """What the edges of a supernet compute in one forward pass.

    Attributes:
        active: For each edge the numbers of the options that are computed; an edge adds them up.
        shares: What each output is multiplied by, shape (edges, options); None multiplies by 1.
    """

    active: tuple[tuple[int, ...], ...]
    shares: Tensor | None = None


def single_path(options: Sequence[int]) -> Choice:
    """Return the choice of one option for each edge, as in the stand-alone network.

    >>> single_path([3, 0, 1]).active
    ((3,), (0,), (1,))
    """
    return Choice(tuple((int(option),) for option in options))


class SharedCell(nn.Module):
    """A cell with all operations on all edges; ``none`` adds nothing and needs no module."""

    def __init__(self, channels: int) -> None:
        """Build the modules of every edge."""
        super().__init__()
        self.edges = nn.ModuleDict(
            {
                f"{source}_{target}_{name}": build_operation(name, channels)
                for source, target in EDGES
                for name in OPERATIONS
                if name != "none"
            }
        )

    def forward(self, x: Tensor, choice: Choice) -> Tensor:
        """Map (N, C, H, W) to the same shape; a node without input is zero."""
        nodes = [x]
        for target in range(1, N_NODES):
            terms = [
                self._term(edge, option, nodes, choice.shares)
                for edge, (_, end) in enumerate(EDGES)
                if end == target
                for option in choice.active[edge]
                if option != NONE
            ]
            nodes.append(sum(terms[1:], terms[0]) if terms else torch.zeros_like(x))
        return nodes[-1]

    def _term(self, edge: int, option: int, nodes: Sequence[Tensor], shares: Tensor | None) -> Tensor:
        source, target = EDGES[edge]
        y = self.edges[f"{source}_{target}_{OPERATIONS[option]}"](nodes[source])
        return y if shares is None else shares[edge, option] * y


class Supernet(nn.Module):
    """The benchmark's skeleton around shared cells.

    With `gains` off, the batch-norms inside the cells keep a gain of 1 and a shift of 0, as in the searches of the
    benchmark: an operation cannot then undo its share by a larger gain.

    Args:
        width: Channels of the first stage; the benchmark has 16.
        cells_per_stage: Cells in each of the three stages; the benchmark has 5.
        n_classes: Number of logits.
        seed: Fixes the weights; the same operation in the same place begins as `initialise` draws it by this seed.
        gains: Whether the batch-norms inside the cells learn gains and shifts.
    """

    def __init__(
        self, *, width: int, cells_per_stage: int, n_classes: int, seed: int, gains: bool = False
    ) -> None:
        super().__init__()
        sizes = {"width": width, "cells_per_stage": cells_per_stage, "n_classes": n_classes}
        network = skeleton(SharedCell, **sizes)
        # The benchmark's scripts leave torch's own first weights. In front of a batch-norm the scale of a weight
        # does not matter to the output, but a step turns larger weights less, so they learn more slowly.
        initialise(network, "torch_default", seed=(seed, "supernet"))
        self.stem, self.cells, self.head = network.stem, network.cells, network.head
        for cell in self.cells:
            if isinstance(cell, SharedCell) and not gains:
                _freeze_batch_norms(cell)

    def forward(self, images: Tensor, choice: Choice) -> Tensor:
        """Map images (N, 3, H, W) to logits (N, n_classes), by the operations of the choice."""
        if len(choice.active) != len(EDGES):
            raise TegnasError(f"a choice has {len(EDGES)} edges, got {len(choice.active)}")
        features = self.stem(images)
        for block in self.cells:
            features = block(features, choice) if isinstance(block, SharedCell) else block(features)
        return self.head(features)

    def weights_of(self, architecture: Architecture) -> dict[str, Tensor]:
        """Return the weights that an architecture has here, by their names in its stand-alone network."""
        kept = {f"{s}_{t}_{name}" for (s, t), name in zip(EDGES, architecture.operations, strict=True)}
        return {
            name: value
            for name, value in self.state_dict().items()
            if ".edges." not in name or name.split(".edges.")[1].split(".")[0] in kept
        }


def _freeze_batch_norms(cell: nn.Module) -> None:
    for module in cell.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.requires_grad_(requires_grad=False)
