"""Search spaces by the names that the command line and the tables use."""

from collections.abc import Hashable

from tegnas_core.errors import TegnasError, quoted
from tegnas_core.spaces.base import SearchSpace
from tegnas_core.spaces.darts import Darts
from tegnas_core.spaces.named_genotypes import parse_genotype
from tegnas_core.spaces.nasbench201 import NASBench201

SPACES = {space.name: space for space in (NASBench201, Darts)}


def make_space(name: str) -> SearchSpace:
    """Return the space with this name, with its default options.

    Raises:
        TegnasError: When there is no space with this name.
    """
    if name not in SPACES:
        raise TegnasError(f"unknown search space {quoted(name)}; known are {', '.join(SPACES)}")
    return SPACES[name]()


def parse_architecture(space: str, text: str) -> Hashable:
    """Read an architecture that can be evaluated, even one that the space itself would not propose.

    On DARTS the text may be the name of a genotype from the literature. A genotype may contain ``none`` and a node
    may read the same source twice, since some published genotypes do.

    Raises:
        TegnasError: When there is no space with this name, or the text does not name an architecture.
    """
    return parse_genotype(text) if space == Darts.name else make_space(space).parse(text)
