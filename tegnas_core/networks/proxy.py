"""What the networks of all spaces have in common: what the indicators ask of them, and what a cell is made of."""

from collections.abc import Hashable
from typing import Literal, NamedTuple, Protocol, TypeVar

from torch import nn

from tegnas_core.settings import IndicatorSettings

A = TypeVar("A", bound=Hashable)
Role = Literal["kernel", "regions"]


class ProxyNetworks(Protocol[A]):
    """The small networks in which a space's architectures are judged.

    Attributes:
        space: The name of the networks in tables: the search space, and what is not as usual about them.
        search_space: The name of the search space alone, as on the command line.

    In every network the names of the parameters inside cells hold "cells" and those before and after do not; the
    same operation on the same edge of the same cell has the same name whatever the rest of the architecture, and
    so the same initial weights (see `initialisation.initialise`).
    """

    space: str
    search_space: str

    def simplest(self, architecture: A, settings: IndicatorSettings) -> A:
        """Return the architecture whose network is evaluated: the plainest of its class, or itself."""
        ...

    def is_alive(self, architecture: A) -> bool:
        """Say whether anything of an image reaches the head; if nothing does, there is no kernel."""
        ...

    def build(self, architecture: A, settings: IndicatorSettings, role: Role, *, n_classes: int) -> nn.Module:
        """Return the network of one role, "kernel" for κ and MSE or "regions" for R, with any weights."""
        ...


class Entry(NamedTuple):
    """An operation on an edge of a cell.

    Attributes:
        source: The state it reads: the cell's inputs come first, one on NAS-Bench-201 and two on DARTS.
        target: The node that it is added to.
        operation: The name of the operation.
        weight: What its output is multiplied by.
    """

    source: int
    target: int
    operation: str
    weight: float = 1.0
