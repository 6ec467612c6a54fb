"""A network from outside, scored: κ, R, MSE and the rivals of fresh weights, several times."""

import copy
import hashlib
import math
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from tegnas_core.any_module import ModuleIndicators, evaluate_module
from tegnas_core.data.proxy_data import ProxyData, draw_proxy_data
from tegnas_core.data.source import ImageSource
from tegnas_core.errors import TegnasError
from tegnas_core.indicators.measured import OK, UNDEFINED, Measured
from tegnas_core.indicators.names import RIVALS, TEG
from tegnas_core.seeding import derive_seed
from tegnas_core.settings import make_settings
from tegnas_study.own_network.factory import Factory, foreign_code, told

CROPS, CROP = 1000, 3  # inputs of the region count, and their side in pixels
MOST_BYTES = 4 * 2**30  # of the gradients of the largest parameter


@dataclass(frozen=True)
class Scored:
    """One indicator of one network.

    Attributes:
        repeats: Its value and status in each repeat.
        reason: Why it has no value, or "".
    """

    repeats: tuple[Measured, ...]
    reason: str = ""

    @property
    def status(self) -> str:
        """Return "ok", or the status of the first repeat that failed."""
        return next((measured.status for measured in self.repeats if measured.status != OK), OK)


@dataclass(frozen=True)
class NetworkScore:
    """What a network is found to be, over several draws of its weights.

    Attributes:
        indicators: κ, R, MSE and the rivals by name.
        n_parameters: Number of parameters of the network.
        seconds: Wall-clock time of each repeat.
        are_fresh: Whether each repeat had weights of its own.
    """

    indicators: dict[str, Scored]
    n_parameters: int
    seconds: tuple[float, ...]
    are_fresh: bool

    def mean(self, name: str) -> float:
        """Return an indicator's mean over the repeats, geometric for κ; nan when a repeat failed."""
        found = self.indicators[name]
        values = [measured.value for measured in found.repeats]
        if found.status != OK:
            return math.nan
        return statistics.geometric_mean(values) if name == "condition_number" else statistics.fmean(values)


def score_network(
    factory: Factory,
    source: ImageSource,
    *,
    n_classes: int | None = None,
    size: int | None = None,
    batch_size: int = 32,
    repeats: int = 3,
    seed: int = 0,
    device: str = "cpu",
    rivals: Sequence[str] = tuple(RIVALS),
) -> NetworkScore:
    """Return κ, R, MSE and the rivals of the networks that a factory makes.

    Each repeat makes a network under a seed of its own; all of them see the same images, which are normalised and
    augmented as in preset "teg". The kernels of κ and of the regression are made of all weights. R counts the
    patterns of 1,000 crops of 3×3 pixels, each one colour channel that is shown to all three.

    Args:
        factory: From a number of classes to a module (see `factory.find_factory`).
        source: Where images come from.
        n_classes: Number of logits; None takes the number of classes of the images.
        size: Height and width to which images are resized; None leaves them as they are.
        batch_size: Training images, and as many held-out ones.
        repeats: Number of networks.
        seed: All weights and images are drawn from it.
        device: Where to compute.
        rivals: Which rivals, of `indicators.RIVALS`.

    Raises:
        TegnasError: When the factory makes no module, the module has no weights that can be differentiated, does
            not take the images or does not return logits of the classes, or its gradients do not fit into memory.
    """
    n_classes = source.n_classes if n_classes is None else n_classes
    if n_classes < source.n_classes:
        raise TegnasError(f"{n_classes} classes are too few: {source.name} has {source.n_classes}")
    settings = make_settings("teg", batch_size=batch_size, region_images=CROPS, region_size=CROP)
    data = draw_proxy_data(source, settings, seed=seed, index=0, device=torch.device(device))
    data = data if size is None else _resized(data, size)
    found, seconds, digests, n_parameters = [], [], set(), 0
    for repeat in range(repeats):
        started = time.perf_counter()
        with torch.random.fork_rng():  # the factory may draw from torch's global generator only
            torch.manual_seed(derive_seed(seed, "own network", repeat))
            network = _copy(factory(n_classes))
            _check_parameters(network)
            network = network.to(device)
            found.append(_evaluated(network, data, n_classes, seed=seed, rivals=rivals))
        n_parameters = sum(parameter.numel() for parameter in network.parameters())
        digests.add(_digest(network))
        seconds.append(time.perf_counter() - started)
    names = (*TEG, *(name for name in RIVALS if name in rivals))
    indicators = {name: Scored(tuple(one[name][0] for one in found), found[0][name][1]) for name in names}
    return NetworkScore(indicators, n_parameters, tuple(seconds), len(digests) == repeats)


def _copy(network: nn.Module) -> nn.Module:
    """Return a copy to work on: a factory may hand out one module again and again."""
    try:
        return copy.deepcopy(network)
    except Exception as error:  # whatever the code of others does
        raise TegnasError(f"the network cannot be copied: {told(error)}") from error


