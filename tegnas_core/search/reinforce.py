"""REINFORCE: draw one architecture, and make it more probable when it was better than expected.

Source: paper Section 5.2.1, Eq. 13 to 18; Williams, Simple Statistical Gradient-Following Algorithms for
Connectionist Reinforcement Learning, Machine Learning 8, 1992.
"""

from dataclasses import dataclass, field
from typing import Generic, Literal, get_args

import numpy as np

from tegnas_core.errors import TegnasError
from tegnas_core.search.categoricals import Optimiser, OptimiserName
from tegnas_core.search.method import Fitness, Plateau, StepReport
from tegnas_core.search.policies import Draw, EdgeChoice, make_policy
from tegnas_core.search.rewards import Reward
from tegnas_core.spaces.base import A, FactorisedSpace
from tegnas_core.spaces.darts import Darts

BaselineKind = Literal["debiased", "plain", "previous"]


@dataclass
class Baseline:
    """The reward that is expected anyway, which REINFORCE subtracts to have less noise: a moving average.

    With b_t = γ b_{t−1} + (1 − γ) r_t and b_0 = 0 the advantage of reward r_t is

    - "debiased", as in the released code: r_t − b_t / (1 − γ^t), so that the first advantage is 0;
    - "plain", as the paper prints it (Eq. 14, 15): r_t − b_t = γ (r_t − b_{t−1});
    - "previous", as in textbooks: r_t − b_{t−1}, a baseline that knows nothing about this step's architecture.

    Attributes:
        decay: γ.
        kind: "debiased", "plain" or "previous".
    """

    decay: float = 0.9
    kind: BaselineKind = "debiased"
    average: float = field(default=0.0, init=False)
    weight: float = field(default=0.0, init=False)  # 1 − γ^t

    def __post_init__(self) -> None:
        if not 0 <= self.decay < 1:
            raise TegnasError(f"the baseline's decay must lie in 0 ≤ γ < 1, got {self.decay}")
        if self.kind not in get_args(BaselineKind):
            raise TegnasError(f"a baseline is {', '.join(get_args(BaselineKind))}, got {self.kind!r}")

    def advantage(self, reward: float) -> float:
        """Take a reward into the average and return how much better than expected it is."""
        before = self.average
        self.average = self.decay * self.average + (1 - self.decay) * reward
        self.weight = self.decay * self.weight + (1 - self.decay)
        expected = {"debiased": self.average / self.weight, "plain": self.average, "previous": before}
        return reward - expected[self.kind]


class Reinforce(Generic[A]):
    """Policy gradients with one draw in each step.

    θ_{t+1} = θ_t − η ∇f(θ_t)                          (Eq. 13; "adam" scales the gradient)
    f(θ_t)  = −log π(a_t) · (r_t − b_t)                (Eq. 14)
    b_t     = γ b_{t−1} + (1 − γ) r_t                  (Eq. 15, see `Baseline`)
    r_t     = Σ_x (x_t − x_{t−1}) / (max x − min x)    (Eq. 16 to 18, see `Reward`)

    >>> from tegnas_core.search import Objective, search
    >>> from tegnas_core.spaces import Toy
    >>> method = Reinforce(Toy(6), rng=np.random.default_rng(0), n_steps=200, learning_rate=0.1)
    >>> str(search(method, lambda bits: {"ones": bits.ones}, [Objective("ones", True)]).derived)
    '111111'

    Args:
        space: A space of independent decisions, or DARTS.
        rng: The generator of all random numbers of the search.
        reward: How the fitness of what was visited becomes r_t.
        n_steps: Number of steps; the paper takes 500.
        learning_rate: η; the paper takes 0.04 on NAS-Bench-201 and 0.07 on DARTS.
        optimiser: "adam" (released code) or "sgd" (the paper's text).
        baseline: "debiased" (released code), "plain" (the paper's text) or "previous".
        decay: γ of the baseline.
        edges: How edges are chosen on DARTS, see `DartsPolicy`.
        patience: Also stop when the mean entropy of a decision has not fallen by 0.001 nats for this many steps
            (paper Table 1); None never stops early.
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
        self.optimiser = Optimiser(optimiser, self.policy.logits, learning_rate=learning_rate)
        self.baseline = Baseline(decay, baseline)
        self.plateau = Plateau(patience)
        self.drawn: Draw[A] | None = None
        self.values: list[np.ndarray] = []

    def ask(self) -> list[A]:
        """Draw a_t from the policy."""
        self.drawn = self.policy.draw(self.rng)
        return [self.drawn.architecture]

    def tell(self, fitness: Fitness) -> StepReport:
        """Compute reward and advantage, and take a step along the policy gradient."""
        self.values.extend(fitness)
        reward = self.reward(np.array(self.values))
        advantage = self.baseline.advantage(reward)
        self.optimiser.step(self.policy.gradient([self.drawn], [advantage]))
        entropy = self.policy.entropy()
        self.plateau.watch(entropy / len(self.policy.logits))
        return StepReport([reward], entropy=entropy)

    def finished(self) -> str:
        """Stop after `n_steps`, or when the entropy has stopped falling."""
        if self.plateau.reached:
            return "entropy stopped falling"
        return "all steps taken" if len(self.values) >= self.n_steps else ""

    def derive(self) -> A:
        """Return the most probable architecture."""
        return self.policy.most_probable()
