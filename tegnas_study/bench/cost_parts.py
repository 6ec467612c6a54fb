"""Where the time of an evaluation goes, part by part and indicator by indicator, on one thread of a CPU."""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import TypeVar

from torch import Tensor

from tegnas_core.data.proxy_data import ProxyData
from tegnas_core.engine import convolution_loops, pool_loops, reverse, reverse_loops
from tegnas_core.engine.tape import layers, run
from tegnas_core.engine.threads import one_thread
from tegnas_core.indicators import activation_patterns, condition_number, linear_regions, regression_error
from tegnas_core.indicators.jacobians import jacobian, select_parameters
from tegnas_core.indicators.kernels import ntk
from tegnas_core.spaces.architecture import Architecture
from tegnas_study.bench.cost import Case, timed

PARTS = (
    "network",  # building and initialising it, tracing its forward pass
    "forward",
    "convolutions",
    "batch-norm",
    "pools",
    "rest of reverse",
    "kernels",  # products of Jacobians
    "eigenvalues",
    "solve",  # the kernel regression
    "regions",
)
_LOOPS: dict[str, tuple[tuple[ModuleType, str], ...]] = {
    "convolutions": ((convolution_loops, "conv"), (convolution_loops, "pixels_to_visit")),
    "batch-norm": ((reverse_loops, "norm_sums"), (reverse_loops, "norm_project")),
    "pools": (
        (reverse_loops, "mean_pool_3x3"),
        (reverse_loops, "mean_pool_blocks"),
        (reverse_loops, "spread"),
        (pool_loops, "mean_pool_3x3_stride_2"),
        (pool_loops, "max_pool"),
    ),
}
T = TypeVar("T")


def where_time_goes(case: Case, architecture: Architecture) -> dict[str, float]:
    """Return the CPU seconds of each part of one repeat of the three indicators, by the names of `PARTS`.

    The same work as `Evaluator.evaluate_repeat`: two exact Jacobians, training and held-out, their kernels, κ, the
    regression, and the regions of the thin network.
    """
    data, settings, spent = case.data(), case.settings, Counter(dict.fromkeys(PARTS, 0.0))

    def part(name: str, action: Callable[[], T]) -> T:
        seconds, result = timed(action)
        spent[name] += seconds
        return result

    with one_thread():
        network = part("network", lambda: case.network(architecture))
        traced = part("network", lambda: layers(network))
        names = select_parameters(network, settings.ntk_parameters)
        cells = select_parameters(network, settings.regression_parameters)
        found = []
        for images, wanted in ((data.images, names), (data.held_out_images, cells)):
            tape = part("forward", lambda images=images: run(traced, images))
            with _loops_timed(spent) as in_loops:
                found.append(
                    part("rest of reverse", lambda tape=tape, wanted=wanted: reverse.jacobian(tape, wanted))
                )
            spent["rest of reverse"] -= sum(in_loops.values())
        train, held_out = found
        whole = part("kernels", lambda: ntk(train))
        sides = part("kernels", lambda: (ntk(train, parameters=cells), ntk(held_out, train, parameters=cells)))
        part("eigenvalues", lambda: condition_number(whole))
        part("solve", lambda: regression_error(*sides, data.labels, data.held_out_labels, data.n_classes))
        thin = part("network", lambda: case.network(architecture, "regions"))
        crops = data.crops.split(settings.region_batch)
        part("regions", lambda: linear_regions(activation_patterns(thin, crops)))
    return dict(spent)


@contextlib.contextmanager
def _loops_timed(spent: Counter[str]) -> Iterator[Counter[str]]:
    """Add the time inside the compiled loops to their parts while the block runs, and yield it."""
    here: Counter[str] = Counter()
    originals = {place: getattr(*place) for places in _LOOPS.values() for place in places}

    def stopwatch(name: str, loop: Callable[..., T]) -> Callable[..., T]:
        def run_loop(*arguments: object) -> T:
            seconds, result = timed(lambda: loop(*arguments))
            here[name] += seconds
            return result

        return run_loop

    try:
        for name, places in _LOOPS.items():
            for place in places:
                setattr(*place, stopwatch(name, originals[place]))
        yield here
    finally:
        for place, loop in originals.items():
            setattr(*place, loop)
        spent.update(here)


def seconds_by_indicator(case: Case, architecture: Architecture) -> dict[str, float]:
    """Return the CPU seconds of one repeat of each indicator alone, a new network each, by its name."""
    data, settings = case.data(), case.settings

    def regions() -> int:
        thin = case.network(architecture, "regions")
        return linear_regions(activation_patterns(thin, data.crops.split(settings.region_batch)))

    def kappa() -> object:
        return condition_number(ntk(_jacobian(case, architecture, data.images, settings.ntk_parameters)))

    def error() -> object:
        sides = (data.images, data.held_out_images)
        train, held_out = (
            _jacobian(case, architecture, images, settings.regression_parameters) for images in sides
        )
        return _regression(train, held_out, data)

    indicators = {"linear_regions": regions, "condition_number": kappa, "regression_error": error}
    with one_thread():
        return {name: timed(action)[0] for name, action in indicators.items()}


def _jacobian(case: Case, architecture: Architecture, images: Tensor, which: str) -> Mapping[str, Tensor]:
    network = case.network(architecture)
    return jacobian(network, images, select_parameters(network, which))


def _regression(train: Mapping[str, Tensor], held_out: Mapping[str, Tensor], data: ProxyData) -> object:
    return regression_error(ntk(train), ntk(held_out, train), data.labels, data.held_out_labels, data.n_classes)
