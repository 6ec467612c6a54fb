"""Policies: distributions over architectures that can be drawn from, scored and moved.

A policy holds one row of logits θ for each decision, in double precision, and nothing else. REINFORCE and FP-NAS
differ only in how they move θ.

Source: paper Section 5.2.1. The choice of edges on DARTS is written down only in the released code.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Literal, Protocol

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from tegnas_core.errors import TegnasError
from tegnas_core.search.categoricals import Categoricals
from tegnas_core.spaces.base import A, FactorisedSpace
from tegnas_core.spaces.darts import Darts
from tegnas_core.spaces.darts_edges import CELLS, EDGES, NONE, rows_of, two_largest
from tegnas_core.spaces.genotype import N_NODES, OPERATIONS, Genotype

EdgeChoice = Literal["drawn", "unscored", "top-two"]

_NODES = [(cell, node) for cell in range(len(CELLS)) for node in range(N_NODES)]


@dataclass(frozen=True)
class Draw(Generic[A]):
    """One draw from a policy.

    Attributes:
        architecture: The architecture that was drawn.
        options: The option that was drawn in each row of the logits.
        edges: On DARTS, for every node and with the normal cell first, the rows of the two edges that the node
            keeps, in the order in which they were drawn; empty on other spaces.
    """

    architecture: A
    options: tuple[int, ...]
    edges: tuple[tuple[int, int], ...] = ()


class Policy(Protocol[A]):
    """A distribution π over architectures with parameters θ.

    Attributes:
        logits: θ, shape (rows, options), in double precision; this is what an optimiser moves.
    """

    logits: Tensor

    def draw(self, rng: np.random.Generator) -> Draw[A]:
        """Draw one architecture."""
        ...

    def log_probability(self, draw: Draw[A]) -> Tensor:
        """Return log π(draw), a scalar that can be differentiated by the logits."""
        ...

    def gradient(self, draws: Sequence[Draw[A]], weights: ArrayLike) -> Tensor:
        """Return ∇f of f(θ) = −Σ_i w_i log π(draw_i), in the shape of the logits; the weights are constants."""
        ...

    def entropy(self) -> float:
        """Return the entropy of the options of all rows, in nats."""
        ...

    def most_probable(self) -> A:
        """Return the architecture that the policy stands for."""
        ...


def make_policy(
    space: FactorisedSpace[A] | Darts, *, rng: np.random.Generator, edges: EdgeChoice = "drawn"
) -> Policy[A]:
    """Return a fresh policy over a space: a `DartsPolicy` on DARTS, an `EdgePolicy` on every other space.

    >>> from tegnas_core.spaces import NASBench201
    >>> policy = make_policy(NASBench201(), rng=np.random.default_rng(0))
    >>> f"{policy.entropy():.2f} nats"  # nearly uniform: 6 ln 5
    '9.66 nats'
    >>> policy.draw(np.random.default_rng(1)).options
    (2, 4, 4, 1, 1, 3)

    Args:
        space: A space of independent decisions, or DARTS.
        rng: Draws the first logits.
        edges: How a node of the DARTS space comes to its two edges; other spaces have no such choice.
    """
    return DartsPolicy(space, rng=rng, edges=edges) if isinstance(space, Darts) else EdgePolicy(space, rng=rng)


class EdgePolicy(Generic[A]):
    """One categorical for each decision, such as an edge of NAS-Bench-201: π(a) = Π_e σ(θ_e)(a_e).

    Args:
        space: Says how many decisions there are and how many options each has.
        rng: Draws the first logits.
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

    def gradient(self, draws: Sequence[Draw[A]], weights: ArrayLike) -> Tensor:
        """Return −∇ Σ_i w_i log π(a_i)."""
        return self.decisions.gradient([draw.options for draw in draws], weights)

    def entropy(self) -> float:
        """Return the entropy of the distribution over architectures, Σ_e H(σ(θ_e)), in nats."""
        return self.decisions.entropy()

    def most_probable(self) -> A:
        """Return argmax_a π(a), which takes the most probable option of each decision."""
        return self.space.compose(self.decisions.probabilities().argmax(1).tolist())


