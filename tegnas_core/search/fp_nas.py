"""FP-NAS: draw several architectures, and make each more probable by its share of their exponential rewards.

No code of it with training-free indicators was ever published. Source: paper Section 5.2.3, Eq. 19 and 20; Yan et
al., FP-NAS: Fast Probabilistic Neural Architecture Search, CVPR 2021; Casale et al., Probabilistic Neural
Architecture Search, 2019, whose importance-weighted Monte-Carlo step it is.
"""

import math
from typing import Generic, Literal

import numpy as np
import torch

from tegnas_core.errors import TegnasError
from tegnas_core.search.method import A, Goodness, Told
from tegnas_core.search.optimisers import OptimiserName, descend, make_optimiser
from tegnas_core.search.plateau import Plateau
from tegnas_core.search.policies import Draw, EdgeChoice, make_policy
from tegnas_core.search.rewards import Reward
from tegnas_core.spaces.base import FactorisedSpace
from tegnas_core.spaces.darts import Darts

_ROUND = {"ceil": math.ceil, "floor": math.floor}


class FPNAS(Generic[A]):
    """Importance-weighted empirical Bayes with a sample whose size follows the entropy H of the policy.

    θ_{t+1} = θ_t − η ∇f(θ_t)                                          (Eq. 19; "adam" scales the gradient)
    f(θ_t)  = −Σ_i log π(a_i) · exp(r_i) / Σ_j exp(r_j),  i = 1 … K_t   (Eq. 20; the weights are constants)
    K_t     = max(K_min, λ H(π))                                        (Section 5.2.3, rounded)

    With K = 1 the weight is 1 whatever the reward: the expected step is zero, see `exact_gradient`.

    Args:
        space: One of independent decisions, or DARTS.
        rng: Everything random follows from it.
        reward: How goodness becomes r_i.
        compare: With what a sample is compared: "chained", everything visited, in the order of drawing as in
            REINFORCE; or "step", the samples of the same step only, which needs a reward that is no change.
        n_steps: Number of steps at most; the paper has 100 "epochs".
        learning_rate: η, 0.1 in the paper.
        optimiser: "adam", or "sgd" as the paper's text.
        factor: λ, 0.25 in the paper.
        min_samples: K_min.
        rounding: Of λH, "ceil" or "floor"; Yan et al. round down.
        min_entropy: Stop when the entropy falls below so many nats; None never does.
        edges: How edges are chosen on DARTS, see `DartsPolicy`.
        patience: Also stop when the mean entropy of a decision has not fallen by 0.001 nats for so many steps
            (paper Table 1); None never does.
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
        self.optimiser = make_optimiser(optimiser, self.policy.logits, learning_rate=learning_rate)
        self.plateau = Plateau(patience)
        self.drawn: list[Draw[A]] = []
        self.values: list[np.ndarray] = []
        self.step = 0

    def sample_size(self) -> int:
        """Return K = max(K_min, λH), rounded, for the policy as it is."""
        return max(self.min_samples, _ROUND[self.rounding](self.factor * self.policy.entropy()))

    def ask(self) -> list[A]:
        """Draw K architectures."""
        self.drawn = [self.policy.draw(self.rng) for _ in range(self.sample_size())]
        return [draw.architecture for draw in self.drawn]

    def tell(self, goodness: Goodness) -> Told:
        """Weigh the draws by their rewards, and take a step towards them."""
        rewards = self._rewards(goodness)
        weights = torch.softmax(torch.tensor(rewards, dtype=torch.float64), dim=0)
        descend(self.optimiser, -(weights * torch.stack([*map(self.policy.log_probability, self.drawn)])).sum())
        self.step += 1
        entropy = self.policy.entropy()
        self.plateau.watch(entropy / len(self.policy.logits))
        return Told(rewards, entropy=entropy)

    def finished(self) -> str:
        """Stop after `n_steps`, or when the entropy is low, or when it stays."""
        if self.plateau.reached:
            return "entropy stopped falling"
        if self.step and self.min_entropy is not None and self.policy.entropy() < self.min_entropy:
            return f"entropy below {self.min_entropy:g} nats"
        return "all steps taken" if self.step >= self.n_steps else ""

    def derive(self) -> A:
        """Return the most probable architecture."""
        return self.policy.most_probable()

    def _rewards(self, goodness: Goodness) -> list[float]:
        before = len(self.values)
        self.values.extend(goodness)
        if self.compare == "chained":
            history = np.array(self.values)
            return [self.reward(history[:end]) for end in range(before + 1, len(history) + 1)]
        return [self.reward(np.roll(goodness, -1 - i, axis=0)) for i in range(len(goodness))]  # i comes last


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
