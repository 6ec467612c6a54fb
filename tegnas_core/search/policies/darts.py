"""The policy of the DARTS space: an operation on every edge of both cells, then two edges for every node.

Source: paper Section 5.2.1; the released code, which is the only place where the choice of edges is written down.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from tegnas_core.errors import TegnasError
from tegnas_core.search.policies.base import Categoricals, Draw
from tegnas_core.spaces.darts import Darts
from tegnas_core.spaces.darts_edges import CELLS, EDGES, NONE, rows_of, two_largest
from tegnas_core.spaces.genotype import N_NODES, OPERATIONS, Genotype

EdgeChoice = Literal["drawn", "unscored", "top-two"]

_NODES = [(cell, node) for cell in range(len(CELLS)) for node in range(N_NODES)]


class DartsPolicy:
    """Operations from one categorical for each of the 28 edges; then each node chooses two of its edges.

    With w_e the logit of the operation drawn on edge e, a node draws its edges without replacement with
    probabilities σ(w). The first node has two edges and no choice.

    Args:
        space: Says whether ``none`` may be drawn (`Darts.none`); it is never derived.
        rng: Draws the first logits.
        edges: "drawn": as above, and the draw is part of log π. "unscored", as the released code: the same draw,
            left out of log π, so that a gradient made with it is biased. "top-two": nothing is drawn, each node
            keeps the two edges with the largest w.

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

    def entropy(self) -> float:
        """Return the entropy of the operations on the 28 edges in nats; the choice of edges is not counted."""
        return self.operations.entropy()

    def most_probable(self) -> Genotype:
        """Return the genotype of the probabilities by the deriving rule of DARTS (`Darts.derive`)."""
        probabilities = self.operations.probabilities()
        return self.space.derive(probabilities.reshape(len(CELLS), len(EDGES), len(OPERATIONS)))


def log_plackett_luce(weights: Tensor, order: Sequence[int]) -> Tensor:
    """Return the log-probability of drawing these, in this order, without replacement.

    log p(o) = Σ_i ( w_{o_i} − log Σ_{j not in o_1 … o_{i−1}} exp w_j )

    Args:
        weights: w, shape (n,).
        order: At most n different indices.

    Source: Plackett, The Analysis of Permutations, Journal of the Royal Statistical Society C, 1975.
    """
    left = [[j for j in range(len(weights)) if j not in order[:i]] for i in range(len(order))]
    return weights[list(order)].sum() - torch.stack([weights[rest].logsumexp(0) for rest in left]).sum()
