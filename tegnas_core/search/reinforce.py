"""REINFORCE: draw one architecture, and make it more probable when it was better than expected.

Source: paper Section 5.2.1, Eq. 13 to 18; Williams, Simple Statistical Gradient-Following Algorithms for
Connectionist Reinforcement Learning, Machine Learning 8, 1992.
"""

from typing import Generic

import numpy as np

from tegnas_core.errors import TegnasError
from tegnas_core.search.baselines import Baseline, BaselineKind
from tegnas_core.search.method import A, Goodness, Told
from tegnas_core.search.optimisers import OptimiserName, descend, make_optimiser
from tegnas_core.search.plateau import Plateau
from tegnas_core.search.policies import Draw, EdgeChoice, make_policy
from tegnas_core.search.rewards import Reward
from tegnas_core.spaces.base import FactorisedSpace
from tegnas_core.spaces.darts import Darts


class Reinforce(Generic[A]):
    """Policy gradients with one draw a step.

    θ_{t+1} = θ_t − η ∇f(θ_t)                          (Eq. 13; "adam" scales the gradient)
    f(θ_t)  = −log π(a_t) · (r_t − b_t)                (Eq. 14)
    b_t     = γ b_{t−1} + (1 − γ) r_t                  (Eq. 15, see `Baseline`)
    r_t     = Σ_x (x_t − x_{t−1}) / (max x − min x)    (Eq. 16 to 18, see `Reward`)

    Args:
        space: One of independent decisions, or DARTS.
        rng: Everything random follows from it.
        reward: How the goodness of what was visited becomes r_t.
        n_steps: Number of steps; the paper's is 500.
        learning_rate: η, in the paper 0.04 on NAS-Bench-201 and 0.07 on DARTS.
        optimiser: "adam" (released code) or "sgd" (the paper's text).
        baseline: "debiased" (released), "plain" (the paper's text) or "previous".
        decay: γ of the baseline.
        edges: How edges are chosen on DARTS, see `DartsPolicy`.
        patience: Also stop when the mean entropy of a decision has not fallen by 0.001 nats for so many steps
            (paper Table 1); None never does.
    """

    name = "reinforce"

    def __init__(
        self,
        space: FactorisedSpace[A] | Darts,
        *,
        rng: np.random.Generator,
        reward: Reward = Reward(),  # noqa: B008 (frozen)
        n_steps: int = 500,
        learning_rate: float = 0.04,
        optimiser: OptimiserName = "adam",
        baseline: BaselineKind = "debiased",
        decay: float = 0.9,
        edges: EdgeChoice = "drawn",
        patience: int | None = None,
    ) -> None:
        if n_steps < 1:
            raise TegnasError(f"a search takes at least 1 step, got {n_steps}")
        self.rng, self.reward, self.n_steps = rng, reward, n_steps
        self.policy = make_policy(space, rng=rng, edges=edges)
        self.optimiser = make_optimiser(optimiser, self.policy.logits, learning_rate=learning_rate)
        self.baseline = Baseline(decay, baseline)
        self.plateau = Plateau(patience)
        self.drawn: Draw[A] | None = None
        self.values: list[np.ndarray] = []

    def ask(self) -> list[A]:
        """Draw a_t from the policy."""
        self.drawn = self.policy.draw(self.rng)
        return [self.drawn.architecture]

    def tell(self, goodness: Goodness) -> Told:
        """Compute reward and advantage, and take a step along the policy gradient."""
        self.values.extend(goodness)
        reward = self.reward(np.array(self.values))
        advantage = self.baseline.advantage(reward)
        descend(self.optimiser, -self.policy.log_probability(self.drawn) * advantage)
        entropy = self.policy.entropy()
        self.plateau.watch(entropy / len(self.policy.logits))
        return Told([reward], entropy=entropy)

    def finished(self) -> str:
        """Stop after `n_steps`, or when the entropy stays."""
        if self.plateau.reached:
            return "entropy stopped falling"
        return "all steps taken" if len(self.values) >= self.n_steps else ""

    def derive(self) -> A:
        """Return the most probable architecture."""
        return self.policy.most_probable()
