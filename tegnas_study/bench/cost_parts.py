"""Where the time of an evaluation goes, part by part and indicator by indicator, on one thread of a CPU."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import TypeVar

import numpy as np
from torch import Tensor

from tegnas_core.data.proxy_data import ProxyData
from tegnas_core.engine.arithmetic import one_thread
from tegnas_core.engine.reverse_pass import ReversePass
from tegnas_core.engine.tape import Step, run
from tegnas_core.engine.tracing import layers
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
_BY_KIND = {"norm": "batch-norm", "mean_pool": "pools", "max_pool": "pools", "global_pool": "pools"}
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
            seconds, (found_here, by_part) = timed(lambda tape=tape, wanted=wanted: _reverse(tape, wanted))
            spent.update(by_part)
            spent["rest of reverse"] += seconds - sum(by_part.values())
            found.append(found_here)
        train, held_out = found
        whole = part("kernels", lambda: ntk(train))
        sides = part("kernels", lambda: (ntk(train, parameters=cells), ntk(held_out, train, parameters=cells)))
        part("eigenvalues", lambda: condition_number(whole))
        part("solve", lambda: regression_error(*sides, data.labels, data.held_out_labels, data.n_classes))
        thin = part("network", lambda: case.network(architecture, "regions"))
        crops = data.crops.split(settings.region_batch)
        part("regions", lambda: linear_regions(activation_patterns(thin, crops)))
    return dict(spent)


class TimedPass(ReversePass):
    """A reverse pass that knows how long its convolutions, batch-norms and pools took.

    Attributes:
        spent: CPU seconds by the names of `PARTS`.
    """

    def __init__(self, *arguments: object, **options: object) -> None:
        self.spent: Counter[str] = Counter()
        self._timed("convolutions", super().__init__, *arguments, **options)  # they are planned here

    def apply_rule(self, number: int, g: np.ndarray, factor: float) -> None:
        part, before = _BY_KIND.get(self.records[number].kind), self.spent["convolutions"]
        if part is None:
            super().apply_rule(number, g, factor)
        else:  # a convolution is reversed together with the batch-norm above it
            self._timed(part, super().apply_rule, number, g, factor)
            self.spent[part] -= self.spent["convolutions"] - before

    def convolve(self, number: int, g: np.ndarray, norm: tuple[np.ndarray, ...]) -> None:
        self._timed("convolutions", super().convolve, number, g, norm)

    def _timed(self, part: str, action: Callable[..., None], *arguments: object, **options: object) -> None:
        self.spent[part] += timed(lambda: action(*arguments, **options))[0]


def _reverse(tape: tuple[Step, ...], parameters: tuple[str, ...]) -> tuple[Mapping[str, Tensor], Counter[str]]:
    """Return the Jacobian, and the CPU seconds of what `TimedPass` times."""
    reverse = TimedPass.over(tape, parameters)
    return reverse.jacobian(parameters), reverse.spent


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