def _check_parameters(network: nn.Module) -> None:
    """Refuse a network that has no weights, or none that can be differentiated."""
    weights = [*network.parameters()]
    if not weights:
        raise TegnasError("the network has no parameters")
    if any(tensor.is_meta for tensor in (*weights, *network.buffers())):
        raise TegnasError("the network lies on the meta device, without numbers; make it on the processor")
    if not any(weight.requires_grad for weight in weights):
        raise TegnasError("none of the network's parameters requires a gradient; call requires_grad_(True) on it")


def _digest(network: nn.Module) -> str:
    """Return a text that is the same for the same weights only."""
    digest = hashlib.sha256()
    for weight in network.parameters():
        digest.update(weight.detach().cpu().reshape(-1).view(torch.uint8).numpy())
    return digest.hexdigest()


def _resized(data: ProxyData, size: int) -> ProxyData:
    options = {"size": (size, size), "mode": "bilinear", "antialias": True, "align_corners": False}
    images, held_out = (nn.functional.interpolate(x, **options) for x in (data.images, data.held_out_images))
    return replace(data, images=images, held_out_images=held_out)


def _evaluated(
    network: nn.Module, data: ProxyData, n_classes: int, *, seed: int, rivals: Sequence[str]
) -> dict[str, tuple[Measured, str]]:
    """Return value, status and reason of every indicator of one network."""
    _check_logits(network, data.images, n_classes)
    _check_memory(network, len(data.images))
    crops = data.crops.expand(-1, data.images.shape[1], -1, -1).contiguous()
    refused = _refused(network, crops)
    arguments = data.images, data.labels, data.held_out_images, data.held_out_labels
    try:
        with foreign_code():
            found = evaluate_module(
                network,
                *arguments,
                n_classes=data.n_classes,
                region_images=None if refused else crops,
                rivals=rivals,
                seed=seed,
            )
    except TegnasError:
        raise
    except Exception as error:  # whatever the code of others does
        raise TegnasError(f"the network fails when it is differentiated: {told(error)}") from error
    return _three(found, refused) | {name: (found.rivals[name], found.reasons.get(name, "")) for name in rivals}


def _three(found: ModuleIndicators, refused: str) -> dict[str, tuple[Measured, str]]:
    kappa = Measured(found.condition_number, OK if math.isfinite(found.condition_number) else found.status)
    error = Measured(found.regression_error, OK if math.isfinite(found.regression_error) else found.status)
    reason = refused or ("" if found.n_relus else "no nn.ReLU module sees a map of features")
    regions = Measured(float(found.linear_regions)) if not reason else Measured(-math.inf, UNDEFINED)
    return dict(zip(TEG, ((kappa, ""), (regions, reason), (error, "")), strict=True))


def _check_logits(network: nn.Module, images: Tensor, n_classes: int) -> None:
    shape = tuple(images.shape)
    logits = _answer(network, images)
    if isinstance(logits, Exception):
        raise TegnasError(f"the network does not take images of shape {shape}: {told(logits)}")
    if not isinstance(logits, Tensor):
        raise TegnasError(f"the network returns a {type(logits).__name__}; it should return a tensor of logits")
    if tuple(logits.shape) != (len(images), n_classes):
        raise TegnasError(
            f"the network answers images of shape {shape} with shape {tuple(logits.shape)} and should answer with "
            f"{(len(images), n_classes)}. Make one with as many outputs, or give their number as --classes"
        )


def _refused(network: nn.Module, crops: Tensor) -> str:
    """Return why the regions cannot be counted, or ""."""
    answer = _answer(network, crops)
    return f"it does not take crops of {CROP}×{CROP}: {told(answer)}" if isinstance(answer, Exception) else ""


def _answer(network: nn.Module, images: Tensor) -> object:
    """Return what a network says to images, or its exception."""
    for module in network.modules():
        module.train(isinstance(module, nn.modules.batchnorm._BatchNorm))
    try:
        with torch.no_grad(), foreign_code():
            return network(images)
    except Exception as error:  # whatever the code of others does
        return error


def _check_memory(network: nn.Module, n_images: int) -> None:
    """Refuse what could fill the memory: gradients are held parameter by parameter (see `any_module`)."""
    name, largest = max(network.named_parameters(), key=lambda item: item[1].numel())
    needed = 2 * n_images * largest.numel() * largest.element_size()
    if needed > MOST_BYTES:
        fits = max(2, int(n_images * MOST_BYTES / needed))
        raise TegnasError(
            f"the gradients of {name}, {largest.numel():,} numbers, of 2 × {n_images} images need "
            f"{needed / 2**30:.0f} GiB; at most {MOST_BYTES // 2**30} are taken. Try --batch-size {fits}"
        )
