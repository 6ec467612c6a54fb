"""The notations of one architecture of NAS-Bench-201: the benchmark's string and index, and NASLib's tuple.

string, as ``|none~0|+|none~0|none~1|+…``
    Edges by their target. Source: Dong & Yang, NAS-Bench-201 (ICLR 2020); NATS-Bench has the same strings.

index, 0 … 15,624
    The order of the benchmark's files, which NATS-Bench's topology space keeps.

naslib, as (4, 0, 3, 1, 4, 3)
    Edges by their source, and other numbers for the operations. Source: automl/NASLib, commit ``e994dd4``,
    ``naslib/search_spaces/nasbench201/conversions.py`` (``OP_NAMES`` and ``EDGE_LIST``). NAS-Bench-Suite-Zero has
    these tuples as keys.
"""

import re

from tegnas_core.errors import TegnasError, quoted
from tegnas_core.spaces.architecture import EDGES, EXAMPLE, Architecture
from tegnas_core.spaces.nasbench201 import NASBench201

NOTATIONS = ("string", "index", "naslib")

NASLIB_OPERATIONS = ("skip_connect", "none", "nor_conv_3x3", "nor_conv_1x1", "avg_pool_3x3")  # its OP_NAMES
NASLIB_EDGES = tuple(sorted(EDGES))  # by source and then by target; NASLib counts nodes from 1

_TUPLE = re.compile(r"[(\[]?\s*[0-9]\s*(,\s*[0-9]\s*){5}[)\]]?")
_INDEX = re.compile(r"[0-9]{1,5}")


def to_naslib(architecture: Architecture) -> tuple[int, ...]:
    """Return NASLib's tuple of six operation numbers.

    >>> to_naslib(Architecture(("nor_conv_3x3", "none", "none", "avg_pool_3x3", "none", "skip_connect")))
    (2, 1, 4, 1, 1, 0)
    """
    return tuple(NASLIB_OPERATIONS.index(architecture[edge]) for edge in NASLIB_EDGES)


def from_naslib(numbers: tuple[int, ...]) -> Architecture:
    """Return the architecture of NASLib's tuple; this is the inverse of `to_naslib`.

    Raises:
        TegnasError: When there are not six numbers from 0 to 4.

    >>> print(from_naslib((4, 0, 3, 1, 4, 3)))
    |avg_pool_3x3~0|+|skip_connect~0|none~1|+|nor_conv_1x1~0|avg_pool_3x3~1|nor_conv_1x1~2|
    """
    known = range(len(NASLIB_OPERATIONS))
    if len(numbers) != len(EDGES) or any(isinstance(n, bool) or n not in known for n in numbers):
        raise TegnasError(f"a tuple of NASLib has {len(EDGES)} numbers from 0 to {len(known) - 1}")
    by_edge = {edge: NASLIB_OPERATIONS[n] for edge, n in zip(NASLIB_EDGES, numbers, strict=True)}
    return Architecture(tuple(by_edge[edge] for edge in EDGES))


def read_architecture(text: str) -> Architecture:
    """Return the architecture that a text names in one of the notations; which one is clear from how it looks.

    Raises:
        TegnasError: When it is none of them, or an index or a number is too large.

    >>> str(read_architecture("(4, 0, 3, 1, 4, 3)")) == str(read_architecture("4,0,3,1,4,3"))
    True
    """
    text = text.strip()
    if _TUPLE.fullmatch(text):
        return from_naslib(tuple(int(digit) for digit in re.findall("[0-9]", text)))
    if _INDEX.fullmatch(text):
        every = NASBench201().all()
        if int(text) >= len(every):
            raise TegnasError(f"an index of the benchmark is 0 to {len(every) - 1:,}, got {int(text):,}")
        return every[int(text)]
    if text.startswith("|"):
        return Architecture.parse(text)
    raise TegnasError(
        f"{quoted(text)} is no architecture of NAS-Bench-201: give its string, such as {EXAMPLE}, "
        "its index, 0 to 15,624, or the tuple of NASLib, such as (4, 0, 3, 1, 4, 3)"
    )


def written(architecture: Architecture, notation: str) -> str:
    """Return how an architecture is written in one of `NOTATIONS`."""
    if notation == "index":
        return str(NASBench201().index_of(architecture))
    return str(to_naslib(architecture)) if notation == "naslib" else str(architecture)
