"""The genotypes of the literature by name, and a reader that takes a name as well as the full notation."""

import json
from importlib.resources import files

from tegnas_core.errors import TegnasError, quoted
from tegnas_core.spaces.genotype import Genotype

_LISTED = json.loads(files(__package__).joinpath("named_genotypes.json").read_text(encoding="utf-8"))

NAMED = {name: Genotype.parse(listed["genotype"]) for name, listed in _LISTED.items()}
"""Name → genotype, with the pairs of a node in the order in which the authors print them.

`TEGNAS_PROBNAS`, published as the result of FP-NAS with TEG, is the cell of `TENAS_CIFAR10`, published before it.
"""

SOURCES = {name: listed["source"] for name, listed in _LISTED.items()}
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
