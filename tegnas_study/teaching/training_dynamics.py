"""Training a small network by gradient descent, looked at in the eigenmodes of its kernel.

The loss is L = ½ ‖f − y‖² over the whole training set, so one step changes the weights by −η Jᵀ(f − y).
"""

import itertools
import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from tegnas_core.errors import TegnasError
from tegnas_study.teaching.chains import kernel_of


def points_on_circle(degrees: Sequence[float], *, dtype: torch.dtype = torch.float64) -> Tensor:
    """Return points (cos φ, sin φ), shape (n, 2).

    >>> points_on_circle([0, 90]).round(decimals=3).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    angles = torch.tensor([math.radians(angle) for angle in degrees], dtype=dtype)
    return torch.stack([angles.cos(), angles.sin()], dim=1)


def gradient_descent(
    network: nn.Module, inputs: Tensor, targets: Tensor, *, learning_rate: float, record: Sequence[int]
) -> Tensor:
    """Train a network in place by full-batch gradient descent, and return its outputs on the way.

    Args:
        network: From inputs (n, …) to one output each, shape (n, 1).
        inputs: The training inputs.
        targets: Shape (n,).
        learning_rate: η > 0.
        record: Numbers of steps, ascending from 0, after which the outputs are written down; the last ends the
            training.

    Returns:
        Outputs, shape (len(record), n); what has exploded is inf or nan.

    Raises:
        TegnasError: When the steps do not ascend from 0 or above, or the learning rate is not positive.
    """
    if not record or record[0] < 0 or any(a >= b for a, b in itertools.pairwise(record)):
        raise TegnasError("the recorded steps must be whole numbers that ascend from 0 or above")
    if not (math.isfinite(learning_rate) and learning_rate > 0):
        raise TegnasError(f"a learning rate must be positive, got {learning_rate:g}")
    weights = [parameter for parameter in network.parameters() if parameter.requires_grad]
    wanted, outputs = set(record), []
    for step in range(record[-1] + 1):
        output = network(inputs).flatten()
        if step in wanted:
            outputs.append(output.detach().clone())
        if step < record[-1]:
            gradients = torch.autograd.grad(0.5 * (output - targets).square().sum(), weights)
            torch._foreach_add_([weight.data for weight in weights], gradients, alpha=-learning_rate)
    return torch.stack(outputs)


def spaced_steps(n_steps: int, n_records: int) -> list[int]:
    """Return 0 and at most n_records whole numbers from 1 to n_steps, evenly spaced by their logarithm.

    >>> spaced_steps(100, 3)
    [0, 1, 10, 100]
    """
    spaced = torch.logspace(0, math.log10(n_steps), n_records, dtype=torch.float64).round().long()
    return [0, *sorted(set(spaced.tolist()))]


def losses(outputs: Tensor, targets: Tensor) -> Tensor:
    """Return ½ ‖f − y‖² of each recorded step, shape (n_records,)."""
    return 0.5 * (outputs - targets).square().sum(dim=1)


def predicted_losses(kernel: Tensor, residual: Tensor, *, learning_rate: float, steps: Sequence[int]) -> Tensor:
    """Return the losses that a constant kernel predicts for gradient descent, ½ Σ_i ((1 − η λ_i)^t u_i·r)².

    Args:
        kernel: Θ, shape (n, n).
        residual: r = f − y at the start, shape (n,).
        learning_rate: η.
        steps: Numbers of steps t.
    """
    eigenvalues, modes = torch.linalg.eigh(kernel)
    factors = (1 - learning_rate * eigenvalues) ** torch.tensor(list(steps), dtype=kernel.dtype)[:, None]
    return 0.5 * (factors * (modes.T @ residual.to(kernel.dtype))).square().sum(dim=1)


def kernel_change(network: nn.Module, inputs: Tensor, targets: Tensor, *, speed: float, n_steps: int) -> float:
    """Train a network in place and return by how much its kernel has moved, ‖Θ_t − Θ_0‖ / ‖Θ_0‖.

    Args:
        network: Untrained.
        inputs: The training inputs.
        targets: Shape (n,).
        speed: The learning rate in units of 1 / λ_max of the untrained kernel.
        n_steps: Number of steps t.
    """
    before = kernel_of(network, inputs)
    learning_rate = speed / torch.linalg.eigvalsh(before)[-1].item()
    gradient_descent(network, inputs, targets, learning_rate=learning_rate, record=[n_steps])
    return ((kernel_of(network, inputs) - before).norm() / before.norm()).item()
