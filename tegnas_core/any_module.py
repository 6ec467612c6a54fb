"""The indicators of any `torch.nn.Module`, not only of a cell: for users with a network of their own."""

import copy
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from tegnas_core.engine.arithmetic import one_thread
from tegnas_core.errors import TegnasError, quoted
from tegnas_core.indicators import (
    RIVALS,
    activation_patterns,
    condition_number,
    linear_regions,
    regression_error,
)
from tegnas_core.indicators.jacobians import plain_jacobian, select_parameters
from tegnas_core.indicators.kernels import ntk
from tegnas_core.indicators.measured import ERROR, OK, UNDEFINED, Measured
from tegnas_core.indicators.rivals.passes import GRADIENTS, MEASURES, Passes, why_undefined

_JACOBIAN_BYTES = 2**30  # of the blocks held at a time; larger networks are differentiated in several rounds


@dataclass(frozen=True)
class ModuleIndicators:
    """The indicators of one module with the weights that it has.

    Attributes:
        condition_number: κ ≥ 1; +inf when it failed.
        linear_regions: Number of activation patterns among the region inputs.
        regression_error: Held-out error of the kernel regression; +inf when it failed; nan without held-out
            images.
        status: "ok", or the reason why κ or the error could not be computed.
        n_parameters: Number of parameters that the kernel is made of.
        n_relus: Number of ReLU outputs in a pattern; with 0 of them R is 1 and says nothing.
        rivals: Value and status of each rival that was asked for.
        reasons: Why a rival has the status "undefined" or "error".
    """

    condition_number: float
    linear_regions: int
    regression_error: float
    status: str
    n_parameters: int
    n_relus: int = 0
    rivals: Mapping[str, Measured] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)


def evaluate_module(
    module: nn.Module,
    images: Tensor,
    labels: Tensor,
    held_out_images: Tensor | None = None,
    held_out_labels: Tensor | None = None,
    *,
    n_classes: int | None = None,
    region_images: Tensor | None = None,
    parameters: str = "weights",
    ridge: float = 0.0,
    rivals: Sequence[str] = (),
    seed: int = 0,
) -> ModuleIndicators:
    """Return κ, R, the regression error and, if asked for, rivals of a module with the weights it has.

    The kernel is that of the summed logits, Θ = J Jᵀ (see `jacobians`). The module is copied. In the copy
    batch-norm uses the statistics of the batch, and all else is in evaluation mode, so dropout is left out. The
    module itself stays as it is, including its running averages.

    Args:
        module: A network that maps images (n, …) to logits (n, n_logits), on the device of the images.
        images: Training images, shape (n, C, H, W).
        labels: Their classes, int64, shape (n,).
        held_out_images: Images that the regression is tested on; without them there is no regression error.
        held_out_labels: Their classes.
        n_classes: Number of classes; None takes the number of logits.
        region_images: Inputs whose regions are counted; None takes the training images. Inputs as large as these
            all lie in regions of their own, so R says little. The paper uses small crops.
        parameters: "weights", "all", "cells" or "last" (see `jacobians.select_parameters`).
        ridge: What the regression adds to the kernel's diagonal, in units of its mean.
        rivals: Names from `indicators.RIVALS`. They look at the training images; the second batch of ZiCo is the
            held-out one. A rival whose formula does not fit the module has the status "undefined".
        seed: Seed of the noise that some rivals look at.

    Raises:
        TegnasError: When shapes do not fit, the module returns no matrix of logits or has no such parameters, or
            a rival is unknown.

    >>> import torch
    >>> from tegnas_core import evaluate_module
    >>> _ = torch.manual_seed(0)
    >>> module = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(48, 2))
    >>> images, labels = torch.randn(6, 3, 4, 4), torch.tensor([0, 1, 0, 1, 0, 1])
    >>> found = evaluate_module(module, images, labels)
    >>> found.status, found.n_parameters, found.linear_regions  # without a ReLU there is one region
    ('ok', 96, 1)
    >>> round(found.condition_number, 1)
    3.7
    """
    if unknown := [name for name in rivals if name not in RIVALS]:
        raise TegnasError(f"unknown rival {quoted(unknown[0])}; known are {', '.join(RIVALS)}")
    network = copy.deepcopy(module)
    for layer in network.modules():  # parts come after their wholes
        layer.train(isinstance(layer, nn.modules.batchnorm._BatchNorm))
        layer.inplace = False  # rivals look at activations that would be overwritten
    region_images = images if region_images is None else region_images
    with one_thread():
        logits = _check(network, images, labels, held_out_images, held_out_labels)
        names = select_parameters(network, parameters)
        kernels = _kernels(network, names, images, held_out_images)
        kappa = condition_number(kernels[0])
        patterns = activation_patterns(network, [region_images])
        error, status, second = math.nan, kappa.status, None
        n_classes = n_classes or logits.shape[1]
        if held_out_images is not None:
            second = held_out_images, held_out_labels
            measured = regression_error(*kernels, labels, held_out_labels, n_classes, ridge=ridge)
            error, status = measured.value, status if status != OK else measured.status
        noise = seed, "noise", 0
        passes = Passes(network, images, labels, second, n_classes, noise, not GRADIENTS & {*rivals})
        vars(passes)["kernel"] = kernels[0]  # already made, in rounds that fit into memory
        found = {name: _rival(name, passes) for name in rivals}
    sizes = dict(network.named_parameters())
    return ModuleIndicators(
        kappa.value,
        linear_regions(patterns),
        error,
        status,
        n_parameters=sum(sizes[name].numel() for name in names),
        n_relus=patterns.shape[1] if len(patterns) == len(region_images) else 0,
        rivals={name: measured for name, (measured, _) in found.items()},
        reasons={name: reason for name, (_, reason) in found.items() if reason},
    )


