"""The contract of a search space: what a search method may ask of it, and nothing about networks."""

from collections.abc import Hashable, Sequence
from typing import Protocol, TypeVar

import numpy as np

A = TypeVar("A", bound=Hashable)


class SearchSpace(Protocol[A]):
    """A set of architectures with a uniform distribution, a neighbourhood and a metric.

    Attributes:
        name: The name used on the command line and in tables.

    Every space obeys: samples belong to it; a mutation has distance 1 from its parent; the distance is a
    metric; equal architectures have equal encodings; the same generator state gives the same architecture.
    """

    name: str

    def parse(self, text: str) -> A:
        """Read an architecture; raise `TegnasError` when the text names none."""
        ...

    def sample(self, rng: np.random.Generator) -> A:
        """Draw one architecture uniformly."""
        ...

    def sample_many(self, n: int, *, seed: int) -> Sequence[A]:
        """Draw n different architectures uniformly, without replacement."""
        ...

    def mutate(self, architecture: A, rng: np.random.Generator) -> A:
        """Return a neighbour: one decision changed."""
        ...

    def neighbours(self, architecture: A) -> Sequence[A]:
        """Return all architectures at distance 1."""
        ...

    def distance(self, first: A, second: A) -> int:
        """Return how many decisions differ (Hamming distance)."""
        ...

    def contains(self, architecture: object) -> bool:
        """Say whether the value is an architecture of this space."""
        ...

    def encode(self, architecture: A) -> np.ndarray:
        """Return the one-hot encoding, a flat array of zeros and ones."""
        ...


class FactorisedSpace(SearchSpace[A], Protocol[A]):
    """A space whose architectures are independent decisions: what a policy of one categorical a decision needs."""

    @property
    def choices(self) -> tuple[int, ...]:
        """Return the number of options of every decision."""
        ...

    def compose(self, options: Sequence[int]) -> A:
        """Return the architecture of these decisions, one option's number each."""
        ...

    def decisions(self, architecture: A) -> tuple[int, ...]:
        """Return an architecture's decisions; the inverse of `compose`."""
        ...
