"""How close is close: comparisons of Jacobians and kernels that several tests share."""

from collections.abc import Mapping

import torch
from torch import Tensor


def joined(jacobian: Mapping[str, Tensor]) -> Tensor:
    """The blocks side by side, (n, p), in float64."""
    return torch.cat([block.double() for block in jacobian.values()], dim=1)


def gram(jacobian: Mapping[str, Tensor]) -> Tensor:
    """J Jᵀ, (n, n)."""
    return joined(jacobian) @ joined(jacobian).T


def relative_error(found: Tensor, expected: Tensor) -> float:
    """‖found − expected‖ / ‖expected‖."""
    return ((found.double() - expected.double()).norm() / expected.double().norm()).item()


def assert_same_jacobian(found: Mapping[str, Tensor], expected: Mapping[str, Tensor], tolerance: float) -> None:
    """Same names in the same order, same shapes, rows and kernel within the relative tolerance."""
    assert list(found) == list(expected)
    assert [block.shape for block in found.values()] == [block.shape for block in expected.values()]
    assert relative_error(joined(found), joined(expected)) <= tolerance
    assert relative_error(gram(found), gram(expected)) <= tolerance
    largest = max(block.abs().max().item() for block in expected.values())
    for name, block in expected.items():  # a small block must not hide behind a large one
        assert (found[name].double() - block.double()).abs().max() <= 10 * tolerance * largest, name
