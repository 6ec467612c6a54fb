"""RSPS, random search with parameter sharing: uniform single paths, and then the best of some by shared weights.

Source: Li & Talwalkar, Random Search and Reproducibility for Neural Architecture Search (UAI 2019); Bender et al.
(ICML 2018) for training by random paths.
"""

import math
from collections.abc import Sequence

import numpy as np

from tegnas_study.weight_sharing.batches import Epoch
from tegnas_study.weight_sharing.method import Found, Options, State, best_path, timed_batches
from tegnas_study.weight_sharing.supernet import single_path
from tegnas_study.weight_sharing.weights import SharedWeights


class RSPS:
    """Each batch trains one path, drawn uniformly; the result is the best of some paths drawn in the same way.

    Args:
        choices: Number of options of every edge.
        candidates: How many paths the last epoch chooses from.
        early_candidates: And every epoch before.
    """

    name = "rsps"

    def __init__(self, choices: Sequence[int], *, candidates: int, early_candidates: int) -> None:
        self.choices = tuple(choices)
        self.candidates, self.early_candidates = candidates, early_candidates

    def train(self, weights: SharedWeights, epoch: Epoch) -> float:
        """Train one random path a batch."""
        rng, losses = epoch.rng("paths"), []
        for train, _ in timed_batches(weights, epoch):
            losses.append(weights.step(weights.loss(train, single_path(self._draw(rng)))))
        return float(np.mean(losses))

    def derive(self, weights: SharedWeights, epoch: Epoch) -> Found:
        """Return the best of some random paths on held-out images."""
        rng = epoch.rng("candidates")
        n = self.candidates if epoch.is_last else self.early_candidates
        return best_path(weights, epoch, [self._draw(rng) for _ in range(n)])

    def entropy(self) -> float:
        """Return the logarithm of the number of cells, since all are equally probable."""
        return sum(math.log(n) for n in self.choices)

    def state(self) -> State:
        """Return nothing: the method learns nothing but weights."""
        return {}

    def restore(self, state: State) -> None:
        """Do nothing."""

    def _draw(self, rng: np.random.Generator) -> Options:
        return tuple(rng.integers(self.choices).tolist())
