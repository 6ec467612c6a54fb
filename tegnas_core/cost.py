"""What an evaluation costs: the fast ways beside the slow twin, and where the time goes.

Times are CPU seconds of this process: on one thread, other programs on the machine do not count, as a clock on the
wall would make them. On a GPU they are seconds on the wall, waiting for the device.
"""

import contextlib
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import TypeVar

import torch
from torch import Tensor, nn

from tegnas_core import convolution_loops, reverse, reverse_loops
from tegnas_core.architecture import Architecture
from tegnas_core.images import ImageSource
from tegnas_core.indicators import activation_patterns, condition_number, linear_regions, regression_error
from tegnas_core.jacobians import jacobian, plain_jacobian, select_parameters
from tegnas_core.kernels import ntk
from tegnas_core.networks import Role, proxy_network
from tegnas_core.proxy_data import ProxyData, draw_proxy_data
from tegnas_core.settings import IndicatorSettings
from tegnas_core.tape import layers, run
from tegnas_core.threads import one_thread

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
    "pools": ((reverse_loops, "mean_pool_3x3"), (reverse_loops, "mean_pool_blocks"), (reverse_loops, "spread")),
}
T = TypeVar("T")


@dataclass(frozen=True)
class Case:
    """What is timed: the networks and the images of one repeat of an evaluation.

    Attributes:
        settings: Sizes and initialisation.
        images: Where the batch is drawn from.
        seed: Of images and weights.
        device: Where it runs.
    """

    settings: IndicatorSettings
    images: ImageSource
    seed: int = 0
    device: str = "cpu"

    def network(self, architecture: Architecture, role: Role = "kernel", *, repeat: int = 0) -> nn.Module:
        """Return a new network of the architecture, with the same weights each time."""
        return proxy_network(
            architecture,
            self.settings,
            role,
            n_classes=self.images.n_classes,
            seed=self.seed,
            repeat=repeat,
            device=self.device,
        )

    def data(self) -> ProxyData:
        """Return the images of the first repeat."""
        return draw_proxy_data(
            self.images, self.settings, seed=self.seed, index=0, device=torch.device(self.device)
        )


def timed(action: Callable[[], T], device: str = "cpu") -> tuple[float, T]:
    """Return the seconds that an action takes, and its result."""
    if device == "cpu":
        started = time.process_time()
        result = action()
        return time.process_time() - started, result
    torch.cuda.synchronize()
    started = time.perf_counter()
    result = action()
    torch.cuda.synchronize()
    return time.perf_counter() - started, result


def compare(
    case: Case, architecture: Architecture, *, rounds: int = 2, reference: bool = True
) -> dict[str, float]:
    """Time the slow twin, the exact and the frozen way in turn on one batch, and say how far the kernels are off.

    Args:
        case: Networks and images.
        architecture: What is timed.
        rounds: How often the three are timed, one after the other.
        reference: Compute the twin in float64 too; without, errors against float64 are nan.

    Returns:
        Mean seconds `twin`, `exact`, `frozen` of one Jacobian from a new network on, and relative errors of the
        kernel in the Frobenius norm: `error_twin` and `error_exact` against the twin in float64,
        `error_exact_twin` between the two in the settings' precision, `error_frozen` against plain torch in
        float64; `error_kappa` relative, of the exact way against float64.
    """
    x = case.data().images
    names = select_parameters(case.network(architecture), "weights")
    ways = {
        "twin": lambda network: plain_jacobian(network, x, names),
        "exact": lambda network: jacobian(network, x, names),
        "frozen": lambda network: jacobian(network, x, names, batch_norm="frozen"),
    }
    seconds: Counter[str] = Counter()
    kernels: dict[str, Tensor] = {}
    with one_thread():
        for _ in range(rounds):
            for name, way in ways.items():
                network = case.network(architecture)  # a new one: what one network remembers helps no other
                took, found = timed(lambda way=way, network=network: way(network), case.device)
                seconds[name] += took / rounds
                kernels[name] = ntk(found)
        errors = _errors(case, architecture, kernels, x, names) if reference else {}
    near = _relative_error(kernels["exact"], kernels["twin"])
    return {**seconds, "error_exact_twin": near, **errors}


def _errors(
    case: Case, architecture: Architecture, kernels: dict[str, Tensor], x: Tensor, names: tuple[str, ...]
) -> dict[str, float]:
    double = case.network(architecture).double()
    twin = ntk(plain_jacobian(double, x.double(), names))
    frozen = ntk(jacobian(double, x.double(), names, batch_norm="frozen", way="batched"))
    kappa, kappa_double = condition_number(kernels["exact"]).value, condition_number(twin).value
    return {
        "error_twin": _relative_error(kernels["twin"], twin),
        "error_exact": _relative_error(kernels["exact"], twin),
        "error_frozen": _relative_error(kernels["frozen"], frozen),
        "error_kappa": abs(kappa - kappa_double) / kappa_double,
    }


def _relative_error(found: Tensor, expected: Tensor) -> float:
    return ((found - expected).norm() / expected.norm()).item()


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
