"""Policies: distributions over architectures that can be drawn from, scored and moved.

Both kinds hold one row of logits θ for each decision and nothing else, in double precision; REINFORCE and FP-NAS
differ only in how they move θ.
"""

import numpy as np

from tegnas_core.search.method import A
from tegnas_core.search.policies.base import Draw as Draw
from tegnas_core.search.policies.base import Policy as Policy
from tegnas_core.search.policies.darts import DartsPolicy as DartsPolicy
from tegnas_core.search.policies.darts import EdgeChoice as EdgeChoice
from tegnas_core.search.policies.edges import EdgePolicy as EdgePolicy
from tegnas_core.spaces.base import FactorisedSpace
from tegnas_core.spaces.darts import Darts


def make_policy(
    space: FactorisedSpace[A] | Darts, *, rng: np.random.Generator, edges: EdgeChoice = "drawn"
) -> Policy[A]:
    """Return a fresh policy over a space: a `DartsPolicy` on DARTS, an `EdgePolicy` everywhere else.

    Args:
        space: One of independent decisions, or DARTS.
        rng: Draws the first logits.
        edges: How a node of the DARTS space comes to its two edges; other spaces have no such choice.
    """
    return DartsPolicy(space, rng=rng, edges=edges) if isinstance(space, Darts) else EdgePolicy(space, rng=rng)
