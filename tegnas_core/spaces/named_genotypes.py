"""The genotypes of the literature by name, and a reader that takes a name as well as the full notation."""

from tegnas_core.errors import TegnasError, quoted
from tegnas_core.spaces.genotype import Cell, Genotype

_SHORT = {
    "skip": "skip_connect",
    "sep3": "sep_conv_3x3",
    "sep5": "sep_conv_5x5",
    "dil3": "dil_conv_3x3",
    "dil5": "dil_conv_5x5",
    "avg": "avg_pool_3x3",
    "max": "max_pool_3x3",
}


def _genotype(*, normal: str, reduce: str) -> Genotype:
    return Genotype(_cell(normal), _cell(reduce))


def _cell(text: str) -> Cell:
    """Read the pairs "operation source" of a cell, written in the short words of this table."""
    pairs = (pair.split() for pair in text.replace("|", ",").split(","))
    return tuple((_SHORT[operation], int(source)) for operation, source in pairs)


_TENAS_CIFAR10 = _genotype(
    normal="dil3 0, sep5 1 | sep3 0, sep3 2 | skip 0, dil5 1 | sep3 1, sep5 3",
    reduce="sep5 0, sep5 1 | sep5 1, sep5 2 | sep3 1, sep3 3 | sep5 2, sep3 4",
)

NAMED = {
    "DARTS_V1": _genotype(
        normal="sep3 1, sep3 0 | skip 0, sep3 1 | skip 0, sep3 1 | sep3 0, skip 2",
        reduce="max 0, max 1 | skip 2, max 0 | max 0, skip 2 | skip 2, avg 0",
    ),
    "DARTS_V2": _genotype(
        normal="sep3 0, sep3 1 | sep3 0, sep3 1 | sep3 1, skip 0 | skip 0, dil3 2",
        reduce="max 0, max 1 | skip 2, max 1 | max 0, skip 2 | skip 2, max 1",
    ),
    "TENAS_CIFAR10": _TENAS_CIFAR10,
    "TENAS_IMAGENET": _genotype(
        normal="sep3 0, skip 1 | dil5 1, sep3 2 | sep3 0, dil5 3 | sep3 0, dil3 4",
        reduce="dil3 0, sep5 1 | dil3 0, sep3 2 | sep3 0, dil3 1 | sep3 0, sep5 4",
    ),
    "TEGNAS_RL": _genotype(
        normal="sep5 0, sep5 1 | dil3 0, dil3 1 | skip 1, sep5 0 | dil5 2, avg 1",
        reduce="sep5 1, sep5 0 | dil5 0, max 2 | sep3 2, sep5 1 | sep5 2, sep3 3",
    ),
    "TEGNAS_EVOLUTION": _genotype(
        normal="sep5 1, dil5 0 | skip 2, sep5 1 | skip 0, sep5 1 | sep3 2, sep5 1",
        reduce="sep5 1, sep5 0 | dil5 2, sep5 1 | sep5 3, dil5 2 | dil5 4, sep5 3",
    ),
    "TEGNAS_PROBNAS": _TENAS_CIFAR10,
}
"""Name → genotype, with the pairs of a node in the order in which the authors print them.

`TEGNAS_PROBNAS`, published as the result of FP-NAS with TEG, is the cell of `TENAS_CIFAR10`, published before it.
"""

SOURCES = {
    "DARTS_V1": "Liu, Simonyan & Yang, DARTS (ICLR 2019): first order, CIFAR-10; the authors' genotypes.py",
    "DARTS_V2": "Liu, Simonyan & Yang, DARTS (ICLR 2019): second order, CIFAR-10; the authors' genotypes.py",
    "TENAS_CIFAR10": "Chen, Gong & Wang, TE-NAS (ICLR 2021): searched on CIFAR-10; chenwydj/DARTS_evaluation",
    "TENAS_IMAGENET": "Chen, Gong & Wang, TE-NAS (ICLR 2021): searched on ImageNet; chenwydj/DARTS_evaluation",
    "TEGNAS_RL": "TEG-NAS: REINFORCE with TEG, CIFAR-10; chenwydj/DARTS_evaluation",
    "TEGNAS_EVOLUTION": "TEG-NAS: evolution with TEG, CIFAR-10; chenwydj/DARTS_evaluation",
    "TEGNAS_PROBNAS": "TEG-NAS: FP-NAS with TEG, as published in chenwydj/DARTS_evaluation",
}
"""Name → who found the genotype, with which method, and where it is printed."""


def parse_genotype(text: str) -> Genotype:
    """Read a genotype by its name, in upper or lower case, or in the notation of `Genotype.parse`.

    >>> parse_genotype("darts-v2").node("normal", 0)
    (('sep_conv_3x3', 0), ('sep_conv_3x3', 1))

    Raises:
        TegnasError: When the text is neither; the line lists the known names.
    """
    if "(" in text:
        return Genotype.parse(text)
    name = text.strip().upper().replace("-", "_")
    if name not in NAMED:
        raise TegnasError(
            f"unknown genotype {quoted(text)}; known are {', '.join(NAMED)}, or write Genotype(normal=[…], …)"
        )
    return NAMED[name]
