"""From an architecture to the rivals of its three indicators: settings, images and a seed make a `RivalEvaluator`.

The rivals look at the very network and batch that κ looks at, with the same architecture of its class, the same
weights and the same images, so that a comparison says something about the indicators and not about luck. That
network is the small proxy of the settings. Most of the original papers use the benchmark's own network of 16
channels and five cells a stage: settings changed by ``NETWORKS["benchmark"]`` use that network too and take about
twenty times as long. The originals also start from PyTorch's default initialisation,
``initialisation="torch_default"``.
"""

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor

from tegnas_core.data.batches import Batch
from tegnas_core.data.proxy_data import check_images, draw_training_batch
from tegnas_core.data.source import ImageSource
from tegnas_core.engine.arithmetic import one_thread
from tegnas_core.errors import TegnasError, quoted
from tegnas_core.indicators.measured import DISCONNECTED, OK, Measured
from tegnas_core.indicators.names import RIVALS, ZERO_COST
from tegnas_core.indicators.rivals.passes import GRADIENTS, MEASURES, SECOND_BATCH, Passes
from tegnas_core.networks import proxy_network, what_to_build
from tegnas_core.settings import IndicatorSettings
from tegnas_core.spaces.architecture import Architecture
from tegnas_core.spaces.structure import is_connected, without_dead_edges


@dataclass(frozen=True)
class RivalRepeat:
    """One repeat of the rivals: new weights (and, by the settings, new images).

    Attributes:
        repeat: The number of the repeat, from 0.
        values: Each rival's value by column name, as they were asked for; −∞ for one that failed.
        status: "ok", or the reason why the first of the failed rivals failed.
        seconds: Wall-clock time in seconds.
    """

    repeat: int
    values: Mapping[str, float]
    status: str
    seconds: float


class RivalEvaluator:
    """Evaluates the rivals of architectures of NAS-Bench-201 under one settings, image source and seed.

    The result for an architecture depends on these and on nothing else, as that of `evaluation.Evaluator`, whose
    weights and training images it shares.

    Args:
        settings: Every choice that moves a number; the rivals use those of network, initialisation, training
            batch and repeats.
        images: The source that batches are drawn from.
        seed: All weights and images are drawn from this seed.
        device: The device that networks run on; the weights and images are the same on every device.
        names: The rivals to measure, of `indicators.RIVALS`.

    Raises:
        TegnasError: When a rival is unknown, a batch is larger than the data, a split is missing, or the images
            have a side that cannot be halved twice.

    >>> from tegnas_core import Architecture, RivalEvaluator, make_settings
    >>> from tegnas_study import load_images
    >>> evaluator = RivalEvaluator(make_settings("teg", batch_size=8), load_images("synthetic"))
    >>> found = evaluator.evaluate_repeat(Architecture(("nor_conv_3x3",) * 6), 0)
    >>> f"{found.values['naswot']:.1f}, {found.values['log_synflow']:.1f}, {found.status}"
    '80.9, 35.6, ok'
    """

    def __init__(
        self,
        settings: IndicatorSettings,
        images: ImageSource,
        *,
        seed: int = 0,
        device: str | torch.device = "cpu",
        names: Sequence[str] = ZERO_COST,
    ) -> None:
        self.settings = settings
        self.images = images
        self.seed = seed
        self.device = torch.device(device)
        self.names = tuple(dict.fromkeys(names))
        for name in self.names:
            if name not in RIVALS:
                raise TegnasError(f"unknown rival {quoted(name)}; known are {', '.join(RIVALS)}")
        self._batch = cache(self._draw)
        check_images(images)
        self._batch(0)  # now, so that what cannot be drawn is said before any work

    def evaluate_repeat(self, architecture: Architecture, repeat: int) -> RivalRepeat:
        """Return one repeat of the rivals of one architecture."""
        started = time.perf_counter()
        with one_thread():
            # dead edges would only add ReLUs that no gradient reaches, which NASWOT leaves out
            built = without_dead_edges(what_to_build(architecture, self.settings))
            if is_connected(built):
                measured = self._measure(built, repeat)
            else:
                measured = dict.fromkeys(self.names, Measured(-math.inf, DISCONNECTED))
        values = {name: measured[name].value for name in self.names}
        status = next((measured[name].status for name in self.names if measured[name].status != OK), OK)
        return RivalRepeat(repeat, values, status, time.perf_counter() - started)

    def _draw(self, index: int) -> Batch:
        return draw_training_batch(self.images, self.settings, seed=self.seed, index=index)

    def _measure(self, architecture: Architecture, repeat: int) -> dict[str, Measured]:
        index = repeat if self.settings.repeat_draws == "weights and images" else 0
        images, labels = self._on_device(index)
        network = proxy_network(
            architecture,
            self.settings,
            "kernel",
            n_classes=self.images.n_classes,
            seed=self.seed,
            repeat=repeat,
            device=self.device,
        )
        passes = Passes(
            network,
            images,
            labels,
            second=self._on_device(index + 1) if SECOND_BATCH & {*self.names} else None,
            n_classes=self.images.n_classes,
            noise=(self.seed, "noise", index),
            forward_only=not GRADIENTS & {*self.names},
        )
        return {name: MEASURES[name](passes) for name in self.names}

    def _on_device(self, index: int) -> tuple[Tensor, Tensor]:
        batch = self._batch(index)
        return batch.images.to(self.device), batch.labels.to(self.device)
