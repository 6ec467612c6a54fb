"""Logits of the operations on every edge that follow gradients by Adam: what DARTS and GDAS learn."""

from collections.abc import Sequence

import torch
from torch import Tensor

from tegnas_core.errors import TegnasError
from tegnas_core.seeding import torch_generator
from tegnas_study.storage.tensors import is_like
from tegnas_study.weight_sharing.batches import Epoch
from tegnas_study.weight_sharing.method import Found, State, path_by_logits
from tegnas_study.weight_sharing.weights import SharedWeights, restore_optimiser

_BETAS, _WEIGHT_DECAY = (0.5, 0.999), 1e-3
_FIRST_SCALE = 1e-3


class EdgeLogits:
    """α, shape (edges, options): nearly equal at first, moved by Adam with betas (0.5, 0.999) and decay 10⁻³.

    Args:
        choices: Number of options of every edge, the same on all.
        seed: Draws the first logits from N(0, 10⁻⁶).
        rate: Learning rate.

    Raises:
        TegnasError: When edges have different numbers of options.

    Source: Liu, Simonyan & Yang, DARTS (ICLR 2019); options of the scripts of NAS-Bench-201.
    """

    def __init__(self, choices: Sequence[int], *, seed: int, rate: float) -> None:
        if len(set(choices)) != 1:
            raise TegnasError(f"logits are a table: every edge needs as many options, got {tuple(choices)}")
        first = torch.randn(len(choices), choices[0], generator=torch_generator(seed, "logits"))
        self.values = (_FIRST_SCALE * first).requires_grad_()
        self.optimiser = torch.optim.Adam([self.values], lr=rate, betas=_BETAS, weight_decay=_WEIGHT_DECAY)

    def follow(self, gradient: Tensor) -> None:
        """Move the logits one step down a gradient of their shape."""
        self.values.grad = gradient.detach().to(self.values.device)
        self.optimiser.step()

    def entropy(self) -> float:
        """Return Σ_e H(σ(α_e)) in nats."""
        return float(torch.special.entr(torch.softmax(self.values.detach().double(), 1)).sum())

    def state(self) -> State:
        """Return the logits and the optimiser."""
        return {"logits": self.values.detach().clone(), "optimiser": self.optimiser.state_dict()}

    def restore(self, state: State) -> None:
        """Go on from a state.

        Raises:
            ValueError: When the logits have another shape or type.
        """
        if not is_like(state["logits"], self.values):
            raise ValueError("logits of another shape or type")
        with torch.no_grad():
            self.values.copy_(state["logits"])
        restore_optimiser(self.optimiser, state["optimiser"])


class LearnsLogits:
    """What every method has that learns a table of logits by gradients; `train` is its own.

    Args:
        choices, seed, rate: As for `EdgeLogits`.
    """

    def __init__(self, choices: Sequence[int], *, seed: int, rate: float) -> None:
        self.logits = EdgeLogits(choices, seed=seed, rate=rate)

    def derive(self, weights: SharedWeights, epoch: Epoch) -> Found:
        """Return the operation with the largest logit on each edge; ``none`` is one of them."""
        return path_by_logits(weights, epoch, self.logits.values)

    def entropy(self) -> float:
        """Return the entropy of the softmax of all edges, in nats."""
        return self.logits.entropy()

    def state(self) -> State:
        """Return the logits and their optimiser."""
        return self.logits.state()

    def restore(self, state: State) -> None:
        """Go on from a state."""
        self.logits.restore(state)