def _rival(name: str, passes: Passes) -> tuple[Measured, str]:
    """Return a rival and why it has no value; what a strange module makes of one must not cost the others."""
    try:
        reason = why_undefined(name, passes)
        return (Measured(-math.inf, UNDEFINED), reason) if reason else (MEASURES[name](passes), "")
    except (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError) as error:
        return Measured(-math.inf, ERROR), f"{type(error).__name__}: {error}"


def _check(
    network: nn.Module,
    images: Tensor,
    labels: Tensor,
    held_out_images: Tensor | None,
    held_out_labels: Tensor | None,
) -> Tensor:
    """Return the logits of the training images, or say in one line what does not fit."""
    if (held_out_images is None) != (held_out_labels is None):
        raise TegnasError("held-out images and held-out labels go together; give both or neither")
    for what, x, y in (("training", images, labels), ("held-out", held_out_images, held_out_labels)):
        if x is not None and (len(x) != len(y) or len(x) < 2):
            raise TegnasError(f"{what}: {len(x)} images and {len(y)} labels; at least two of each are needed")
    with torch.no_grad():
        logits = network(images)
    if not isinstance(logits, Tensor) or logits.dim() != 2:
        raise TegnasError("the module must return logits of shape (n, n_classes); wrap it in one that does")
    return logits


def _kernels(
    network: nn.Module, names: tuple[str, ...], images: Tensor, held_out_images: Tensor | None
) -> tuple[Tensor, Tensor]:
    """Return Θ(train, train) and Θ(held out, train), summed over groups of parameters that fit into memory."""
    train = torch.zeros(len(images), len(images), dtype=torch.float64, device=images.device)
    n_held_out = 0 if held_out_images is None else len(held_out_images)
    cross = torch.zeros(n_held_out, len(images), dtype=torch.float64, device=images.device)
    for group in _groups(network, names, len(images) + n_held_out):
        block = plain_jacobian(network, images, group)
        train += ntk(block)
        if held_out_images is not None:
            cross += ntk(plain_jacobian(network, held_out_images, group), block)
    return train, cross


def _groups(network: nn.Module, names: tuple[str, ...], n_rows: int) -> list[tuple[str, ...]]:
    sizes = {name: parameter.numel() * parameter.element_size() for name, parameter in network.named_parameters()}
    groups: list[list[str]] = [[]]
    held = 0
    for name in names:
        if groups[-1] and held + sizes[name] * n_rows > _JACOBIAN_BYTES:
            groups.append([])
            held = 0
        groups[-1].append(name)
        held += sizes[name] * n_rows
    return [tuple(group) for group in groups]
