"""A map of the space: two directions of the one-hot code, by principal components of what the searches visited.

Over the whole space the one-hot code varies equally in all of its 24 directions, because every combination of
operations is there once; its principal components are arbitrary. What searches visited does have directions, those
in which they go, so the components are fitted on every evaluation that was recorded.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tegnas_core.errors import TegnasError

_DIGITS = 6


@dataclass(frozen=True, eq=False)
class Projection:
    """A plane in the space of one-hot codes.

    Attributes:
        mean: Where the plane's origin lies, shape (30,).
        axes: Its two unit vectors, shape (2, 30); visited cells lie to the right of and above the others.
        explained: The share of the visited cells' variance along each axis.
    """

    mean: NDArray[np.float64]
    axes: NDArray[np.float64]
    explained: tuple[float, float]

    def __call__(self, codes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the places of some codes, shape (n, 2)."""
        return (codes - self.mean) @ self.axes.T

    def data(self) -> dict[str, object]:
        """Return what the page needs to place a cell: the sum of six entries, one an edge, and the origin."""
        origin = -self.axes @ self.mean
        return {
            "origin": np.round(origin, _DIGITS).tolist(),
            "axes": np.round(self.axes, _DIGITS).tolist(),
            "explained": [round(share, 4) for share in self.explained],
        }


def fit_projection(codes: NDArray[np.float64]) -> Projection:
    """Return the first two principal components of some one-hot codes, shape (n, 30).

    Each axis points to where the codes lie, away from the middle of the whole space, whose code is 1/5 everywhere.

    Raises:
        TegnasError: When the codes do not span a plane.
    """
    mean = codes.mean(axis=0) if len(codes) else np.zeros(0)
    singular, axes = np.linalg.svd(codes - mean, full_matrices=False)[1:] if len(codes) else (np.zeros(0), mean)
    if len(singular) < 2 or singular[1] <= 1e-9:
        raise TegnasError(f"a map needs cells that span a plane, got {len(codes)} codes that do not")
    middle = np.full(len(mean), 1 / 5) - mean
    signs = np.where(axes[:2] @ middle > 0, -1.0, 1.0)
    shares = singular**2 / np.sum(singular**2)
    return Projection(mean, axes[:2] * signs[:, None], (float(shares[0]), float(shares[1])))
