"""Ways between two architectures that consist of architectures: differing edges are changed one at a time.

A straight line between two one-hot codes passes through no architecture at all, so nothing can be measured on it.
"""

from collections.abc import Iterator, Sequence
from typing import TypeVar

import numpy as np

from tegnas_core.spaces.architecture import Architecture
from tegnas_core.spaces.genotype import N_PAIRS, Genotype, Pair

A = TypeVar("A", Architecture, Genotype)


def edges_apart(first: A, second: A) -> int:
    """Return on how many edges two architectures differ: of six on NAS-Bench-201, of the 16 kept ones on DARTS."""
    return len(_differing(*_aligned(first, second)))


def edge_flips(first: A, second: A, *, rng: np.random.Generator) -> Iterator[A]:
    """Yield the architectures from the first to the second, both included, one differing edge changed at a time.

    Args:
        first: Where the way begins.
        second: Where it ends, m = `edges_apart` changes later.
        rng: Draws the order of the changes, uniform over all m!.
    """
    parts, goal = _aligned(first, second)
    yield first
    for place in rng.permutation(_differing(parts, goal)):
        parts[place] = goal[place]
        yield _composed(parts)


def _differing(parts: Sequence[object], goal: Sequence[object]) -> list[int]:
    return [i for i, (a, b) in enumerate(zip(parts, goal, strict=True)) if a != b]


def _aligned(first: A, second: A) -> tuple[list, list]:
    """Return what is on the edges of both, so that any mixture of the two lists is an architecture."""
    if isinstance(first, Architecture):
        return list(first.operations), list(second.operations)
    parts, goal = [*first.normal, *first.reduce], [*second.normal, *second.reduce]
    for i in range(0, len(parts), 2):  # node by node
        goal[i : i + 2] = _beside(parts[i : i + 2], goal[i : i + 2])
    return parts, goal


def _beside(node: list[Pair], other: list[Pair]) -> list[Pair]:
    """Return the other node's pairs in the order that lays equal sources beside each other.

    Two sources that differ stay different then, whichever of the pairs is changed first.
    """
    straight, crossed = ([a[1] == b[1] for a, b in zip(node, o, strict=True)] for o in (other, other[::-1]))
    return other[::-1] if sum(crossed) > sum(straight) else other


def _composed(parts: Sequence) -> Architecture | Genotype:
    if isinstance(parts[0], str):
        return Architecture(tuple(parts))
    return Genotype(tuple(parts[:N_PAIRS]), tuple(parts[N_PAIRS:]))
