"""Search spaces by the name that the command line and tables call them by."""

from collections.abc import Hashable

from tegnas_core.errors import TegnasError
from tegnas_core.spaces.base import SearchSpace
from tegnas_core.spaces.darts import Darts
from tegnas_core.spaces.named_genotypes import parse_genotype
from tegnas_core.spaces.nasbench201 import NASBench201

SPACES = {space.name: space for space in (NASBench201, Darts)}


def make_space(name: str) -> SearchSpace:
    """Return the space of a name.

    Raises:
        TegnasError: When no space is called so.
    """
    if name not in SPACES:
        raise TegnasError(f"unknown search space {name!r}; known are {', '.join(SPACES)}")
    return SPACES[name]()


def parse_architecture(space: str, text: str) -> Hashable:
    """Read an architecture that can be evaluated, also one that the space itself would not propose.

    A genotype may hold ``none`` and the same source twice in a node, as some in the literature do, or be a name.

    Raises:
        TegnasError: When no space is called so, or the text names no architecture.
    """
    return parse_genotype(text) if space == Darts.name else make_space(space).parse(text)
