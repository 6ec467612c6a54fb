"""Fits on a line: a small data set, networks with one hidden layer, and their kernel at infinite width.

The kernels are those of Cho and Saul, Kernel Methods for Deep Learning, NeurIPS 2009 (arc-cosine kernels), and of
Jacot et al., Neural Tangent Kernel, NeurIPS 2018.
"""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from tegnas_core.errors import TegnasError

Floats = NDArray[np.float64]


class Wave(NamedTuple):
    """Noisy points of a wave, and the wave itself on a grid of held-out points."""

    x: Floats  # training inputs, ascending
    y: Floats  # training targets, noisy, with mean zero
    grid: Floats  # held-out inputs, from −1 to 1
    truth: Floats  # held-out targets, without noise, moved by as much as the training targets


def noisy_wave(n: int, *, noise: float, rng: np.random.Generator, n_held_out: int = 101) -> Wave:
    """Return n points of sin(4x) with Gaussian noise, at random places in [−1, 1], and the wave on a regular grid.

    The mean of the noisy targets is subtracted from all targets, so that zero is the best that one can predict
    without looking at the input.

    Args:
        n: Number of training points.
        noise: Standard deviation of the noise.
        rng: The generator of inputs and noise.
        n_held_out: Number of points of the grid.

    Raises:
        TegnasError: When a number of points is below two, or the noise is negative.
    """
    if min(n, n_held_out) < 2 or noise < 0:
        raise TegnasError(f"a wave has at least 2 points and noise ≥ 0, got {n}, {n_held_out} and {noise:g}")
    x = np.sort(rng.uniform(-1, 1, n))
    y = np.sin(4 * x) + noise * rng.standard_normal(n)
    grid = np.linspace(-1, 1, n_held_out)
    return Wave(x, y - y.mean(), grid, np.sin(4 * grid) - y.mean())


class OneHiddenLayer(nn.Module):
    """A network from numbers to numbers, f(x) = √(2/m) Σ_j v_j relu(w_j · (x, 1)), all weights from N(0, 1).

    The factor stands in front of the sum and not in the weights, so that every weight moves the output equally
    much and the kernel has a limit for large m (the *NTK parametrisation*).

    Args:
        width: m, the number of hidden units.
        seed: Where the weights come from.

    Raises:
        TegnasError: When there is no hidden unit.
    """

    def __init__(self, width: int, *, seed: int) -> None:
        super().__init__()
        if width < 1:
            raise TegnasError(f"a hidden layer has at least 1 unit, got {width}")
        self.hidden = nn.Linear(2, width, bias=False, dtype=torch.float64)
        self.out = nn.Linear(width, 1, bias=False, dtype=torch.float64)
        generator = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            self.hidden.weight.normal_(generator=generator)
            self.out.weight.normal_(generator=generator)

    def forward(self, x: Tensor) -> Tensor:
        """Return the outputs, shape (n, 1), for inputs of shape (n, 1)."""
        inputs = torch.cat([x, torch.ones_like(x)], dim=1)
        scale = (2 / self.hidden.out_features) ** 0.5
        return scale * self.out(torch.relu(self.hidden(inputs)))


def infinite_kernel(x: ArrayLike, other: ArrayLike | None = None, *, last_layer: bool = False) -> Floats:
    """Return the kernel of `OneHiddenLayer` at infinite width, shape (n, n_other); symmetric without `other`.

    With α the angle between (x, 1) and (x', 1), and ‖·‖ their lengths,

        Θ(x, x') = ‖x‖ ‖x'‖ / π · (sin α + (π − α) cos α)   from the last layer, arc-cosine kernel of degree 1
                 + ‖x‖ ‖x'‖ / π · (π − α) cos α             from the first layer, degree 0 times the inner product

    Args:
        x: Inputs, shape (n,).
        other: Inputs of the columns; None means x.
        last_layer: Leave the second line away.
    """
    rows, columns = (
        np.stack([np.asarray(a, float), np.ones(len(a))], 1) for a in (x, x if other is None else other)
    )
    lengths = np.linalg.norm(rows, axis=1)[:, None] * np.linalg.norm(columns, axis=1)
    cosine = np.clip(rows @ columns.T / lengths, -1, 1)
    angle = np.arccos(cosine)
    from_last = np.sin(angle) + (np.pi - angle) * cosine
    return lengths / np.pi * (from_last if last_layer else from_last + (np.pi - angle) * cosine)
