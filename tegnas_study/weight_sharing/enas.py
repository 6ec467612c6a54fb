"""ENAS: a controller draws the paths that are trained, and learns by REINFORCE from their validation accuracy.

Source: Pham et al., Efficient Neural Architecture Search via Parameter Sharing (ICML 2018); options of the
scripts of NAS-Bench-201.
"""

from collections.abc import Sequence

import numpy as np
import torch

from tegnas_study.weight_sharing.batches import Epoch
from tegnas_study.weight_sharing.controller import Controller
from tegnas_study.weight_sharing.method import Found, State, best_path, timed_batches
from tegnas_study.weight_sharing.supernet import single_path
from tegnas_study.weight_sharing.weights import SharedWeights, restore_module, restore_optimiser

_BETAS, _EPSILON = (0.0, 0.999), 1e-3  # of Adam
_ENTROPY_WEIGHT = 1e-4
_BASELINE_DECAY = 0.99


class ENAS:
    """An epoch trains the weights on paths of the controller, and then the controller on frozen weights.

    reward = accuracy of a validation batch (0 … 1) + 10⁻⁴ · entropy; baseline: its moving average with decay 0.99.

    Args:
        choices: Number of options of every edge.
        seed: Fixes the first weights of the controller.
        candidates: How many paths of the controller the last epoch chooses from.
        early_candidates: And every epoch before.
        steps: Steps of the controller in an epoch.
        draws: Paths in each of these steps.
        rate: Learning rate of the controller.
    """

    name = "enas"

    def __init__(
        self,
        choices: Sequence[int],
        *,
        seed: int,
        candidates: int,
        early_candidates: int,
        steps: int,
        draws: int,
        rate: float,
    ) -> None:
        self.controller = Controller(choices, seed=seed)
        self.candidates, self.early_candidates = candidates, early_candidates
        self.steps, self.draws = steps, draws
        self.optimiser = torch.optim.Adam(self.controller.parameters(), lr=rate, betas=_BETAS, eps=_EPSILON)
        self.baseline: float | None = None
        self.last_entropy = float(np.log(choices).sum())

    def train(self, weights: SharedWeights, epoch: Epoch) -> float:
        """Train the weights, then the controller."""
        rng, losses = epoch.rng("paths"), []
        for train, _ in timed_batches(weights, epoch):
            with torch.no_grad():
                options = self.controller.draw(rng).options
            losses.append(weights.step(weights.loss(train, single_path(options))))
        self._train_controller(weights, epoch)
        return float(np.mean(losses))

    def _train_controller(self, weights: SharedWeights, epoch: Epoch) -> None:
        rng, entropies = epoch.rng("controller"), []
        for step in range(self.steps):
            terms = []
            for draw in range(self.draws):
                pair = epoch.valid[(step * self.draws + draw) % len(epoch.valid)]
                drawn = self.controller.draw(rng)
                accuracy = weights.accuracy(single_path(drawn.options), [pair]) / 100
                reward = accuracy + _ENTROPY_WEIGHT * float(drawn.entropy.detach())
                before = reward if self.baseline is None else self.baseline
                self.baseline = before - (1 - _BASELINE_DECAY) * (before - reward)
                terms.append(-drawn.log_probability * (reward - self.baseline))
                entropies.append(float(drawn.entropy.detach()))
            self.optimiser.zero_grad()
            torch.stack(terms).mean().backward()
            torch.nn.utils.clip_grad_norm_(self.controller.parameters(), 5.0)
            self.optimiser.step()
        self.last_entropy = float(np.mean(entropies))

    def derive(self, weights: SharedWeights, epoch: Epoch) -> Found:
        """Return the best of some paths of the controller on held-out images."""
        rng = epoch.rng("candidates")
        n = self.candidates if epoch.is_last else self.early_candidates
        with torch.no_grad():
            return best_path(weights, epoch, [self.controller.draw(rng).options for _ in range(n)])

    def entropy(self) -> float:
        """Return the mean entropy of the paths that the controller last learned from."""
        return self.last_entropy

    def state(self) -> State:
        """Return the controller, its optimiser, the baseline and the entropy."""
        return {
            "controller": self.controller.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "baseline": self.baseline,
            "entropy": self.last_entropy,
        }

    def restore(self, state: State) -> None:
        """Go on from a state."""
        restore_module(self.controller, state["controller"])
        restore_optimiser(self.optimiser, state["optimiser"])
        self.baseline = None if state["baseline"] is None else float(state["baseline"])
        self.last_entropy = float(state["entropy"])
