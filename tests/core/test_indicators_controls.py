"""The controls of the regression error: each against the same thing done by hand."""

import math

import numpy as np
import pytest
import torch
from oracles import kernels as twins

from tegnas_core.indicators import regression_error
from tegnas_core.indicators.controls import N_DRAWS, RIDGES, Kernels, label_gradient_alignment, regression_controls
from tegnas_core.seeding import torch_generator

N, M, CLASSES, SEED = 12, 7, 4, (0, "controls")


def random(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed)).double()


def labels(n: int, seed: int) -> torch.Tensor:
    return torch.randint(CLASSES, (n,), generator=torch.Generator().manual_seed(seed))


TRAIN, TEST = labels(N, 1), labels(M, 2)


@pytest.fixture(scope="module")
def kernels() -> Kernels:
    weights, cells, cells_test, last, last_test = (
        random(*s, seed=i) for i, s in enumerate([(N, 30), (N, 20), (M, 20), (N, 3), (M, 3)])
    )
    return Kernels(weights @ weights.T, cells @ cells.T, cells_test @ cells.T, last @ last.T, last_test @ last.T)


@pytest.fixture(scope="module")
def columns(kernels) -> dict[str, float]:
    return regression_controls(kernels, TRAIN, TEST, CLASSES, seed=SEED)


def error_with(kernels: Kernels, y: torch.Tensor, ridge: float = 0.0) -> float:
    numbers = kernels.cells.numpy(), kernels.cells_test.numpy()
    return twins.regression_error(*numbers, y.tolist(), TEST.tolist(), CLASSES, ridge)


def permuted(k: int) -> torch.Tensor:
    return TRAIN[torch.randperm(N, generator=torch_generator(*SEED, "permuted labels", k))]


def test_the_columns_and_nothing_else(columns):
    assert set(columns) == {
        *(f"control_{name}" for name in ("kappa_cells", "last", "lga", "norm", "alignment", "permuted", "random")),
        *(f"control_{kind}ridge_{ridge}" for kind in ("", "permuted_") for ridge in ("0.01", "0.1", "1")),
    }
    assert all(isinstance(value, float) and math.isfinite(value) for value in columns.values())


@pytest.mark.parametrize("ridge", [0.0, *RIDGES])
def test_permuted_is_the_error_with_permuted_labels(kernels, columns, ridge):
    name = f"control_permuted_ridge_{ridge:g}" if ridge else "control_permuted"
    expected = np.mean([error_with(kernels, permuted(k), ridge) for k in range(N_DRAWS)])
    assert columns[name] == pytest.approx(expected, rel=1e-9)
    assert len({tuple(permuted(k).tolist()) for k in range(N_DRAWS)}) == N_DRAWS


def test_random_is_the_error_with_labels_that_know_nothing(kernels, columns):
    draws = [
        torch.randint(CLASSES, (N,), generator=torch_generator(*SEED, "random labels", k)) for k in range(N_DRAWS)
    ]
    assert columns["control_random"] == pytest.approx(np.mean([error_with(kernels, y) for y in draws]), rel=1e-9)


@pytest.mark.parametrize("ridge", RIDGES)
def test_ridge_is_the_error_with_a_ridge(kernels, columns, ridge):
    assert columns[f"control_ridge_{ridge:g}"] == pytest.approx(error_with(kernels, TRAIN, ridge), rel=1e-9)


def test_norm_and_alignment_add_up_to_the_error(kernels, columns):
    """mean ‖ŷ − y‖² = mean ‖ŷ‖² − 2 mean ⟨ŷ, y⟩ + mean ‖y‖²."""
    error = regression_error(kernels.cells, kernels.cells_test, TRAIN, TEST, CLASSES).value
    spread = np.mean(np.sum(twins.targets(TEST.tolist(), CLASSES) ** 2, axis=1))
    parts = columns["control_norm"] - 2 * columns["control_alignment"] + spread
    assert parts == pytest.approx(error, rel=1e-9)


def test_last_is_the_least_squares_of_the_last_features(kernels, columns):
    """With a pseudo-inverse, kernel regression is linear regression on the features."""
    last, last_test = random(N, 3, seed=3).numpy(), random(M, 3, seed=4).numpy()
    weights = np.linalg.lstsq(last, twins.targets(TRAIN.tolist(), CLASSES), rcond=None)[0]
    residual = last_test @ weights - twins.targets(TEST.tolist(), CLASSES)
    assert columns["control_last"] == pytest.approx(np.mean(np.sum(residual**2, axis=1)), rel=1e-8)


def test_kappa_of_the_cells(kernels, columns):
    assert columns["control_kappa_cells"] == pytest.approx(twins.condition_number(kernels.cells.numpy()), rel=1e-8)


def test_label_gradient_alignment(kernels, columns):
    expected = twins.label_gradient_alignment(kernels.weights.numpy(), TRAIN.tolist(), CLASSES)
    assert columns["control_lga"] == pytest.approx(expected, rel=1e-9)


def test_label_gradient_alignment_of_the_labels_own_kernel_is_one():
    y = torch.from_numpy(twins.targets(TRAIN.tolist(), CLASSES))
    assert label_gradient_alignment(5 * y @ y.T, TRAIN, CLASSES) == pytest.approx(1)
    assert label_gradient_alignment(5 * y @ y.T + 3, TRAIN, CLASSES) == pytest.approx(
        1
    )  # a constant is centred away
    assert label_gradient_alignment(-y @ y.T, TRAIN, CLASSES) == pytest.approx(-1)
    assert math.isnan(label_gradient_alignment(torch.zeros(N, N).double(), TRAIN, CLASSES))


def test_a_singular_kernel_gives_infinite_controls_but_where_a_ridge_helps(kernels):
    low = random(N, 3)
    singular = Kernels(kernels.weights, low @ low.T, random(M, 3) @ low.T, kernels.last, kernels.last_test)
    found = regression_controls(singular, TRAIN, TEST, CLASSES, seed=SEED)
    assert found["control_kappa_cells"] == found["control_permuted"] == found["control_random"] == math.inf
    assert all(math.isfinite(found[f"control_ridge_{ridge:g}"]) for ridge in RIDGES)
    zero = Kernels(
        *(torch.zeros_like(k) for k in (kernels.weights, kernels.cells, kernels.cells_test)),
        kernels.last,
        kernels.last_test,
    )
    found = regression_controls(zero, TRAIN, TEST, CLASSES, seed=SEED)
    assert found["control_norm"] == math.inf and math.isnan(found["control_alignment"])


def test_draws_depend_on_the_seed_only(kernels, columns):
    assert regression_controls(kernels, TRAIN, TEST, CLASSES, seed=SEED) == columns
    other = regression_controls(kernels, TRAIN, TEST, CLASSES, seed=(1, "controls"))
    changed = {name for name in columns if other[name] != columns[name]}
    assert changed == {name for name in columns if "permuted" in name or "random" in name}
