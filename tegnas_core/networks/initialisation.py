"""Named initialisations. An unknown name is an error: the released code's typo left every weight untouched.

Each module's weights come from a generator of their own, seeded by where the module stands, so the same operation
on the same edge has the same weights whatever the rest of the architecture.
"""

import math
from collections.abc import Callable
from typing import get_args

import torch
from torch import Tensor, nn

from tegnas_core.errors import TegnasError
from tegnas_core.seeding import torch_generator
from tegnas_core.settings import Initialisation


def _fans(weight: Tensor) -> tuple[int, int]:
    receptive_field = math.prod(weight.shape[2:])
    return weight.shape[1] * receptive_field, weight.shape[0] * receptive_field


def _kaiming_fan_in(weight: Tensor, generator: torch.Generator) -> None:
    weight.normal_(0.0, math.sqrt(2 / _fans(weight)[0]), generator=generator)


def _kaiming_fan_out(weight: Tensor, generator: torch.Generator) -> None:
    weight.normal_(0.0, math.sqrt(2 / _fans(weight)[1]), generator=generator)


def _torch_default(weight: Tensor, generator: torch.Generator) -> None:
    bound = 1 / math.sqrt(_fans(weight)[0])
    weight.uniform_(-bound, bound, generator=generator)


def _xavier(weight: Tensor, generator: torch.Generator) -> None:
    weight.normal_(0.0, math.sqrt(2 / sum(_fans(weight))), generator=generator)


def _orthogonal(weight: Tensor, generator: torch.Generator) -> None:
    nn.init.orthogonal_(weight, generator=generator)


SCHEMES: dict[str, Callable[[Tensor, torch.Generator], None]] = {
    "kaiming_fan_in": _kaiming_fan_in,  # N(0, 2 / fan_in): He et al. 2015, paper Eq. 4
    "kaiming_fan_out": _kaiming_fan_out,
    "torch_default": _torch_default,  # U(±1/√fan_in): what the released code runs with
    "xavier": _xavier,
    "orthogonal": _orthogonal,
}
if set(SCHEMES) != set(get_args(Initialisation)):
    raise AssertionError("every named initialisation needs its function")


@torch.no_grad()
def initialise(network: nn.Module, scheme: str, *, seed: tuple[object, ...]) -> nn.Module:
    """Fill every convolution and linear layer by the named scheme; gains become 1, shifts and biases 0.

    With ``torch_default`` the biases are uniform in ±1/√fan_in too, as PyTorch's are.

    Args:
        network: Changed in place, and returned. A module's name in the network seeds its weights.
        scheme: A key of `SCHEMES`.
        seed: What the generator of each module is seeded with, besides the module's name.

    Raises:
        TegnasError: When the scheme is unknown.

    >>> network = initialise(nn.Linear(2, 1), "kaiming_fan_in", seed=(0,))
    >>> [round(weight, 2) for weight in network.weight[0].tolist()], network.bias.tolist()
    ([-0.8, 0.38], [0.0])
    """
    if scheme not in SCHEMES:
        raise TegnasError(f"unknown initialisation {scheme!r}; known are {', '.join(SCHEMES)}")
    for name, module in network.named_modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            generator = torch_generator(*seed, name)
            SCHEMES[scheme](module.weight, generator)
            if module.bias is not None:
                module.bias.zero_()
                if scheme == "torch_default":
                    bound = 1 / math.sqrt(_fans(module.weight)[0])
                    module.bias.uniform_(-bound, bound, generator=generator)
        elif isinstance(module, nn.BatchNorm2d) and module.affine:
            module.weight.fill_(1.0)
            module.bias.zero_()
    return network
