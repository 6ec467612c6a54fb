"""The policy of a space whose decisions are independent: NAS-Bench-201's six edges, the toy space's bits."""

from typing import Generic

import numpy as np
from torch import Tensor

from tegnas_core.search.method import A
from tegnas_core.search.policies.base import Categoricals, Draw
from tegnas_core.spaces.base import FactorisedSpace


class EdgePolicy(Generic[A]):
    """One categorical for each decision: π(a) = Π_e σ(θ_e)(a_e).

    Args:
        space: Says how many decisions there are and how many options each has.
        rng: Draws the first logits.

    Source: paper Section 5.2.1.
    """

    def __init__(self, space: FactorisedSpace[A], *, rng: np.random.Generator) -> None:
        choices = np.asarray(space.choices)
        self.space = space
        self.decisions = Categoricals(np.arange(choices.max()) < choices[:, None], rng=rng)
        self.logits = self.decisions.logits

    def draw(self, rng: np.random.Generator) -> Draw[A]:
        """Draw one architecture."""
        options = tuple(self.decisions.draw(rng).tolist())
        return Draw(self.space.compose(options), options)

    def log_probability(self, draw: Draw[A]) -> Tensor:
        """Return log π(a) = Σ_e log σ(θ_e)(a_e)."""
        return self.decisions.log_probability(draw.options)

    def entropy(self) -> float:
        """Return the entropy of the distribution over architectures, Σ_e H(σ(θ_e)), in nats."""
        return self.decisions.entropy()

    def most_probable(self) -> A:
        """Return argmax_a π(a): the most probable option of each decision."""
        return self.space.compose(self.decisions.probabilities().argmax(1).tolist())
