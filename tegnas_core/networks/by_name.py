"""The networks of every space, by the name that tables use for them."""

from tegnas_core.errors import TegnasError
from tegnas_core.networks.darts import DartsNetworks
from tegnas_core.networks.nasbench201 import NASBench201Networks
from tegnas_core.networks.proxy import ProxyNetworks

BY_NAME: dict[str, ProxyNetworks] = {
    networks.space: networks
    for networks in (NASBench201Networks(), DartsNetworks(), DartsNetworks(normal_cell_bug=True))
}


def networks_named(name: str) -> ProxyNetworks:
    """Return the networks whose `space` this is.

    Raises:
        TegnasError: When there are none.
    """
    if name not in BY_NAME:
        raise TegnasError(f"no networks are called {name!r}; known are {', '.join(BY_NAME)}")
    return BY_NAME[name]
