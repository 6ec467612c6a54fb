"""Strategies of genotypes for the property tests: of the space, and of everything that can be written down."""

import numpy as np
from hypothesis import strategies as st

from tegnas_core.spaces.genotype import OPERATIONS, Genotype

SEEDS = st.integers(0, 2**32 - 1)


def _member(seed: int) -> Genotype:
    """Return a genotype with two different sources a node and no none."""
    rng = np.random.default_rng(seed)
    return _genotype(rng.integers(1, 8, 16), [rng.permutation(node % 4 + 2)[:2] for node in range(8)])


def _written(seed: int) -> Genotype:
    """Return a genotype with any sources and operations."""
    rng = np.random.default_rng(seed)
    return _genotype(rng.integers(8, size=16), [rng.integers(node % 4 + 2, size=2) for node in range(8)])


def _genotype(operations: np.ndarray, sources: list[np.ndarray]) -> Genotype:
    names = [OPERATIONS[i] for i in operations]
    pairs = tuple(zip(names, np.concatenate(sources).tolist(), strict=True))
    return Genotype(pairs[:8], pairs[8:])


# drawn from a seed: ten times as fast as decision by decision
genotypes = SEEDS.map(_member)
written_genotypes = SEEDS.map(_written)
