"""What every policy promises, and the independent categoricals that all of them are made of."""

from dataclasses import dataclass
from typing import Generic, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tegnas_core.search.method import A

INITIAL_SCALE = 1e-3  # standard deviation of the first logits, as in the released code: nearly uniform


@dataclass(frozen=True)
class Draw(Generic[A]):
    """One draw from a policy.

    Attributes:
        architecture: What it stands for.
        options: The option drawn in each row of the logits.
        edges: On DARTS for every node, normal cell first, the rows of the two edges it keeps in the order in which
            they were drawn; empty elsewhere.
    """

    architecture: A
    options: tuple[int, ...]
    edges: tuple[tuple[int, int], ...] = ()


class Policy(Protocol[A]):
    """A distribution π over architectures with parameters θ.

    Attributes:
        logits: θ, shape (rows, options), double precision; what an optimiser moves.
    """

    logits: Tensor

    def draw(self, rng: np.random.Generator) -> Draw[A]:
        """Draw one architecture."""
        ...

    def log_probability(self, draw: Draw[A]) -> Tensor:
        """Return log π(draw), a scalar that can be differentiated by the logits."""
        ...

    def entropy(self) -> float:
        """Return the entropy of the options of all rows, in nats."""
        ...

    def most_probable(self) -> A:
        """Return the architecture that the policy stands for."""
        ...


class Categoricals:
    """Independent categorical distributions σ(θ_e), one for each row e.

    Args:
        allowed: Which options a row has, shape (rows, options); the others have probability 0.
        rng: Draws the first logits from N(0, 10⁻⁶).
    """

    def __init__(self, allowed: NDArray[np.bool_], *, rng: np.random.Generator) -> None:
        self.logits = torch.from_numpy(INITIAL_SCALE * rng.standard_normal(allowed.shape)).requires_grad_()
        self.barred = torch.from_numpy(np.where(allowed, 0.0, -np.inf))

    def draw(self, rng: np.random.Generator) -> NDArray[np.int64]:
        """Draw one option for each row, shape (rows,).

        With independent Gumbel noise g the largest of θ_eo + g_eo is a draw from σ(θ_e).
        """
        possible = (self.logits.detach() + self.barred).numpy()
        return (possible + rng.gumbel(size=possible.shape)).argmax(1)

    def log_probabilities(self) -> Tensor:
        """Return log σ(θ), shape (rows, options), differentiable."""
        return torch.log_softmax(self.logits + self.barred, dim=1)

    def log_probability(self, options: tuple[int, ...]) -> Tensor:
        """Return Σ_e log σ(θ_e) of one option for each row."""
        return self.log_probabilities()[torch.arange(len(options)), torch.tensor(options)].sum()

    def probabilities(self) -> NDArray[np.float64]:
        """Return σ(θ), shape (rows, options)."""
        return self.log_probabilities().detach().exp().numpy()

    def entropy(self) -> float:
        """Return Σ_e H(σ(θ_e)) in nats."""
        return float(torch.special.entr(self.log_probabilities().detach().exp()).sum())
