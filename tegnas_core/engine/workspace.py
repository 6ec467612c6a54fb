"""Arrays that are used again: fresh memory costs a page fault every 4 KB, more than the arithmetic on it."""

import threading
from collections.abc import Container

import numpy as np


class Workspace(threading.local):
    """A store of arrays for one thread; it keeps what was in use at one time in computations of one kind."""

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
        """Return an array with anything in it."""
        spare = self._spare.setdefault((shape, np.dtype(dtype)), [])
        array = spare.pop() if spare else np.empty(shape, dtype)
        self._lent[id(array)] = array
        return array

    def keep_only(self, identities: Container[int]) -> None:
        """Let all lent arrays be used again but those whose `id` is listed."""
        for identity in [i for i in self._lent if i not in identities]:
            array = self._lent.pop(identity)
            self._spare[array.shape, array.dtype].append(array)
