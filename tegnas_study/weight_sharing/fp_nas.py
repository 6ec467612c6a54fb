"""FP-NAS with weights of its own: the core's FP-NAS, rewarded by what the shared weights say.

No code was published. Source: Yan et al., FP-NAS: Fast Probabilistic Neural Architecture Search (CVPR 2021);
Casale et al., Probabilistic Neural Architecture Search (2019); the options that neither fixes are ours.
"""

import numpy as np
import torch

from tegnas_core.search import FPNAS, Reward
from tegnas_core.spaces.base import FactorisedSpace
from tegnas_study.storage.tensors import is_like
from tegnas_study.weight_sharing.batches import Epoch
from tegnas_study.weight_sharing.method import Found, State, path_by_logits, timed_batches
from tegnas_study.weight_sharing.supernet import single_path
from tegnas_study.weight_sharing.weights import SharedWeights

_RATE = 0.1  # of the policy, plain descent, as TEG-NAS says
_MIN_SAMPLES = 4  # with the one or two samples of λH alone, the policy hears nothing but itself


class SharedFPNAS:
    """Weights and policy take turns on K = max(4, ⌈H/4⌉) paths of the policy.

    With w_k the softmax of −(mean cross-entropy) over the paths of a step, the weights follow Σ_k w_k ∇ L_k on a
    training batch and the policy −Σ_k w_k ∇ log π(a_k) on a validation batch (`tegnas_core.search.FPNAS`). So w_k
    goes by the likelihood of an image; that of a whole batch would leave one path.

    Args:
        space: A space of independent decisions with as many options each.
        seed: Draws the first logits of the policy.
        n_steps: Steps of the whole training.
    """

    name = "fp-nas"

    def __init__(self, space: FactorisedSpace, *, seed: int, n_steps: int) -> None:
        self.search = FPNAS(
            space,
            rng=np.random.default_rng(seed),
            reward=Reward(kind="value", window=None),
            compare="step",
            n_steps=n_steps,
            learning_rate=_RATE,
            optimiser="sgd",
            min_samples=_MIN_SAMPLES,
            min_entropy=None,
        )

    def train(self, weights: SharedWeights, epoch: Epoch) -> float:
        """Take turns, each with paths of its own."""
        self.search.rng, losses = epoch.rng("paths"), []
        for train, valid in timed_batches(weights, epoch):
            each = torch.stack([weights.loss(train, choice) for choice in self._paths()])
            likelihood = torch.softmax(-each.detach(), 0)
            losses.append(weights.step((likelihood * each).sum()))
            with torch.no_grad():
                rewards = [[-float(weights.loss(valid, choice))] for choice in self._paths()]
            self.search.tell(np.array(rewards))
        return float(np.mean(losses))

    def _paths(self) -> list:
        self.search.ask()
        return [single_path(draw.options) for draw in self.search.drawn]

    def derive(self, weights: SharedWeights, epoch: Epoch) -> Found:
        """Return the most probable option of each edge."""
        return path_by_logits(weights, epoch, self.search.policy.logits)

    def entropy(self) -> float:
        """Return the entropy of the policy in nats."""
        return self.search.policy.entropy()

    def state(self) -> State:
        """Return the logits: plain descent remembers nothing else."""
        return {"logits": self.search.policy.logits.detach().clone()}

    def restore(self, state: State) -> None:
        """Go on from a state.

        Raises:
            ValueError: When the logits have another shape or type.
        """
        logits = self.search.policy.logits
        if not is_like(state["logits"], logits):
            raise ValueError("logits of another shape or type")
        with torch.no_grad():
            logits.copy_(state["logits"])
