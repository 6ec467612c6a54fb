"""How an infinitely wide network learns: its mean output at any time of gradient flow (paper Eq. 2, 3 and 7).

Under the squared loss ½ ‖f(x_train) − y‖² and gradient flow with learning rate η, the outputs of a very wide
network move as those of a model that is linear in its parameters, with the constant kernel Θ = Θ(train, train).
From a mean output of zero,

    μ_t(train) = (I − exp(−η Θ t)) y,    μ_t(test) = Θ(test, train) Θ⁻¹ (I − exp(−η Θ t)) y.

In the eigenvectors of Θ the modes do not meet: mode i is learned at the rate η λ_i. This is why the condition
number λ_max / λ_min stands for trainability, and the end of the flow, t → ∞, for generalization (see
`kernels.kernel_regression`).
Source: Lee et al., NeurIPS 2019; Xiao, Pennington & Schoenholz, ICML 2020.
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from tegnas_core.errors import TegnasError


def learned_share(eigenvalues: Tensor, times: Sequence[float], *, learning_rate: float = 1.0) -> Tensor:
    """Return 1 − exp(−η λ_i t), the share of each eigenmode that is learned at each time (paper Eq. 3).

    Args:
        eigenvalues: λ of the kernel of the training images, shape (n,).
        times: t ≥ 0, in steps of gradient descent as small as it takes.
        learning_rate: η > 0.

    Returns:
        Shares from 0 to 1, shape (n_times, n).

    Raises:
        TegnasError: When a time is negative or not finite, or the learning rate is not positive.

    A mode with ten times the eigenvalue is learned ten times as fast.

    >>> shares = learned_share(torch.tensor([0.1, 1.0]), [0.0, 1.0, 10.0])
    >>> [[round(share, 3) for share in row] for row in shares.tolist()]
    [[0.0, 0.0], [0.095, 0.632], [0.632, 1.0]]
    """
    return -torch.expm1(-_rates(eigenvalues, times, learning_rate))


def mean_prediction(
    ntk_train: Tensor,
    targets: Tensor,
    times: Sequence[float],
    *,
    ntk_test_train: Tensor | None = None,
    learning_rate: float = 1.0,
) -> Tensor:
    """Return μ_t, the mean output of the infinitely wide network on training (Eq. 2) or held-out images (Eq. 7).

    Held-out images weigh the modes by (1 − exp(−η λ t)) / λ, which is η t for a mode of eigenvalue zero, so the
    kernel need not be invertible. As t grows, μ_t tends to the kernel regression of Eq. 8 with the whole kernel.

    Args:
        ntk_train: Θ(train, train), symmetric positive semi-definite, shape (n, n).
        targets: y, shape (n, k), one column a class (see `kernels.centred_one_hot`).
        times: t ≥ 0, in steps of gradient descent as small as it takes.
        ntk_test_train: Θ(test, train), shape (m, n); None asks for the training images themselves.
        learning_rate: η > 0.

    Returns:
        Outputs in the units of the targets, shape (n_times, n, k), or (n_times, m, k) for held-out images.

    Raises:
        TegnasError: When a time is negative or not finite, or the learning rate is not positive.

    Two images whose outputs move together learn their mean before their difference.

    >>> kernel = torch.tensor([[1.0, 0.9], [0.9, 1.0]])
    >>> outputs = mean_prediction(kernel, torch.tensor([[1.0], [0.0]]), [1.0, 100.0])
    >>> [[round(output, 2) for output in row] for row in outputs.squeeze(2).tolist()]
    [[0.47, 0.38], [1.0, 0.0]]
    """
    eigenvalues, vectors = torch.linalg.eigh(ntk_train)
    eigenvalues = eigenvalues.clamp(min=0)  # rounding may push one below zero
    shares = learned_share(eigenvalues, times, learning_rate=learning_rate)
    if ntk_test_train is None:
        weights, left = shares, vectors
    else:
        slow = learning_rate * eigenvalues.new_tensor(list(times))[:, None].expand_as(shares)  # the limit λ → 0
        weights, left = torch.where(eigenvalues > 0, shares / eigenvalues, slow), ntk_test_train @ vectors
    return torch.einsum("mi,ti,ik->tmk", left, weights, vectors.T @ targets)


def _rates(eigenvalues: Tensor, times: Sequence[float], learning_rate: float) -> Tensor:
    """Return η λ_i t, shape (n_times, n)."""
    if not all(math.isfinite(t) and t >= 0 for t in times):
        raise TegnasError(f"times must be finite and not negative, got {', '.join(f'{t:g}' for t in times)}")
    if not (math.isfinite(learning_rate) and learning_rate > 0):
        raise TegnasError(f"a learning rate must be positive, got {learning_rate:g}")
    return learning_rate * eigenvalues.new_tensor(list(times))[:, None] * eigenvalues
