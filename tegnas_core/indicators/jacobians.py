"""From a network and images to the Jacobian of its outputs with respect to its parameters.

The Jacobian is that of the *batch* function: with batch statistics every output depends on every image, so
row i is the gradient of image i's output in one forward pass of the whole batch (paper Eq. 1).

It comes as a mapping from parameter names to blocks of shape (n_images, parameter size), in the order of
``network.named_parameters()``: kernels are sums over blocks, and a kernel of some parameters a sum over some.

There are three ways to the same numbers: "plain" (one backward pass per image), "reverse" (compiled, on a CPU) and
"batched" (plain torch, all images at once, for a GPU). The fast two are in `engine`.
"""

from collections.abc import Mapping
from typing import Literal

import torch
from torch import Tensor, nn

from tegnas_core.engine.arithmetic import full_precision
from tegnas_core.engine.tracing import UnknownLayer, layers
from tegnas_core.errors import TegnasError

Jacobian = Mapping[str, Tensor]
Way = Literal["auto", "plain", "reverse", "batched"]


def select_parameters(network: nn.Module, which: str) -> tuple[str, ...]:
    """Return the names of the parameters that a kernel is made of.

    Args:
        network: Any module whose parameter names say where they stand.
        which: "weights", every name with "weight" in it (no biases, no batch-norm shifts; what the released
            code does); "all"; "cells", the weights whose name has "cells" in it; "last", the weight of the last
            linear layer.

    Raises:
        TegnasError: When `which` is unknown or selects nothing.

    >>> select_parameters(nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU()), "weights")
    ('0.weight',)
    """
    names = [name for name, parameter in network.named_parameters() if parameter.requires_grad]
    linear = [name for name, module in network.named_modules() if isinstance(module, nn.Linear)]
    rules = {
        "weights": lambda name: "weight" in name,
        "all": lambda name: True,
        "cells": lambda name: "cells" in name and "weight" in name,
        "last": lambda name: bool(linear) and name == f"{linear[-1]}.weight".lstrip("."),
    }
    if which not in rules:
        raise TegnasError(f"unknown parameters {which!r}; known are {', '.join(rules)}")
    chosen = tuple(name for name in names if rules[which](name))
    if not chosen:
        raise TegnasError(f"the network has no parameters of kind {which!r}; try 'weights' or 'all'")
    return chosen


@full_precision()
def jacobian(
    network: nn.Module,
    images: Tensor,
    parameters: tuple[str, ...],
    *,
    logit_weights: Tensor | None = None,
    batch_norm: Literal["exact", "frozen"] = "exact",
    way: Way = "auto",
) -> Jacobian:
    """Return J, with J[name][i] the gradient of v·f(x)_i with respect to the parameter `name`, flattened.

    Args:
        network: In train mode; its parameters and buffers are not changed.
        images: A contiguous batch, shape (n, C, H, W).
        parameters: Names from `select_parameters`.
        logit_weights: The vector v over the logits, shape (n_logits,); None is all ones, the sum of the logits.
        batch_norm: "exact" differentiates through the batch statistics, "frozen" holds them constant.
        way: "auto" takes the fastest way that knows all layers; the others force one.

    Returns:
        Blocks of shape (n, size of the parameter), in the order of `parameters`.

    Raises:
        UnknownLayer: When a forced way, or frozen statistics, meet a layer without a reverse rule.

    The gradient of a linear layer's summed logits is the input itself, once for each logit.

    >>> network = nn.Sequential(nn.Flatten(), nn.Linear(2, 2))
    >>> images = torch.tensor([[3.0, 5.0]]).view(1, 1, 1, 2)
    >>> jacobian(network, images, select_parameters(network, "weights"))
    {'1.weight': tensor([[3., 5., 3., 5.]])}
    """
    options = {"logit_weights": logit_weights, "batch_norm": batch_norm}
    if way == "auto":
        try:
            fast = "reverse" if images.device.type == "cpu" else "batched"
            return jacobian(network, images, parameters, way=fast, **options)
        except UnknownLayer:
            general = "plain" if batch_norm == "exact" else "batched"
            return jacobian(network, images, parameters, way=general, **options)
    if way == "plain":
        if batch_norm == "frozen":
            raise UnknownLayer("frozen statistics need the batched way")
        return plain_jacobian(network, images, parameters, logit_weights=logit_weights)
    return _fast_jacobian(network, images, parameters, logit_weights, way=way, hold=batch_norm == "frozen")


def _fast_jacobian(
    network: nn.Module,
    images: Tensor,
    parameters: tuple[str, ...],
    logit_weights: Tensor | None,
    *,
    way: Literal["reverse", "batched"],
    hold: bool,
) -> Jacobian:
    """Return J by the engine; `hold` the batch statistics constant or not. Other arguments as in `jacobian`."""
    # imported here, since numba takes longer to load than all the rest and the plain way needs none of it
    from tegnas_core.engine import batched, frozen, reverse_pass
    from tegnas_core.engine.tape import parameters_on, run

    known = layers(network)
    if unused := set(parameters).difference(parameters_on(known)):
        raise UnknownLayer(f"the forward pass does not use {', '.join(sorted(unused))}")
    if way == "reverse" and hold:
        return frozen.jacobian(known, images, parameters, logit_weights)
    tape = run(known, images)
    if way == "reverse":
        return reverse_pass.jacobian(tape, parameters, logit_weights)
    return batched.jacobian(tape, parameters, logit_weights, frozen=hold)


def plain_jacobian(
    network: nn.Module,
    images: Tensor,
    parameters: tuple[str, ...],
    *,
    logit_weights: Tensor | None = None,
) -> Jacobian:
    """Return J by one backward pass per image: the plain way, which is slow and right for any network.

    Shapes and arguments are those of `jacobian`.
    """
    tensors = dict(network.named_parameters())
    wanted = [tensors[name] for name in parameters]
    buffers = {name: buffer.clone() for name, buffer in network.named_buffers()}  # running averages stay
    with torch.enable_grad():
        logits = torch.func.functional_call(network, buffers, (images,))
    outputs = logits.sum(1) if logit_weights is None else logits @ logit_weights
    rows = []
    for i in range(len(images)):
        gradients = torch.autograd.grad(
            outputs[i], wanted, retain_graph=i + 1 < len(images), allow_unused=True, materialize_grads=True
        )
        rows.append([gradient.flatten() for gradient in gradients])
    return {name: torch.stack([row[k] for row in rows]) for k, name in enumerate(parameters)}
