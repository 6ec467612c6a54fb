"""A toy space: bit strings, where evaluation costs nothing and the optimum is known.

It is where a search method is first understood and tested. Source of the idea: the notebook that accompanies Real
et al., Regularized Evolution, AAAI 2019.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tegnas_core.errors import TegnasError


@dataclass(frozen=True, order=True)
class BitString:
    """Some bits; ``str`` prints them as in "0110"."""

    bits: tuple[int, ...]

    def __str__(self) -> str:
        """Print the bits."""
        return "".join(map(str, self.bits))

    @property
    def ones(self) -> int:
        """Return how many bits are set."""
        return sum(self.bits)


class Toy:
    """All strings of n bits; the usual objective is the number of ones.

    Args:
        n_bits: Length of the strings.
    """

    name = "toy"

    def __init__(self, n_bits: int = 20) -> None:
        if not 1 <= n_bits <= 62:
            raise TegnasError(f"the toy space has strings of 1 to 62 bits, got {n_bits}")
        self.n_bits = n_bits

    @property
    def choices(self) -> tuple[int, ...]:
        """Return the number of options of every decision: two a bit."""
        return (2,) * self.n_bits

    def compose(self, options: Sequence[int]) -> BitString:
        """Return the string of these decisions."""
        return BitString(tuple(int(option) for option in options))

    def decisions(self, architecture: BitString) -> tuple[int, ...]:
        """Return the string's decisions; the inverse of `compose`."""
        return architecture.bits

    def parse(self, text: str) -> BitString:
        """Read a string of zeros and ones; raise `TegnasError` when it is none or of another length."""
        text = text.strip()
        if len(text) != self.n_bits or not set(text) <= {"0", "1"}:
            raise TegnasError(
                f"an architecture of the toy space is {self.n_bits} zeros and ones, got {text[:80]!r}"
            )
        return BitString(tuple(int(letter) for letter in text))

    def sample(self, rng: np.random.Generator) -> BitString:
        """Draw one string uniformly."""
        return self.compose(rng.integers(2, size=self.n_bits))

    def sample_many(self, n: int, *, seed: int) -> tuple[BitString, ...]:
        """Draw n different strings; a smaller sample with the same seed is a prefix of a larger one.

        Raises:
            TegnasError: When there are not so many.
        """
        if not 0 <= n <= 2**self.n_bits:
            raise TegnasError(f"the space has {2**self.n_bits:,} strings, cannot sample {n:,}")
        rng, found = np.random.default_rng(seed), dict[BitString, None]()
        while len(found) < n:
            found.setdefault(self.sample(rng))
        return tuple(found)

    def mutate(self, architecture: BitString, rng: np.random.Generator) -> BitString:
        """Flip one bit."""
        return self._flip(architecture, int(rng.integers(self.n_bits)))

    def neighbours(self, architecture: BitString) -> tuple[BitString, ...]:
        """Return all strings with one bit flipped."""
        return tuple(self._flip(architecture, i) for i in range(self.n_bits))

    def distance(self, first: BitString, second: BitString) -> int:
        """Return in how many bits two strings differ."""
        return sum(a != b for a, b in zip(first.bits, second.bits, strict=True))

    def contains(self, architecture: object) -> bool:
        """Say whether the value is a string of this space."""
        return isinstance(architecture, BitString) and len(architecture.bits) == self.n_bits

    def encode(self, architecture: BitString) -> np.ndarray:
        """Return the one-hot encoding, two entries a bit."""
        return np.eye(2)[list(architecture.bits)].ravel()

    def _flip(self, architecture: BitString, i: int) -> BitString:
        bits = architecture.bits
        return BitString((*bits[:i], 1 - bits[i], *bits[i + 1 :]))
