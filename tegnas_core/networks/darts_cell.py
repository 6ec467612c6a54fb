"""One cell of the DARTS space as a module: any operations on any edges, each with a weight.

The cell of a genotype has two edges a node and one operation on each. A supernet's cell has several on every edge,
each times its share: the same module, with more entries.
"""

from collections import Counter
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from tegnas_core.networks.darts_operations import FactorizedReduce, Layers, ReLUConvNorm, build_operation
from tegnas_core.networks.proxy import Entry
from tegnas_core.spaces.genotype import N_INPUTS, N_NODES, Pair


def entries_of(pairs: Sequence[Pair]) -> tuple[Entry, ...]:
    """Return the entries of a cell of a genotype: its eight pairs, two a node, without ``none``."""
    return tuple(
        Entry(source, N_INPUTS + index // 2, operation)
        for index, (operation, source) in enumerate(pairs)
        if operation != "none"
    )


class Cell(nn.Module):
    """One cell: node j is the weighted sum of its operations, the output all nodes side by side.

    Operations stand in the order of target, source and name, so that the order of a genotype's pairs changes
    nothing. A module is named ``edges.{source}_{target}_{operation}``; a second one of the same name, which only
    a genotype with the same pair twice in a node asks for, has weights of its own and ``_again`` behind its name.

    Attributes:
        drop_path: What the output of every operation but the identity goes through, if anything: the full
            networks put stochastic depth here.
    """

    def __init__(
        self,
        entries: Sequence[Entry],
        channels_before: tuple[int, int],
        channels: int,
        layers: Layers,
        *,
        reduction: bool,
        previous_reduction: bool = False,
    ) -> None:
        """Build the preprocessing of both inputs, and one module for each entry.

        Args:
            entries: The operations; those on edges from the inputs have stride 2 in a reduction cell.
            channels_before: Channels of the outputs of cells k-2 and k-1.
            channels: Channels of every node.
            layers: How layers are made.
            reduction: Whether the cell halves the size.
            previous_reduction: Whether cell k-1 halved the size, so that the output of cell k-2 has to be
                halved too.
        """
        super().__init__()
        read_older = FactorizedReduce if previous_reduction else ReLUConvNorm
        self.preprocess0 = read_older(channels_before[0], channels, layers)
        self.preprocess1 = ReLUConvNorm(channels_before[1], channels, layers)
        self.entries: dict[str, Entry] = {}
        self.edges = nn.ModuleDict()
        seen: Counter[str] = Counter()
        for entry in sorted(entries, key=lambda e: (e.target, e.source, e.operation)):
            key = f"{entry.source}_{entry.target}_{entry.operation}"
            name = key + "_again" * seen[key]
            seen[key] += 1
            stride = 2 if reduction and entry.source < N_INPUTS else 1
            self.entries[name] = entry
            self.edges[name] = build_operation(entry.operation, channels, layers, stride=stride)
        # a node that nothing leads to is as large as the others
        self.empty_like = nn.AvgPool2d(3, stride=2, padding=1) if reduction else nn.Identity()
        self.drop_path: nn.Module | None = None

    def forward(self, older: Tensor, newer: Tensor) -> Tensor:
        """Map the outputs of cells k-2 and k-1 to (N, 4·channels, H, W), or half the size in a reduction cell."""
        states = [self.preprocess0(older), self.preprocess1(newer)]
        for target in range(N_INPUTS, N_INPUTS + N_NODES):
            terms = [self._term(name, states) for name, entry in self.entries.items() if entry.target == target]
            states.append(sum(terms[1:], terms[0]) if terms else torch.zeros_like(self.empty_like(states[0])))
        return torch.cat(states[N_INPUTS:], 1)

    def _term(self, name: str, states: Sequence[Tensor]) -> Tensor:
        entry, module = self.entries[name], self.edges[name]
        y = module(states[entry.source])
        if self.drop_path is not None and not isinstance(module, nn.Identity):
            y = self.drop_path(y)
        return y if entry.weight == 1 else entry.weight * y
