"""FP-NAS: draw several architectures, and make each more probable by its share of their exponential rewards.

No code for FP-NAS with training-free indicators was ever published. Source: paper Section 5.2.3, Eq. 19 and 20;
Yan et al., FP-NAS: Fast Probabilistic Neural Architecture Search, CVPR 2021; Casale et al., Probabilistic Neural
Architecture Search, 2019, from whom the importance-weighted Monte-Carlo step comes.
"""

import math
from typing import Generic, Literal

import numpy as np
import torch

from tegnas_core.errors import TegnasError
from tegnas_core.search.categoricals import Optimiser, OptimiserName
from tegnas_core.search.method import Fitness, Plateau, StepReport
from tegnas_core.search.policies import Draw, EdgeChoice, make_policy
from tegnas_core.search.rewards import Reward
from tegnas_core.spaces.base import A, FactorisedSpace
from tegnas_core.spaces.darts import Darts

_ROUND = {"ceil": math.ceil, "floor": math.floor}


class FPNAS(Generic[A]):
    """Importance-weighted empirical Bayes with a sample whose size follows the entropy H of the policy.

    θ_{t+1} = θ_t − η ∇f(θ_t)                                          (Eq. 19; "adam" scales the gradient)
    f(θ_t)  = −Σ_i log π(a_i) · exp(r_i) / Σ_j exp(r_j),  i = 1 … K_t   (Eq. 20; the weights are constants)
    K_t     = max(K_min, λ H(π))                                        (Section 5.2.3, rounded)

    With K = 1 the weight is 1 whatever the reward is, so that the expected step is zero.

    >>> from tegnas_core.search import Objective, search
    >>> from tegnas_core.spaces import Toy
    >>> method = FPNAS(Toy(6), rng=np.random.default_rng(0), n_steps=100)
    >>> str(search(method, lambda bits: {"ones": bits.ones}, [Objective("ones", True)]).derived)
    '111111'

    Args:
        space: A space of independent decisions, or DARTS.
        rng: The generator of all random numbers of the search.
        reward: How the fitness of a sample becomes r_i.
        compare: What a sample is compared with. "chained" compares it with everything visited before it, in the
            order of drawing, as in REINFORCE. "step" compares it with the samples of the same step only, which
            needs a reward that is not a change.
        n_steps: Largest number of steps; the paper speaks of 100 "epochs".
        learning_rate: η; the paper takes 0.1.
        optimiser: "adam", or "sgd" as in the paper's text.
        factor: λ; the paper takes 0.25.
        min_samples: K_min.
        rounding: How λH is rounded, "ceil" (up) or "floor" (down); Yan et al. round down.
        min_entropy: Stop when the entropy falls below this many nats; None never stops for this reason.
        edges: How edges are chosen on DARTS, see `DartsPolicy`.
        patience: Also stop when the mean entropy of a decision has not fallen by 0.001 nats for this many steps
            (paper Table 1); None never stops early.

    Raises:
        TegnasError: When an option is out of its bounds or unknown, or `reward` does not go with `compare`.
    """

    name = "fp-nas"

    def __init__(
        self,
        space: FactorisedSpace[A] | Darts,
        *,
        rng: np.random.Generator,
        reward: Reward = Reward(),  # noqa: B008 (frozen)
        compare: Literal["chained", "step"] = "chained",
        n_steps: int = 300,
        learning_rate: float = 0.1,
        optimiser: OptimiserName = "adam",
        factor: float = 0.25,
        min_samples: int = 4,
        rounding: Literal["ceil", "floor"] = "ceil",
        min_entropy: float | None = 0.5,
        edges: EdgeChoice = "drawn",
        patience: int | None = None,
    ) -> None:
        _check(n_steps=n_steps, min_samples=min_samples, rounding=rounding, compare=compare, reward=reward)
        self.rng, self.reward, self.compare, self.n_steps = rng, reward, compare, n_steps
        self.factor, self.min_samples, self.rounding = factor, min_samples, rounding
        self.min_entropy = min_entropy
        self.policy = make_policy(space, rng=rng, edges=edges)
        self.optimiser = Optimiser(optimiser, self.policy.logits, learning_rate=learning_rate)
        self.plateau = Plateau(patience)
        self.drawn: list[Draw[A]] = []
        self.values: list[np.ndarray] = []
        self.step = 0

    def sample_size(self) -> int:
        """Return K = max(K_min, λH), rounded, for the policy as it is now."""
        return max(self.min_samples, _ROUND[self.rounding](self.factor * self.policy.entropy()))

    def ask(self) -> list[A]:
        """Draw K architectures."""
        self.drawn = [self.policy.draw(self.rng) for _ in range(self.sample_size())]
        return [draw.architecture for draw in self.drawn]

    def tell(self, fitness: Fitness) -> StepReport:
        """Weigh the draws by their rewards, and take a step towards the better ones."""
        rewards = self._rewards(fitness)
        weights = torch.softmax(torch.tensor(rewards, dtype=torch.float64), dim=0)
        self.optimiser.step(self.policy.gradient(self.drawn, weights))
        self.step += 1
        entropy = self.policy.entropy()
        self.plateau.watch(entropy / len(self.policy.logits))
        return StepReport(rewards, entropy=entropy)

    def finished(self) -> str:
        """Stop after `n_steps`, when the entropy is low, or when it has stopped falling."""
        if self.plateau.reached:
            return "entropy stopped falling"
        if self.step and self.min_entropy is not None and self.policy.entropy() < self.min_entropy:
            return f"entropy below {self.min_entropy:g} nats"
        return "all steps taken" if self.step >= self.n_steps else ""

    def derive(self) -> A:
        """Return the most probable architecture."""
        return self.policy.most_probable()

    def _rewards(self, fitness: Fitness) -> list[float]:
        before = len(self.values)
        self.values.extend(fitness)
        if self.compare == "chained":
            history = np.array(self.values)
            return [self.reward(history[:end]) for end in range(before + 1, len(history) + 1)]
        return [self.reward(np.roll(fitness, -1 - i, axis=0)) for i in range(len(fitness))]  # i comes last


def _check(*, n_steps: int, min_samples: int, rounding: str, compare: str, reward: Reward) -> None:
    if n_steps < 1 or min_samples < 1:
        raise TegnasError(f"FP-NAS takes at least 1 step of 1 sample, got {n_steps} of {min_samples}")
    if rounding not in _ROUND:
        raise TegnasError(f"rounding is ceil or floor, got {rounding!r}")
    if compare not in ("chained", "step"):
        raise TegnasError(f"samples are compared chained or inside their step, got {compare!r}")
    if compare == "step" and (reward.kind == "change" or (reward.kind == "level" and reward.window is not None)):
        raise TegnasError(
            "compare='step' needs a reward of kind 'level' with window=None, or of kind 'value': "
            f"got kind {reward.kind!r} with window={reward.window}"
        )
