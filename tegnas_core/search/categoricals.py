"""Independent categorical distributions, which every policy is made of, and how they follow a gradient."""

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from tegnas_core.errors import TegnasError

OptimiserName = Literal["adam", "sgd"]

INITIAL_SCALE = 1e-3  # standard deviation of the first logits, as in the released code: nearly uniform


class Categoricals:
    """Independent categorical distributions σ(θ_e), one for each row e of the logits θ.

    Args:
        allowed: Which options each row has, shape (rows, options); all others have probability 0.
        rng: Draws the first logits from N(0, 10⁻⁶).
    """

    def __init__(self, allowed: NDArray[np.bool_], *, rng: np.random.Generator) -> None:
        self.logits = torch.from_numpy(INITIAL_SCALE * rng.standard_normal(allowed.shape)).requires_grad_()
        self.mask = torch.from_numpy(np.where(allowed, 0.0, -np.inf))  # is added to the logits

    def draw(self, rng: np.random.Generator) -> NDArray[np.int64]:
        """Draw one option for each row, shape (rows,).

        With independent Gumbel noise g the largest of θ_eo + g_eo over o is a draw from σ(θ_e).
        """
        masked = (self.logits.detach() + self.mask).numpy()
        return (masked + rng.gumbel(size=masked.shape)).argmax(1)

    def log_probabilities(self) -> Tensor:
        """Return log σ(θ), shape (rows, options), which can be differentiated."""
        return torch.log_softmax(self.logits + self.mask, dim=1)

    def log_probability(self, options: tuple[int, ...]) -> Tensor:
        """Return Σ_e log σ(θ_e) of one option for each row."""
        return self.log_probabilities()[torch.arange(len(options)), torch.tensor(options)].sum()

    def gradient(self, draws: Sequence[Sequence[int]], weights: ArrayLike) -> Tensor:
        """Return ∇f of f(θ) = −Σ_i w_i Σ_e log σ(θ_e)(a_ie), which is Σ_i w_i (σ(θ) − one-hot(a_i)).

        Args:
            draws: One option for each row, of every draw a_i.
            weights: w, shape (draws,), constants.

        Returns:
            Shape (rows, options): bit by bit what `torch.autograd` finds, which takes several times as long.
        """
        chosen = np.arange(self.logits.shape[1]) == np.asarray(draws)[:, :, None]
        upstream = torch.from_numpy(np.where(chosen, -np.asarray(weights, float)[:, None, None], 0.0))
        outputs = self._log_sigma().expand_as(upstream).contiguous()
        each = torch.ops.aten._log_softmax_backward_data(upstream, outputs, 2, upstream.dtype)
        return torch.from_numpy(each.numpy()[::-1].sum(0))  # the last draw first, as autograd adds them up

    def probabilities(self) -> NDArray[np.float64]:
        """Return σ(θ), shape (rows, options)."""
        return self._log_sigma().exp_().numpy()

    def entropy(self) -> float:
        """Return Σ_e H(σ(θ_e)) in nats."""
        return float(torch.special.entr(self._log_sigma().exp_()).sum())

    def _log_sigma(self) -> Tensor:
        return torch.log_softmax(self.logits.detach() + self.mask, dim=1)


class Optimiser:
    """Moves logits down gradients: "sgd" takes θ ← θ − η ∇f (Eq. 13, 19), "adam" the steps of `torch.optim.Adam`.

    The library's own optimisers do the same, bit by bit, and are ten times as slow for so few numbers.

    Args:
        name: "adam", which the released code takes, or "sgd", as the paper's text says.
        logits: θ.
        learning_rate: η > 0.

    Raises:
        TegnasError: When the name is unknown or the learning rate is not positive.
    """

    decays, epsilon = (0.9, 0.999), 1e-8

    def __init__(self, name: OptimiserName, logits: Tensor, *, learning_rate: float) -> None:
        if name not in get_args(OptimiserName):
            raise TegnasError(f"unknown optimiser {name!r}; known are {', '.join(get_args(OptimiserName))}")
        if not learning_rate > 0:
            raise TegnasError(f"a learning rate must be positive, got {learning_rate}")
        self.name, self.logits, self.learning_rate, self.n_steps = name, logits, learning_rate, 0
        self.mean, self.square = torch.zeros_like(logits), torch.zeros_like(logits)

    @torch.no_grad()
    def step(self, gradient: Tensor) -> None:
        """Move the logits one step down a gradient of their shape."""
        if self.name == "sgd":
            self.logits.add_(gradient, alpha=-self.learning_rate)
            return
        self.n_steps += 1
        first, second = self.decays
        self.mean.lerp_(gradient, 1 - first)
        self.square.mul_(second).addcmul_(gradient, gradient, value=1 - second)
        length = self.learning_rate / (1 - first**self.n_steps)
        deviation = self.square.sqrt().div_((1 - second**self.n_steps) ** 0.5).add_(self.epsilon)
        self.logits.addcdiv_(self.mean, deviation, value=-length)
