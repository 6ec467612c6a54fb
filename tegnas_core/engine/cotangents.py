"""The cotangent of one step while its terms arrive from the steps that read it."""

import numpy as np

from tegnas_core.engine import reverse_loops as loops
from tegnas_core.engine.workspace import Workspace

workspace = Workspace()


class Cotangent:
    """A sum: an array of its own, and multiples of others' arrays.

    Skipping edges hand on the same array, some several times: nothing is added before the sum is needed.
    """

    def __init__(self, shape: tuple[int, ...], dtype: np.dtype) -> None:
        self.shape, self.dtype = shape, dtype
        self.own: np.ndarray | None = None
        self.others: dict[int, tuple[np.ndarray, float]] = {}

    def identities(self) -> set[int]:
        """Return the `id` of every array it needs."""
        return {id(self.own), *self.others}

    def add(self, array: np.ndarray, factor: float) -> None:
        """Add a multiple of an array that others may hold too."""
        _, before = self.others.get(id(array), (array, 0.0))
        self.others[id(array)] = array, before + factor

    def writable(self) -> tuple[np.ndarray, bool]:
        """Return an array to add to, and whether it is fresh: to be overwritten."""
        fresh = self.own is None
        if fresh:
            self.own = workspace.take(self.shape, self.dtype)
        return self.own, fresh

    def total(self) -> tuple[np.ndarray, float]:
        """Return an array that nobody may write to any more, and by what to multiply it."""
        terms = list(self.others.values())
        if self.own is None and len(terms) == 1:
            return terms[0]
        for array, factor in terms:
            loops.add_multiple(array, self.dtype.type(factor), *self.writable())
        return self.own, 1.0
