"""What a search method may ask of a search space. Nothing here concerns networks."""

from collections.abc import Hashable, Sequence
from typing import Protocol, TypeVar

import numpy as np

A = TypeVar("A", bound=Hashable)  # the type of a space's architectures


class SearchSpace(Protocol[A]):
    """A set of architectures with a uniform distribution, a neighbourhood and a metric.

    Every space keeps these promises: samples belong to it, a mutation has distance 1 from its parent, the distance
    is a metric, equal architectures have equal encodings, and the same generator state gives the same
    architecture.

    Attributes:
        name: The name of the space on the command line and in tables.
    """

    name: str

    def parse(self, text: str) -> A:
        """Read an architecture; raise `TegnasError` when the text does not name one."""
        ...

    def sample(self, rng: np.random.Generator) -> A:
        """Draw one architecture uniformly."""
        ...

    def sample_many(self, n: int, *, seed: int) -> Sequence[A]:
        """Draw n different architectures uniformly, without replacement."""
        ...

    def mutate(self, architecture: A, rng: np.random.Generator) -> A:
        """Return a neighbour, in which one decision has changed."""
        ...

    def neighbours(self, architecture: A) -> Sequence[A]:
        """Return all architectures at distance 1."""
        ...

    def distance(self, first: A, second: A) -> int:
        """Return how many decisions differ (the Hamming distance)."""
        ...

    def contains(self, architecture: object) -> bool:
        """Say whether the value is an architecture of this space."""
        ...

    def encode(self, architecture: A) -> np.ndarray:
        """Return the one-hot encoding, a flat array of zeros and ones."""
        ...


class FactorisedSpace(SearchSpace[A], Protocol[A]):
    """A space whose architectures are made of independent decisions, so that a policy can treat each by itself."""

    @property
    def choices(self) -> tuple[int, ...]:
        """The number of options of every decision."""
        ...

    def compose(self, options: Sequence[int]) -> A:
        """Return the architecture that takes these options, given by one number for each decision."""
        ...

    def decisions(self, architecture: A) -> tuple[int, ...]:
        """Return the option that an architecture takes in each decision; this is the inverse of `compose`."""
        ...
