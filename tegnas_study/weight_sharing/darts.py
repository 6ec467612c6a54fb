"""DARTS: every edge adds up all its operations by the softmax of its logits, which follow the validation loss.

Source: Liu, Simonyan & Yang, DARTS: Differentiable Architecture Search (ICLR 2019).
"""

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from tegnas_study.weight_sharing.batches import Epoch, Pair
from tegnas_study.weight_sharing.logits import LearnsLogits
from tegnas_study.weight_sharing.method import timed_batches
from tegnas_study.weight_sharing.supernet import Choice
from tegnas_study.weight_sharing.weights import MOMENTUM, SharedWeights

_STEP = 0.01  # ε ‖v‖ of the finite difference


class DARTS(LearnsLogits):
    """Weights and logits take turns, one batch each.

    First order: the gradient of L_val(w, α) by α. Second order: that of L_val(w − ξ ∇_w L_train(w, α), α), that is
    ∇_α L_val(w′, α) − ξ ∇²_{α,w} L_train(w, α) ∇_{w′} L_val(w′, α) (Eq. 7), with the product by a finite
    difference (Eq. 8) and ξ the learning rate of the weights.

    Args:
        choices: Number of options of every edge, the same on all.
        seed: Draws the first logits.
        rate: Learning rate of the logits.
        order: 1 or 2.
    """

    def __init__(self, choices: Sequence[int], *, seed: int, rate: float, order: Literal[1, 2] = 1) -> None:
        super().__init__(choices, seed=seed, rate=rate)
        self.name, self.order = "darts" if order == 1 else "darts-2nd", order

    def mixture(self) -> Choice:
        """Return all options of all edges, with the softmax of the logits as shares."""
        n_edges, n_options = self.logits.values.shape
        return Choice((tuple(range(n_options)),) * n_edges, torch.softmax(self.logits.values, 1))

    def train(self, weights: SharedWeights, epoch: Epoch) -> float:
        """Take turns; as in the benchmark's scripts the second order moves the logits before the weights."""
        losses = []
        for train, valid in timed_batches(weights, epoch):
            if self.order == 2:
                self.logits.follow(self.unrolled_gradient(weights, train, valid))
            losses.append(weights.step(weights.loss(train, self.mixture())))
            if self.order == 1:
                loss = weights.loss(valid, self.mixture())
                self.logits.follow(torch.autograd.grad(loss, self.logits.values)[0])
        return float(np.mean(losses))

    def unrolled_gradient(self, weights: SharedWeights, train: Pair, valid: Pair) -> Tensor:
        """Return the gradient of the second order (Eq. 7), shape (edges, options); the weights stay as they are.

        w′ is what plain SGD with momentum and weight decay would make of w.
        """
        rate, decay, parameters = weights.rate, weights.recipe.weight_decay, weights.parameters
        gradient = torch.autograd.grad(
            weights.loss(train, self.mixture()), parameters, allow_unused=True, materialize_grads=True
        )
        before = [parameter.detach().clone() for parameter in parameters]
        with torch.no_grad():
            for parameter, slope in zip(parameters, gradient, strict=True):
                buffer = weights.optimiser.state[parameter].get("momentum_buffer")
                moved = slope + decay * parameter + (0 if buffer is None else MOMENTUM * buffer)
                parameter.sub_(rate * moved)
        by_logits, *direction = torch.autograd.grad(
            weights.loss(valid, self.mixture()),
            [self.logits.values, *parameters],
            allow_unused=True,
            materialize_grads=True,
        )
        _put(parameters, before)
        product = mixed_product(
            lambda: weights.loss(train, self.mixture()), self.logits.values, parameters, direction
        )
        return by_logits - rate * product


def mixed_product(
    loss: Callable[[], Tensor], logits: Tensor, parameters: Sequence[Tensor], direction: Sequence[Tensor]
) -> Tensor:
    """Return ∇²_{α,w} L · v by a central difference, in the shape of the logits (Eq. 8).

    ∇²_{α,w} L · v ≈ (∇_α L(w + εv) − ∇_α L(w − εv)) / 2ε, with ε = 0.01 / ‖v‖₂

    Args:
        loss: Computes L from the parameters and logits as they are.
        logits: α.
        parameters: w; they are moved and put back.
        direction: v, one tensor for each parameter.
    """
    norm = torch.sqrt(sum((part.detach() ** 2).sum() for part in direction))
    if not norm > 0:
        return torch.zeros_like(logits)
    step, before = _STEP / float(norm), [parameter.detach().clone() for parameter in parameters]
    slopes = []
    for sign in (1, -1):
        with torch.no_grad():
            for parameter, start, part in zip(parameters, before, direction, strict=True):
                parameter.copy_(start + sign * step * part)
        slopes.append(torch.autograd.grad(loss(), logits)[0])
    _put(parameters, before)
    return (slopes[0] - slopes[1]) / (2 * step)


@torch.no_grad()
def _put(parameters: Sequence[Tensor], values: Sequence[Tensor]) -> None:
    for parameter, value in zip(parameters, values, strict=True):
        parameter.copy_(value)
