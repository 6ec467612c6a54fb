"""Independent categorical distributions, which every policy is made of, and how they follow a gradient."""

from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tegnas_core.errors import TegnasError

OptimiserName = Literal["adam", "sgd"]

INITIAL_SCALE = 1e-3  # standard deviation of the first logits, as in the released code: nearly uniform
OPTIMISERS = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}


class Categoricals:
    """Independent categorical distributions σ(θ_e), one for each row e of the logits θ.

    Args:
        allowed: Which options each row has, shape (rows, options); all others have probability 0.
        rng: Draws the first logits from N(0, 10⁻⁶).
    """

    def __init__(self, allowed: NDArray[np.bool_], *, rng: np.random.Generator) -> None:
        self.logits = torch.from_numpy(INITIAL_SCALE * rng.standard_normal(allowed.shape)).requires_grad_()
        self.mask = torch.from_numpy(np.where(allowed, 0.0, -np.inf))  # is added to the logits

    def draw(self, rng: np.random.Generator) -> NDArray[np.int64]:
        """Draw one option for each row, shape (rows,).

        With independent Gumbel noise g the largest of θ_eo + g_eo over o is a draw from σ(θ_e).
        """
        masked = (self.logits.detach() + self.mask).numpy()
        return (masked + rng.gumbel(size=masked.shape)).argmax(1)

    def log_probabilities(self) -> Tensor:
        """Return log σ(θ), shape (rows, options), which can be differentiated."""
        return torch.log_softmax(self.logits + self.mask, dim=1)

    def log_probability(self, options: tuple[int, ...]) -> Tensor:
        """Return Σ_e log σ(θ_e) of one option for each row."""
        return self.log_probabilities()[torch.arange(len(options)), torch.tensor(options)].sum()

    def probabilities(self) -> NDArray[np.float64]:
        """Return σ(θ), shape (rows, options)."""
        return self.log_probabilities().detach().exp().numpy()

    def entropy(self) -> float:
        """Return Σ_e H(σ(θ_e)) in nats."""
        return float(torch.special.entr(self.log_probabilities().detach().exp()).sum())


def make_optimiser(name: OptimiserName, logits: Tensor, *, learning_rate: float) -> torch.optim.Optimizer:
    """Return an optimiser of the logits with the library's default options.

    Args:
        name: "adam", which the released code takes, or "sgd", as the paper's text says.
        logits: What is optimised.
        learning_rate: η, length of a step.

    Raises:
        TegnasError: When the name is unknown or the learning rate is not positive.
    """
    if name not in OPTIMISERS:
        raise TegnasError(f"unknown optimiser {name!r}; known are {', '.join(OPTIMISERS)}")
    if not learning_rate > 0:
        raise TegnasError(f"a learning rate must be positive, got {learning_rate}")
    return OPTIMISERS[name]([logits], lr=learning_rate)


def descend(optimiser: torch.optim.Optimizer, loss: Tensor) -> None:
    """Take one step down the gradient of the loss; with "sgd" it is θ ← θ − η ∇f (Eq. 13, 19)."""
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
