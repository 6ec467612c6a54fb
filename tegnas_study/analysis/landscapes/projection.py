"""Architectures on a plane: principal components of one-hot codes, and a surface through what was visited.

A surface is an ornament. It is drawn only inside the hull of what was visited, and the points are drawn on it.
Source: scikit-learn's PCA; scipy's radial basis functions.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import RBFInterpolator
from scipy.spatial import Delaunay

from tegnas_core.errors import TegnasError
from tegnas_core.spaces.by_name import SPACES

CELLS = 40  # of the surface, along each axis


@dataclass(frozen=True)
class Plane:
    """Two directions in the space of one-hot codes.

    Attributes:
        centre: Mean code, shape (d,).
        axes: Shape (2, d), orthonormal.
        explained: Shares of the variance of the codes along each axis.
    """

    centre: NDArray[np.float64]
    axes: NDArray[np.float64]
    explained: tuple[float, float]

    def place(self, codes: ArrayLike) -> NDArray[np.float64]:
        """Return where codes, or means of codes, lie on the plane, shape (n, 2)."""
        return (np.atleast_2d(np.asarray(codes, float)) - self.centre) @ self.axes.T


def fit_plane(codes: ArrayLike) -> Plane:
    """Return the plane along which codes vary most.

    Args:
        codes: Shape (n, d), at least three rows that differ.

    Raises:
        TegnasError: When the codes span no plane.
    """
    from sklearn.decomposition import PCA  # half a second to import

    table = np.asarray(codes, float)
    if table.ndim != 2 or len(np.unique(table, axis=0)) < 3:
        raise TegnasError("a plane needs at least three architectures that differ")
    found = PCA(n_components=2, svd_solver="full").fit(table)
    first, second = found.explained_variance_ratio_
    return Plane(found.mean_, found.components_, (float(first), float(second)))


def codes_of(texts: ArrayLike, space: str) -> NDArray[np.float64]:
    """Return the one-hot codes of architectures, shape (n, d).

    Args:
        texts: Their strings.
        space: Name of the space.
    """
    made = SPACES[space]()
    codes = {text: made.encode(made.parse(text)) for text in set(np.asarray(texts).tolist())}
    return np.stack([codes[text] for text in np.asarray(texts).tolist()])


def projected(spawned: pd.DataFrame, space: str, *, at: int) -> tuple[Plane, pd.DataFrame]:
    """Return the plane of one pair and everything of it that is drawn.

    Args:
        spawned: As `experiments.spawning.spawn` returns it, one seed, with visits.
        space: Name of the space.
        at: The spawn step.

    Returns:
        The plane, fitted on what both children visited, and the rows of parts "parent", "child" and "end" with
        their places: x and y of the architecture, mean_x and mean_y of the policy's mean where it is recorded.
    """
    rows = spawned[(spawned["at"] == at) & spawned["part"].isin(["parent", "child", "end"])].reset_index(drop=True)
    codes = codes_of(rows["architecture"].to_numpy(), space)
    plane = fit_plane(codes[rows["part"] == "child"])
    places, means = plane.place(codes), np.full((len(rows), 2), np.nan)
    there = rows["mean"].notna().to_numpy()
    means[there] = plane.place(np.stack(rows.loc[there, "mean"]))
    return plane, rows.assign(x=places[:, 0], y=places[:, 1], mean_x=means[:, 0], mean_y=means[:, 1])


def surface(points: ArrayLike, values: ArrayLike, *, cells: int = CELLS) -> tuple[NDArray[np.float64], ...]:
    """Return a smooth surface through values at points of the plane, inside their hull only.

    Values at the same point are averaged first.

    Args:
        points: Shape (n, 2).
        values: Shape (n,); what is not finite is left out.
        cells: Number of cells of the grid along each axis.

    Returns:
        x, shape (cells,); y, shape (cells,); z, shape (cells, cells), nan outside the hull.
    """
    table = pd.DataFrame(np.round(np.asarray(points, float), 9), columns=["x", "y"])
    table["value"] = np.asarray(values, float)
    table = table[np.isfinite(table["value"])].groupby(["x", "y"], as_index=False)["value"].mean()
    known = table[["x", "y"]].to_numpy()
    x, y = (np.linspace(known[:, i].min(), known[:, i].max(), cells) for i in range(2))
    grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    near = min(len(known), 25)
    smooth = RBFInterpolator(known, table["value"], kernel="linear", neighbors=near, smoothing=1.0)(grid)
    inside = Delaunay(known).find_simplex(grid) >= 0
    return x, y, np.where(inside, smooth, np.nan).reshape(cells, cells)