class DartsPolicy:
    """The policy of DARTS: an operation for each of the 28 edges, and then two of its edges for each node.

    With w_e the logit of the operation drawn on edge e, a node draws its edges without replacement with
    probabilities σ(w). The first node has two edges and hence no choice.

    Args:
        space: Says whether ``none`` may be drawn (`Darts.none`); it is never derived.
        rng: Draws the first logits.
        edges: "drawn" is as described, and the choice of edges is part of log π. "unscored" makes the same choice
            but leaves it out of log π, as the released code does, so that a gradient made with it is biased.
            "top-two" draws no edges: each node keeps the two edges with the largest w.

    Raises:
        TegnasError: When `edges` is none of these.
    """

    def __init__(self, space: Darts, *, rng: np.random.Generator, edges: EdgeChoice = "drawn") -> None:
        if edges not in ("drawn", "unscored", "top-two"):
            raise TegnasError(f"edges are drawn, unscored or top-two, got {edges!r}")
        allowed = np.ones((len(CELLS) * len(EDGES), len(OPERATIONS)), bool)
        allowed[:, NONE] = space.none
        self.space, self.edges = space, edges
        self.operations = Categoricals(allowed, rng=rng)
        self.logits = self.operations.logits  # rows: the 14 edges of the normal cell, then of the reduction cell

    def draw(self, rng: np.random.Generator) -> Draw[Genotype]:
        """Draw one genotype."""
        options = self.operations.draw(rng)
        weights = self.logits.detach().numpy()[np.arange(len(options)), options].reshape(len(CELLS), -1)
        if self.edges != "top-two":
            # the order of weights with Gumbel noise is a draw without replacement
            weights = weights + rng.gumbel(size=weights.shape)
        edges = [two_largest(weights[cell], node) for cell, node in _NODES]
        kept = np.sort(np.reshape(edges, (len(CELLS), N_NODES, 2)))
        return Draw(Darts.from_edges(kept, options.reshape(len(CELLS), -1)), tuple(options.tolist()), tuple(edges))

    def log_probability(self, draw: Draw[Genotype]) -> Tensor:
        """Return log π of the operations on all edges and, for "drawn", of the ordered choice of edges."""
        operations = self.operations.log_probability(draw.options)
        if self.edges != "drawn":
            return operations
        weights = self.logits[torch.arange(len(draw.options)), torch.tensor(draw.options)].reshape(len(CELLS), -1)
        choices = [
            log_plackett_luce(weights[cell, list(rows_of(node))], [row - rows_of(node)[0] for row in order])
            for (cell, node), order in zip(_NODES, draw.edges, strict=True)
            if len(rows_of(node)) > 2
        ]
        return operations + torch.stack(choices).sum()

    def gradient(self, draws: Sequence[Draw[Genotype]], weights: ArrayLike) -> Tensor:
        """Return −∇ Σ_i w_i log π(draw_i), for "drawn" with the choice of edges."""
        if self.edges != "drawn":
            return self.operations.gradient([draw.options for draw in draws], weights)
        logs = torch.stack([self.log_probability(draw) for draw in draws])
        return torch.autograd.grad(-(torch.as_tensor(weights, dtype=torch.float64) * logs).sum(), self.logits)[0]

    def entropy(self) -> float:
        """Return the entropy of the operations on the 28 edges in nats; the choice of edges is not counted."""
        return self.operations.entropy()

    def most_probable(self) -> Genotype:
        """Return the genotype of the probabilities by the deriving rule of DARTS (`Darts.derive`)."""
        probabilities = self.operations.probabilities()
        return self.space.derive(probabilities.reshape(len(CELLS), len(EDGES), len(OPERATIONS)))


def log_plackett_luce(weights: Tensor, order: Sequence[int]) -> Tensor:
    """Return the log-probability of drawing these indices, in this order, without replacement.

    log p(o) = Σ_i ( w_{o_i} − log Σ_{j not in o_1 … o_{i−1}} exp w_j )

    Args:
        weights: w, shape (n,).
        order: At most n different indices.

    Source: Plackett, The Analysis of Permutations, Journal of the Royal Statistical Society C, 1975.
    """
    left = [[j for j in range(len(weights)) if j not in order[:i]] for i in range(len(order))]
    return weights[list(order)].sum() - torch.stack([weights[rest].logsumexp(0) for rest in left]).sum()
