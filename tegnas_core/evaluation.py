"""From an architecture to its three indicators: settings, images and a seed make an `Evaluator`."""

import math
import time
from collections.abc import Sequence
from functools import cache
from typing import Generic

import torch
from torch import Tensor, nn

from tegnas_core.data.proxy_data import ProxyData, check_images, draw_proxy_data
from tegnas_core.data.source import ImageSource
from tegnas_core.engine.arithmetic import full_precision, one_thread
from tegnas_core.evaluated import Indicators, Repeat, average
from tegnas_core.indicators import (
    Measured,
    Spectrum,
    activation_patterns,
    condition_number,
    linear_regions,
    regression_error,
)
from tegnas_core.indicators.controls import Kernels, regression_controls
from tegnas_core.indicators.jacobians import Jacobian, jacobian, select_parameters
from tegnas_core.indicators.kernels import ntk
from tegnas_core.indicators.measured import DISCONNECTED, NOT_FINITE, OK
from tegnas_core.networks import NASBench201Networks, ProxyNetworks, Role, proxy_network
from tegnas_core.networks.proxy import A
from tegnas_core.settings import IndicatorSettings


class Evaluator(Generic[A]):
    """Evaluates architectures of one search space under one settings, one image source and one seed.

    The result for an architecture depends on these and on nothing else: not on what was evaluated before, in
    which order, or in how many processes.

    Args:
        settings: Every choice that moves a number.
        images: The source that batches are drawn from.
        seed: All weights, images and crops are drawn from this seed.
        device: The device that networks run on; the weights and images are the same on every device.
        controls: Whether to compute the controls of the regression error too.
        networks: How the space's architectures become networks; None takes those of NAS-Bench-201.

    Raises:
        TegnasError: When a batch is larger than the data, a split is missing, or the images have a side that
            cannot be halved twice.

    >>> from tegnas_core import Architecture, Evaluator, make_settings
    >>> from tegnas_study import load_images
    >>> small = make_settings("teg", batch_size=8, region_images=100, repeats=1)
    >>> evaluate = Evaluator(small, load_images("synthetic"), seed=0)
    >>> found = evaluate(Architecture(("nor_conv_3x3",) * 6))
    >>> f"κ = {found.condition_number:.1f}, MSE = {found.regression_error:.2f}, R = {found.linear_regions:.0f}"
    'κ = 4.4, MSE = 0.81, R = 89'
    >>> found.status, len(found.repeats)
    ('ok', 1)
    """

    def __init__(
        self,
        settings: IndicatorSettings,
        images: ImageSource,
        *,
        seed: int = 0,
        device: str | torch.device = "cpu",
        controls: bool = False,
        networks: ProxyNetworks[A] | None = None,
    ) -> None:
        self.settings = settings
        self.images = images
        self.seed = seed
        self.device = torch.device(device)
        self.controls = controls
        self.networks = networks or NASBench201Networks()
        self._data = cache(self._draw)
        check_images(images)
        self._data(0)  # now, so that what cannot be drawn is said before any work

    def __call__(self, architecture: A) -> Indicators[A]:
        """Return the indicators of one architecture, averaged over the repeats of the settings."""
        repeats = tuple(self.evaluate_repeat(architecture, r) for r in range(self.settings.repeats))
        return average(architecture, repeats, self.settings)

    def evaluate_repeat(self, architecture: A, repeat: int) -> Repeat:
        """Return one repeat of the three indicators of one architecture."""
        started = time.perf_counter()
        with one_thread(), full_precision():
            built = self.networks.simplest(architecture, self.settings)
            data = self._data(repeat if self.settings.repeat_draws == "weights and images" else 0)
            regions = self._regions(built, repeat, data)
            if self.networks.is_alive(built):
                kappa, error, controls = self._kernel_indicators(built, repeat, data)
            else:
                kappa = error = Measured(math.inf, DISCONNECTED)
                controls = {}
        status = kappa.status if kappa.status != OK else error.status
        seconds = time.perf_counter() - started
        return Repeat(repeat, kappa.value, regions, error.value, status, seconds, controls)

    def _draw(self, index: int) -> ProxyData:
        return draw_proxy_data(self.images, self.settings, seed=self.seed, index=index, device=self.device)

    def _network(self, architecture: A, role: Role, repeat: int) -> nn.Module:
        return proxy_network(
            architecture,
            self.settings,
            role,
            n_classes=self.images.n_classes,
            seed=self.seed,
            repeat=repeat,
            device=self.device,
            networks=self.networks,
        )

    def _regions(self, architecture: A, repeat: int, data: ProxyData) -> float:
        network = self._network(architecture, "regions", repeat)
        batches = data.crops.split(self.settings.region_batch)
        return float(linear_regions(activation_patterns(network, batches)))

    def _kernel_indicators(
        self, architecture: A, repeat: int, data: ProxyData
    ) -> tuple[Measured, Measured, dict[str, float]]:
        settings = self.settings
        network = self._network(architecture, "kernel", repeat)
        for_kappa = select_parameters(network, settings.ntk_parameters)
        for_regression = select_parameters(network, settings.regression_parameters)
        held_out_names = {*for_regression}
        train_names = {*for_kappa, *for_regression}
        if self.controls:
            train_names.update(select_parameters(network, "weights"))
            held_out_names.update(select_parameters(network, "cells"), select_parameters(network, "last"))
        train = self._jacobians(network, data.images, train_names)
        held_out = self._jacobians(network, data.held_out_images, held_out_names)
        dtype = getattr(torch, settings.kernel_precision)
        kernel, cells = (sum_of_kernels(train, None, names, dtype) for names in (for_kappa, for_regression))
        spectrum = Spectrum.of(kernel)
        kappa = condition_number(kernel, singular_below=settings.singular_below, spectrum=spectrum)
        error = regression_error(
            cells,
            sum_of_kernels(held_out, train, for_regression, dtype),
            data.labels,
            data.held_out_labels,
            data.n_classes,
            ridge=settings.ridge,
            solver=settings.regression_solver,
            error=settings.regression_error,
            singular_below=settings.singular_below,
        )
        numbers = {**spectrum.columns("kernel"), **Spectrum.of(cells).columns("regression_kernel")}
        if self.controls and NOT_FINITE not in (kappa.status, error.status):
            numbers.update(self._controls(network, train, held_out, data))
        return kappa, error, numbers

    def _controls(
        self, network: nn.Module, train: Sequence[Jacobian], held_out: Sequence[Jacobian], data: ProxyData
    ) -> dict[str, float]:
        weights, cells, last = (select_parameters(network, which) for which in ("weights", "cells", "last"))
        kernels = Kernels(
            weights=sum_of_kernels(train, None, weights),
            cells=sum_of_kernels(train, None, cells),
            cells_test=sum_of_kernels(held_out, train, cells),
            last=sum_of_kernels(train, None, last),
            last_test=sum_of_kernels(held_out, train, last),
        )
        labels = data.labels, data.held_out_labels, data.n_classes
        return regression_controls(kernels, *labels, seed=(self.seed, "controls"))

    def _jacobians(self, network: nn.Module, images: Tensor, names: set[str]) -> list[Jacobian]:
        """Return one Jacobian of the summed logits, or one of each logit for the trace."""
        ordered = tuple(name for name, _ in network.named_parameters() if name in names)
        directions: list[Tensor | None] = [None]
        if self.settings.output == "trace":
            directions = list(torch.eye(self.images.n_classes, dtype=images.dtype, device=images.device))
        return [
            jacobian(network, images, ordered, logit_weights=direction, batch_norm=self.settings.batch_norm)
            for direction in directions
        ]


def sum_of_kernels(
    jacobians_a: Sequence[Jacobian],
    jacobians_b: Sequence[Jacobian] | None,
    parameters: Sequence[str],
    dtype: torch.dtype = torch.float64,
) -> Tensor:
    """Return Σ_k Θ_k over the Jacobians of several outputs: with one a logit, the trace of the full NTK."""
    pairs = zip(jacobians_a, jacobians_b or [None] * len(jacobians_a), strict=True)
    return torch.stack([ntk(a, b, parameters=parameters, dtype=dtype) for a, b in pairs]).sum(0)
