"""GDAS: one path a batch, drawn with Gumbel noise, through which gradients reach the logits.

Source: Dong & Yang, Searching for a Robust Neural Architecture in Four GPU Hours (CVPR 2019); Jang, Gu & Poole,
Categorical Reparameterization with Gumbel-Softmax (ICLR 2017).
"""

import numpy as np
import torch
from torch import Tensor

from tegnas_study.weight_sharing.batches import Epoch
from tegnas_study.weight_sharing.logits import LearnsLogits
from tegnas_study.weight_sharing.method import timed_batches
from tegnas_study.weight_sharing.supernet import Choice
from tegnas_study.weight_sharing.weights import SharedWeights

FIRST_TEMPERATURE, LAST_TEMPERATURE = 10.0, 0.1


class GDAS(LearnsLogits):
    """Weights and logits take turns on paths drawn from the softmax of the logits.

    The temperature falls linearly from 10 to 0.1 over the epochs. Only the drawn operation is computed, forward
    and backward, as in the paper. (The benchmark's scripts add the shares of the others as bare numbers, of value
    zero, which gives those a gradient that no operation stands behind.)

    Args:
        choices: Number of options of every edge, the same on all.
        seed: Draws the first logits.
        rate: Learning rate of the logits.
    """

    name = "gdas"

    def train(self, weights: SharedWeights, epoch: Epoch) -> float:
        """Take turns, each with a path of its own."""
        rng, losses, temperature = epoch.rng("paths"), [], temperature_of(epoch)
        for train, valid in timed_batches(weights, epoch):
            with torch.no_grad():
                choice = hard_path(self.logits.values, temperature, rng)
            losses.append(weights.step(weights.loss(train, choice)))
            loss = weights.loss(valid, hard_path(self.logits.values, temperature, rng))
            gradient = torch.autograd.grad(loss, self.logits.values, allow_unused=True, materialize_grads=True)
            self.logits.follow(gradient[0])
        return float(np.mean(losses))


def temperature_of(epoch: Epoch) -> float:
    """Return τ of an epoch, 10 in the first and 0.1 in the last."""
    share = epoch.number / max(1, epoch.n_epochs - 1)
    return FIRST_TEMPERATURE + (LAST_TEMPERATURE - FIRST_TEMPERATURE) * share


def hard_path(logits: Tensor, temperature: float, rng: np.random.Generator) -> Choice:
    """Draw a path and return it with shares that are 1 forward and soft backward (straight-through).

    With independent Gumbel noise g, an edge takes o* = argmax_o (α_o + g_o), a draw from σ(α). Its shares are
    one-hot(o*), and their gradient by α is that of σ((log σ(α) + g) / τ).

    Args:
        logits: α, shape (edges, options).
        temperature: τ > 0.
        rng: Draws g.
    """
    noise = torch.from_numpy(rng.gumbel(size=tuple(logits.shape))).to(logits)
    soft = torch.softmax((torch.log_softmax(logits, 1) + noise) / temperature, 1)
    drawn = soft.detach().argmax(1)
    hard = torch.nn.functional.one_hot(drawn, logits.shape[1]).to(soft)
    return Choice(tuple((option,) for option in drawn.tolist()), hard + (soft - soft.detach()))
