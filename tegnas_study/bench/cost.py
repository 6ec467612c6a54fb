"""What a kernel costs: the fast ways beside the slow twin. `cost_parts` says where an evaluation spends its time.

Times are CPU seconds of this process: on one thread, other programs on the machine do not count, as a clock on the
wall would make them. On a GPU they are seconds on the wall, waiting for the device.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor, nn

from tegnas_core.data.proxy_data import ProxyData, draw_proxy_data
from tegnas_core.data.source import ImageSource
from tegnas_core.engine.arithmetic import one_thread
from tegnas_core.indicators import condition_number
from tegnas_core.indicators.jacobians import jacobian, plain_jacobian, select_parameters
from tegnas_core.indicators.kernels import ntk
from tegnas_core.networks import Role, proxy_network
from tegnas_core.settings import IndicatorSettings
from tegnas_core.spaces.architecture import Architecture

T = TypeVar("T")


@dataclass(frozen=True)
class Case:
    """What is timed: the networks and the images of one repeat of an evaluation.

    Attributes:
        settings: Sizes and initialisation.
        images: The source that the batch is drawn from.
        seed: The images and weights are drawn from this seed.
        device: The device that the networks run on.
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
