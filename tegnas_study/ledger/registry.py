"""Every computation that a claim may name."""

import inspect
from collections.abc import Callable, Mapping

from tegnas_core.errors import TegnasError
from tegnas_study.ledger import darts, indicators, landscapes, searches
from tegnas_study.ledger.claim import Computation
from tegnas_study.ledger.finding import Finding
from tegnas_study.ledger.sources import Sources

_FUNCTIONS: tuple[Callable[..., Finding], ...] = (
    indicators.agreement,
    indicators.agreement_of_three,
    indicators.sum_above,
    indicators.training_above_test,
    indicators.test_above_training,
    indicators.mse_above,
    indicators.set_gap,
    indicators.none_replaced,
    indicators.benchmark_accuracy,
    indicators.best_of_25,
    searches.search_mean,
    searches.part_mean,
    searches.search_gap,
    searches.te_nas_gap,
    searches.naswot_spread,
    searches.part_gap,
    searches.cost_ratio,
    searches.printed_cost_ratio,
    searches.passes_of_data_sets,
    darts.published_size,
    darts.published_distance,
    darts.distance_to_published,
    darts.search_days,
    darts.still_narrowing,
    darts.smallest_printed_ratio,
    landscapes.children_closer,
    landscapes.further_on_darts,
    landscapes.valley_on_darts,
    landscapes.all_good,
)
COMPUTATIONS: Mapping[str, Callable[..., Finding]] = {function.__name__: function for function in _FUNCTIONS}


def compute(computation: Computation, sources: Sources) -> Finding:
    """Return what a computation finds.

    Args:
        computation: A registered function and its arguments.
        sources: The tables that it reads.

    Raises:
        TegnasError: When there is no such function, or it takes other arguments.
    """
    if computation.name not in COMPUTATIONS:
        raise TegnasError(f"there is no computation {computation.name!r}; there are {', '.join(COMPUTATIONS)}")
    function = COMPUTATIONS[computation.name]
    try:
        inspect.signature(function).bind(sources, **computation.arguments)
    except TypeError as error:
        raise TegnasError(f"the computation {computation.name}: {error}") from None
    return function(sources, **computation.arguments)
