"""A toy space: bit strings, where evaluation costs nothing and the optimum is known.

Here a search method is first understood and tested. The idea comes from the notebook that accompanies Real et al.,
Regularized Evolution, AAAI 2019.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tegnas_core.errors import TegnasError, quoted


@dataclass(frozen=True, order=True)
class BitString:
    """A string of bits, which ``str`` prints as "0110"."""

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

    >>> space = Toy(4)
    >>> space.parse("0110").ones
    2
    >>> [str(neighbour) for neighbour in space.neighbours(space.parse("0110"))]
    ['1110', '0010', '0100', '0111']

    Args:
        n_bits: Length of the strings, 1 to 62.

    Raises:
        TegnasError: When the length is out of these bounds.
    """

    name = "toy"

    def __init__(self, n_bits: int = 20) -> None:
        if not 1 <= n_bits <= 62:
            raise TegnasError(f"the toy space has strings of 1 to 62 bits, got {n_bits}")
        self.n_bits = n_bits

    @property
    def choices(self) -> tuple[int, ...]:
        """The number of options of every decision: each bit has two."""
        return (2,) * self.n_bits

    def compose(self, options: Sequence[int]) -> BitString:
        """Return the string with these bits."""
        return BitString(tuple(int(option) for option in options))

    def decisions(self, architecture: BitString) -> tuple[int, ...]:
        """Return the string's bits; this is the inverse of `compose`."""
        return architecture.bits

    def parse(self, text: str) -> BitString:
        """Read a string of zeros and ones; raise `TegnasError` for any other text and any other length."""
        text = text.strip()
        if len(text) != self.n_bits or not set(text) <= {"0", "1"}:
            raise TegnasError(
                f"an architecture of the toy space is {self.n_bits} zeros and ones, got {quoted(text)}"
            )
        return BitString(tuple(int(letter) for letter in text))

    def sample(self, rng: np.random.Generator) -> BitString:
        """Draw one string uniformly."""
        return self.compose(rng.integers(2, size=self.n_bits))

    def sample_many(self, n: int, *, seed: int) -> tuple[BitString, ...]:
        """Draw n different strings; a smaller sample with the same seed is a prefix of a larger one.

        Raises:
            TegnasError: When the space has fewer than n strings.
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
        """Return the number of bits in which two strings differ."""
        return sum(a != b for a, b in zip(first.bits, second.bits, strict=True))

    def contains(self, architecture: object) -> bool:
        """Say whether the value is a string of this space."""
        return isinstance(architecture, BitString) and len(architecture.bits) == self.n_bits

    def encode(self, architecture: BitString) -> np.ndarray:
        """Return the one-hot encoding, with two entries for each bit."""
        return np.eye(2)[list(architecture.bits)].ravel()

    def _flip(self, architecture: BitString, i: int) -> BitString:
        bits = architecture.bits
        return BitString((*bits[:i], 1 - bits[i], *bits[i + 1 :]))
