"""What does the regression error measure? The same kernels are asked again with other labels, ridges and layers.

Every number here is made from the kernels that κ and MSE need anyway, so the controls cost next to nothing.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from tegnas_core.indicators import condition_number, regression_error
from tegnas_core.indicators.kernels import centred_one_hot, kernel_regression
from tegnas_core.seeding import torch_generator

RIDGES = (0.01, 0.1, 1.0)
N_DRAWS = 5  # permutations, and draws of random labels, that are averaged


@dataclass(frozen=True)
class Kernels:
    """The kernels of one network on one pair of batches, in float64.

    Attributes:
        weights: The kernel of all weights, (n, n).
        cells: The kernel of the weights inside the cells, (n, n).
        cells_test: The kernel of the cells between held-out and training images, (m, n).
        last: The kernel of the last layer, (n, n).
        last_test: The kernel of the last layer between held-out and training images, (m, n).
    """

    weights: Tensor
    cells: Tensor
    cells_test: Tensor
    last: Tensor
    last_test: Tensor


def regression_controls(
    kernels: Kernels, labels_train: Tensor, labels_test: Tensor, n_classes: int, *, seed: tuple[object, ...]
) -> dict[str, float]:
    """Return the controls of the regression error as columns.

    * ``control_permuted``, ``control_random``: the error with permuted, or uniformly random, training labels,
      each the mean of five draws that depend on the seed only;
    * ``control_ridge_λ`` and ``control_permuted_ridge_λ`` for λ = 0.01, 0.1, 1;
    * ``control_last``: the error of the last layer's kernel with a pseudo-inverse (Eq. 8 as printed);
    * ``control_kappa_cells``: the condition number of the kernel that the regression uses;
    * ``control_norm``, ``control_alignment``: the parts of the error, which is mean ‖ŷ‖² − 2 mean ⟨ŷ, y⟩ +
      mean ‖y‖²: only the alignment knows the held-out labels;
    * ``control_lga``: label-gradient alignment ⟨Θ, YYᵀ⟩ / (‖Θ‖ ‖YYᵀ‖) of the centred kernel of all weights
      (Mok et al., CVPR 2022).

    A singular kernel gives +inf.
    """
    columns = {
        "control_kappa_cells": condition_number(kernels.cells).value,
        "control_last": regression_error(
            kernels.last, kernels.last_test, labels_train, labels_test, n_classes, solver="pseudo-inverse"
        ).value,
        "control_lga": label_gradient_alignment(kernels.weights, labels_train, n_classes),
        **_parts(kernels, labels_train, labels_test, n_classes),
    }
    permuted = [_permuted(labels_train, seed, k) for k in range(N_DRAWS)]
    uniform = [_random(labels_train, n_classes, seed, k) for k in range(N_DRAWS)]

    def mean_error(draws: list[Tensor], ridge: float = 0.0) -> float:
        errors = [
            regression_error(kernels.cells, kernels.cells_test, labels, labels_test, n_classes, ridge=ridge).value
            for labels in draws
        ]
        return sum(errors) / len(errors)

    columns["control_permuted"] = mean_error(permuted)
    columns["control_random"] = mean_error(uniform)
    for ridge in RIDGES:
        columns[f"control_ridge_{ridge:g}"] = mean_error([labels_train], ridge)
        columns[f"control_permuted_ridge_{ridge:g}"] = mean_error(permuted, ridge)
    return columns


def label_gradient_alignment(ntk: Tensor, labels: Tensor, n_classes: int) -> float:
    """Return ⟨HΘH, YYᵀ⟩ / (‖HΘH‖ ‖YYᵀ‖) with H the centring matrix and Y the centred one-hot labels.

    Between −1 and 1; nan for a zero kernel. Source: Mok et al., CVPR 2022.
    """
    targets = centred_one_hot(labels, n_classes, dtype=ntk.dtype)
    centred = ntk - ntk.mean(0, keepdim=True)
    centred = centred - centred.mean(1, keepdim=True)
    gram = targets @ targets.T
    norms = centred.norm() * gram.norm()
    return ((centred * gram).sum() / norms).item() if norms > 0 else math.nan


def _parts(kernels: Kernels, labels_train: Tensor, labels_test: Tensor, n_classes: int) -> dict[str, float]:
    targets = centred_one_hot(labels_train, n_classes, dtype=kernels.cells.dtype)
    expected = centred_one_hot(labels_test, n_classes, dtype=kernels.cells.dtype)
    try:
        predictions = kernel_regression(kernels.cells, kernels.cells_test, targets)
    except torch.linalg.LinAlgError:
        return {"control_norm": math.inf, "control_alignment": math.nan}
    return {
        "control_norm": predictions.square().sum(1).mean().item(),
        "control_alignment": (predictions * expected).sum(1).mean().item(),
    }


def _permuted(labels: Tensor, seed: tuple[object, ...], k: int) -> Tensor:
    generator = torch_generator(*seed, "permuted labels", k)
    return labels[torch.randperm(len(labels), generator=generator).to(labels.device)]


def _random(labels: Tensor, n_classes: int, seed: tuple[object, ...], k: int) -> Tensor:
    generator = torch_generator(*seed, "random labels", k)
    return torch.randint(n_classes, labels.shape, generator=generator).to(labels.device)
