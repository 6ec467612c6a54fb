"""Look at a large network on a plane through some of its inputs."""

import numpy as np
import torch
from torch import Tensor, nn

from tegnas_core import activation_patterns
from tegnas_core.errors import TegnasError


@torch.no_grad()
def hold_statistics(network: nn.Module, inputs: Tensor) -> nn.Module:
    """Fix every batch normalisation of a network at the statistics of one batch, and return the network.

    Afterwards an input's output no longer depends on its companions, so a network of ReLUs, convolutions, average
    poolings and batch normalisations is a piecewise linear function of one input.

    Args:
        network: Changed in place; it is in evaluation mode afterwards.
        inputs: The batch, in the shape that the network takes.
    """

    def keep(module: nn.BatchNorm2d, arguments: tuple[Tensor]) -> None:
        module.running_mean = arguments[0].mean((0, 2, 3))
        module.running_var = arguments[0].var((0, 2, 3), unbiased=False)

    norms = [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    hooks = [module.register_forward_pre_hook(keep) for module in norms]
    try:
        network.train()(inputs)
    finally:
        for hook in hooks:
            hook.remove()
    return network.eval()


def plane_through(inputs: Tensor, marks: np.ndarray, n: int) -> Tensor:
    """Return the inputs at the points of an n × n grid over [0, 1]², on the plane through three inputs.

    The map x(s, t) from the square to the inputs is affine, and each of the three inputs lies at its mark.

    Args:
        inputs: Three inputs, shape (3, ...).
        marks: Where they lie in the square, shape (3, 2), not on one line.
        n: Number of grid points along a side; each is the middle of a small square.

    Returns:
        Shape (n · n, ...), row by row from below.

    Raises:
        TegnasError: When there are not three inputs, or the marks lie on one line.
    """
    marks = np.asarray(marks, float)
    if len(inputs) != 3 or marks.shape != (3, 2):
        raise TegnasError(f"a plane goes through 3 inputs at 3 marks, not through {len(inputs)} at {len(marks)}")
    frame = np.vstack([marks.T, np.ones(3)])  # weights of the three inputs, solved for at each point
    if abs(np.linalg.det(frame)) < 1e-12:
        raise TegnasError("the three marks lie on one line: move one of them aside")
    middles = (np.arange(n) + 0.5) / n
    t, s = (axis.ravel() for axis in np.meshgrid(middles, middles, indexing="ij"))
    shares = torch.from_numpy(np.linalg.solve(frame, np.stack([s, t, np.ones(n * n)])).T).to(inputs.dtype)
    return torch.tensordot(shares, inputs, dims=1)


def patterns_on_plane(network: nn.Module, inputs: Tensor, marks: np.ndarray, n: int) -> np.ndarray:
    """Return the activation pattern at each point of `plane_through`, bool (n, n, n_relus), rows from below."""
    points = plane_through(inputs, marks, n)
    return activation_patterns(network, points.split(4096)).reshape(n, n, -1)
