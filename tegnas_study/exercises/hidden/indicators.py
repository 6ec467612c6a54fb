"""The exercises of the chapter on the three indicators: what depends on its batch, and a function to write."""

import math
from typing import TYPE_CHECKING

from tegnas_study.exercises.tasks import Cases, FromPage, WriteFunction

if TYPE_CHECKING:
    from torch import Tensor


def _trivial(*, labels: tuple) -> float:
    """Return the error of predicting the mean: where a ridge without end leads."""
    from tegnas_core import trivial_error

    _, held_out, n_classes = labels
    return trivial_error(held_out, n_classes)


def _kappa(theta: "Tensor") -> float:
    """Return λ_max / λ_min, and infinity when λ_min is not positive."""
    import torch

    eigenvalues = torch.linalg.eigvalsh(theta)
    if eigenvalues[0] <= eigenvalues[-1] * len(theta) * torch.finfo(theta.dtype).eps:
        return math.inf
    return (eigenvalues[-1] / eigenvalues[0]).item()


def _kernels() -> Cases:
    import torch

    generator = torch.Generator().manual_seed(2)
    rows = torch.randn(5, 9, dtype=torch.float64, generator=generator)
    return {
        "a diagonal kernel": (torch.diag(torch.tensor([4.0, 1.0, 2.0], dtype=torch.float64)),),
        "the kernel of five random rows": (rows @ rows.T,),
        "a singular kernel": (torch.ones(3, 3, dtype=torch.float64),),
    }


TASKS = {
    "ex-ridge": FromPage(truth=_trivial, tolerance=0.006),
    "ex-write-kappa": WriteFunction(
        reference=_kappa, cases=_kernels, hint="A λ_min that is 0 up to rounding makes κ infinite."
    ),
}
