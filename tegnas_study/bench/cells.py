"""The cells that are timed: random ones for which there is something to compute."""

from itertools import islice

from tegnas_core.spaces import NASBench201
from tegnas_core.spaces.architecture import Architecture
from tegnas_core.spaces.structure import is_connected


def connected_cells(n: int, *, seed: int) -> list[Architecture]:
    """Return n different cells, drawn at random among those that are connected: the others have no kernel."""
    drawn = NASBench201().sample_many(2 * n + 20, seed=seed)
    return list(islice(filter(is_connected, drawn), n))
