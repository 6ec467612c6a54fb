"""The linear regions of a ReLU network on a piece of the plane: exact, each as a convex polygon."""

from dataclasses import dataclass
from math import comb

import numpy as np

from tegnas_core.errors import TegnasError
from tegnas_study.teaching.relu_networks import Layers

_RESOLUTION = 1e-9  # a fold that cuts off less than this share of a polygon's largest value does not cut it


@dataclass(frozen=True)
class RegionMap:
    """The linear regions of a network within a square.

    Attributes:
        polygons: The corners of each region in order, each of shape (n_corners, 2).
        patterns: The activation pattern on each region, bool (n_regions, n_units), first layer first.
    """

    polygons: tuple[np.ndarray, ...]
    patterns: np.ndarray

    def __len__(self) -> int:
        return len(self.polygons)

    @property
    def areas(self) -> np.ndarray:
        """The area of each region, shape (n_regions,)."""
        return np.array([_area(polygon) for polygon in self.polygons])


def zaslavsky(n: int, d: int) -> int:
    """Return into how many regions n hyperplanes in general position cut a space of d dimensions: Σ_{k≤d} C(n, k).

    >>> zaslavsky(3, 2)
    7
    """
    return sum(comb(n, k) for k in range(d + 1))


def square(half: float) -> np.ndarray:
    """Return the corners of the square that reaches from −half to half on both axes, shape (4, 2).

    Raises:
        TegnasError: When half is not a positive number.
    """
    if not 0 < half < np.inf:
        raise TegnasError(f"a square that reaches from -{half} to {half} has no inside: give a number above 0")
    return half * np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])


def region_map(layers: Layers, window: np.ndarray) -> RegionMap:
    """Cut a window along the folds of every hidden unit, layer by layer.

    On each region found so far the next layer's pre-activations are affine functions of the input, so each unit is
    zero on a straight line and cuts only the regions on both sides of it. The last layer cuts nothing.

    Args:
        layers: A network of two inputs, as in `relu_networks`.
        window: Corners of a convex polygon in order, shape (n_corners, 2).

    Raises:
        TegnasError: When the network does not have two inputs.
    """
    if layers[0][0].shape[1] != 2:
        raise TegnasError(f"a map needs a network of 2 inputs, and this one has {layers[0][0].shape[1]}")
    polygons = [np.asarray(window, float)]
    patterns = np.zeros((1, 0), bool)
    slopes, shifts = np.eye(2)[None], np.zeros((1, 2))  # of what enters the layer, on each region
    for weights, biases in layers[:-1]:
        slopes, shifts = weights @ slopes, shifts @ weights.T + biases
        polygons, parents = _cut(polygons, slopes, shifts)
        slopes, shifts = slopes[parents], shifts[parents]
        inside = np.array([polygon.mean(axis=0) for polygon in polygons])
        on = np.einsum("ruk,rk->ru", slopes, inside) + shifts > 0
        slopes, shifts = slopes * on[..., None], shifts * on
        patterns = np.hstack([patterns[parents], on])
    return RegionMap(tuple(polygons), patterns)


def _cut(
    polygons: list[np.ndarray], slopes: np.ndarray, shifts: np.ndarray
) -> tuple[list[np.ndarray], np.ndarray]:
    """Return the pieces that one layer cuts polygons into, and the polygon that each came from.

    Args:
        polygons: One polygon for each region so far.
        slopes: Those of the layer's units on each region, shape (n_regions, n_units, 2).
        shifts: Their constants, shape (n_regions, n_units).
    """
    pieces, parents = list(polygons), list(range(len(polygons)))
    for unit in range(shifts.shape[1]):
        lengths = np.array([len(piece) for piece in pieces])
        starts = np.cumsum(lengths) - lengths
        owner = np.repeat(parents, lengths)
        values = np.einsum("vk,vk->v", slopes[owner, unit], np.concatenate(pieces)) + shifts[owner, unit]
        low, high = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
        least = _RESOLUTION * np.maximum(high, -low)
        for index in np.flatnonzero((low < -least) & (high > least)):
            corners = values[starts[index] : starts[index] + lengths[index]]
            off, on = split(pieces[index], corners)
            pieces[index] = off
            pieces.append(on)
            parents.append(parents[index])
    return pieces, np.array(parents)


def split(polygon: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the two pieces of a convex polygon in which an affine function is negative and positive.

    Args:
        polygon: Corners in order, shape (n_corners, 2).
        values: The function at the corners, of both signs, shape (n_corners,).
    """
    ahead, after = np.roll(polygon, -1, axis=0), np.roll(values, -1)
    crossed = (values > 0) != (after > 0)
    share = np.where(crossed, values / np.where(crossed, values - after, 1), 0)[:, None]
    crossing = (1 - share) * polygon + share * ahead
    both = np.stack([polygon, crossing], axis=1).reshape(-1, 2)
    off, on = (np.stack([side, crossed], axis=1).ravel() for side in (values <= 0, values > 0))
    return both[off], both[on]


def expected_regions(areas: np.ndarray, n_samples: np.ndarray | int) -> np.ndarray:
    """Return how many regions uniform samples of a window hit on average: Σ_r 1 − (1 − p_r)^m.

    Args:
        areas: Area of each region; p_r is its share of their sum.
        n_samples: Numbers m of samples, of any shape; the formula also holds a meaning between whole numbers.

    >>> expected_regions(np.array([1.0, 1.0]), 2).item()
    1.5
    """
    shares = np.asarray(areas, float) / np.sum(areas)
    return (1 - (1 - shares) ** np.asarray(n_samples)[..., None]).sum(axis=-1)


def _area(polygon: np.ndarray) -> float:
    """Return the area of a polygon by the shoelace formula."""
    x, y = polygon.T
    return 0.5 * abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1)))
