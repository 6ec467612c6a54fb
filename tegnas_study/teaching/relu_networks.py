"""Small fully connected ReLU networks, written as their weights and biases so that a reader can look at them.

A network is a list of pairs (W, b), one for each layer. A ReLU follows each layer but the last, whose result is
the output.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor, nn

from tegnas_core.errors import TegnasError

Layers = Sequence[tuple[np.ndarray, np.ndarray]]


def random_layers(
    widths: Sequence[int], *, rng: np.random.Generator, bias: float = 0.5
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return a network with weights from N(0, 2 / n_in), as He et al. draw them, and biases from N(0, bias²).

    Args:
        widths: Number of inputs, number of units of each hidden layer, number of outputs.
        rng: The generator that the weights and biases are drawn from.
        bias: Standard deviation of the biases.

    Raises:
        TegnasError: When there are fewer than two widths, or one is below 1.

    >>> [W.shape for W, b in random_layers((2, 8, 1), rng=np.random.default_rng(0))]
    [(8, 2), (1, 8)]
    """
    if len(widths) < 2 or min(widths) < 1:
        raise TegnasError(f"widths {tuple(widths)} make no network: give at least two whole numbers from 1 up")
    return [
        (rng.normal(0, np.sqrt(2 / n_in), (n_out, n_in)), rng.normal(0, bias, n_out))
        for n_in, n_out in pairwise(widths)
    ]


def as_module(layers: Layers) -> nn.Sequential:
    """Return a network as the module that the core's functions look at, in double precision.

    A point with d coordinates is then an image of d channels and one pixel, shape (n, d, 1, 1), and each layer is
    a 1×1 convolution.
    """
    modules: list[nn.Module] = []
    for weights, biases in layers:
        layer = nn.Conv2d(weights.shape[1], weights.shape[0], 1, dtype=torch.float64)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(np.asarray(weights, float))[..., None, None])
            layer.bias.copy_(torch.from_numpy(np.asarray(biases, float)))
        modules += [layer, nn.ReLU()]
    return nn.Sequential(*modules[:-1])


def as_images(points: np.ndarray) -> Tensor:
    """Return points of shape (n, d) as images of one pixel, shape (n, d, 1, 1), for `as_module`."""
    return torch.from_numpy(np.asarray(points, float))[..., None, None]
