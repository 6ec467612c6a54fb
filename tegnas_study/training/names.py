"""What a training is called: the folder of its files."""

import hashlib
from collections.abc import Hashable

from tegnas_core.spaces import NASBench201
from tegnas_core.spaces.genotype import Genotype
from tegnas_core.spaces.named_genotypes import NAMED
from tegnas_study.training.protocols import Protocol


def folder_name(architecture: Hashable, protocol: Protocol, seed: int) -> str:
    """Return a name of lower-case letters, digits and hyphens.

    A cell of NAS-Bench-201 goes by the benchmark's index, a genotype by its name in the literature or else by a
    hash.

    >>> from tegnas_core.spaces.by_name import parse_architecture
    >>> from tegnas_study.training.protocols import protocol_named
    >>> folder_name(parse_architecture("darts", "DARTS_V2"), protocol_named("darts-cifar10", "quick"), 3)
    'darts-v2-darts-cifar10-quick-seed3'
    """
    return f"{_short(architecture)}-{protocol.name}-{protocol.size}-seed{seed}"


def _short(architecture: Hashable) -> str:
    if not isinstance(architecture, Genotype):
        return f"cell-{NASBench201().index_of(architecture)}"
    known = next((name for name, genotype in NAMED.items() if genotype == architecture), None)
    if known is not None:
        return known.lower().replace("_", "-")
    text = str(architecture.sorted())
    return f"genotype-{hashlib.blake2b(text.encode(), digest_size=6).hexdigest()}"
