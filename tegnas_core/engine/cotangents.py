"""The cotangent of one step while its terms arrive from the steps that read it, and the memory that holds it."""

import threading
from collections.abc import Container

import numpy as np

from tegnas_core.engine import reverse_loops as loops


class Workspace(threading.local):
    """A store of arrays for one thread; it keeps what was in use at one time in computations of one kind.

    Fresh memory costs a page fault every 4 KB, which takes longer than the arithmetic on it.
    """

    def __init__(self) -> None:
        self._kind: object = None
        self._spare: dict[tuple, list[np.ndarray]] = {}
        self._lent: dict[int, np.ndarray] = {}

    def begin(self, kind: object) -> None:
        """Start a computation with nothing lent; arrays kept from another kind of computation are let go."""
        self.keep_only(())
        if kind != self._kind:
            self._spare.clear()
        self._kind = kind

    def take(self, shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
        """Return an array that may hold any numbers."""
        spare = self._spare.setdefault((shape, np.dtype(dtype)), [])
        array = spare.pop() if spare else np.empty(shape, dtype)
        self._lent[id(array)] = array
        return array

    def keep_only(self, identities: Container[int]) -> None:
        """Make all lent arrays free to be used again, except for those whose `id` is listed."""
        for identity in [i for i in self._lent if i not in identities]:
            array = self._lent.pop(identity)
            self._spare[array.shape, array.dtype].append(array)


workspace = Workspace()


class Cotangent:
    """A sum: an array of its own, and multiples of other steps' arrays.

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
        """Add a multiple of an array that other cotangents may hold too."""
        _, before = self.others.get(id(array), (array, 0.0))
        self.others[id(array)] = array, before + factor

    def writable(self) -> tuple[np.ndarray, bool]:
        """Return an array to add to, and whether it is fresh and must be overwritten instead."""
        fresh = self.own is None
        if fresh:
            self.own = workspace.take(self.shape, self.dtype)
        return self.own, fresh

    def total(self) -> tuple[np.ndarray, float]:
        """Return the sum as an array, to which nobody may write any more, and a factor to multiply it by."""
        terms = list(self.others.values())
        if self.own is None and len(terms) == 1:
            return terms[0]
        for array, factor in terms:
            loops.add_multiple(array, self.dtype.type(factor), *self.writable())
        return self.own, 1.0
