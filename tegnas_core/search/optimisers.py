"""How logits follow a gradient: the two optimisers that paper and released code name."""

from typing import Literal

import torch
from torch import Tensor

from tegnas_core.errors import TegnasError

OptimiserName = Literal["adam", "sgd"]

OPTIMISERS = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}


def make_optimiser(name: OptimiserName, logits: Tensor, *, learning_rate: float) -> torch.optim.Optimizer:
    """Return an optimiser of the logits with the library's default options.

    Raises:
        TegnasError: When the name is unknown or the learning rate is not positive.
    """
    if name not in OPTIMISERS:
        raise TegnasError(f"unknown optimiser {name!r}; known are {', '.join(OPTIMISERS)}")
    if not learning_rate > 0:
        raise TegnasError(f"a learning rate is positive, got {learning_rate}")
    return OPTIMISERS[name]([logits], lr=learning_rate)


def descend(optimiser: torch.optim.Optimizer, loss: Tensor) -> None:
    """Take one step down the gradient of the loss: θ ← θ − η ∇f for "sgd" (Eq. 13, 19)."""
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
