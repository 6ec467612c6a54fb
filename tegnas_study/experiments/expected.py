"""The source of TE-NAS on the atlas: expectations over a supernet's cells instead of a supernet's indicators."""

import math
from collections.abc import Callable, Mapping
from functools import lru_cache

from tegnas_core.spaces.mixtures import Mixture
from tegnas_study.analysis.expected_cells import expected_over_cells
from tegnas_study.experiments.request import SearchRequest


def expected_source(request: SearchRequest) -> Callable[[Mixture], Mapping[str, float]]:
    """Return the source from a supernet to the means of the objectives over its cells.

    ``seconds`` are nan: nobody evaluated a supernet, so nothing is known of what it takes (see `live.teg_source`).
    """
    expectation = _expectation(request.atlas, tuple(o.name for o in request.choice.objectives))
    return lambda mixture: {**expectation(mixture), "seconds": math.nan}


@lru_cache(maxsize=8)
def _expectation(name: str, columns: tuple[str, ...]) -> Callable[[Mixture], Mapping[str, float]]:
    from tegnas_study.tables.atlases import atlas

    return expected_over_cells(atlas(name), columns=columns)
