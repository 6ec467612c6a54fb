"""Two rivals that read the size of the kernel whose shape κ reads: NASI's trace and KNAS's mean."""

from torch import Tensor

from tegnas_core.indicators.measured import Measured, finite


def ntk_trace(kernel: Tensor) -> Measured:
    """Return tr Θ / n, the mean squared length of an image's gradient; higher is better (NASI).

    Args:
        kernel: Θ, shape (n, n).
    """
    return finite(kernel.diagonal().mean().item())


def ntk_mean(kernel: Tensor) -> Measured:
    """Return Σ_ij Θ_ij / n², the squared length of the mean gradient; higher is better (KNAS).

    Args:
        kernel: Θ, shape (n, n).
    """
    return finite(kernel.mean().item())
