"""A search space of one's own, declared by its options, which every search method of the core can search."""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from tegnas_core.errors import TegnasError, quoted

_LARGEST_PERMUTATION = 10**6  # architectures; of larger spaces no list is made


@dataclass(frozen=True)
class Choice:
    """One architecture of a `ChoiceSpace`: an option for each decision.

    >>> choice = Choice(("width", "kernel"), (8, 3))
    >>> choice["kernel"], str(choice)
    (3, 'width=8 kernel=3')

    Attributes:
        names: The names of the decisions.
        options: What was chosen in each.
    """

    names: tuple[str, ...]
    options: tuple[Hashable, ...]

    def __getitem__(self, name: str) -> Hashable:
        """Return the option that was chosen in a decision."""
        return self.options[self.names.index(name)]

    def __str__(self) -> str:
        """Print ``name=option`` for each decision, which `ChoiceSpace.parse` reads."""
        return " ".join(f"{name}={option}" for name, option in zip(self.names, self.options, strict=True))


class ChoiceSpace:
    """All combinations of some independent decisions (see `spaces.base.FactorisedSpace`).

    >>> space = ChoiceSpace("mine", width=(8, 16, 32), kernel=(3, 5))
    >>> space.choices, str(space.compose([2, 0])), len(space.neighbours(space.compose([2, 0])))
    ((3, 2), 'width=32 kernel=3', 3)
    >>> space.parse("width=8 kernel=5")["kernel"]
    5

    Args:
        name: What the space is called.
        **decisions: The options of each decision, as many as one likes. Options of a decision print differently,
            and print no spaces.

    Raises:
        TegnasError: When there is nothing to decide, or two options of a decision print alike or print spaces.
    """

    def __init__(self, name: str, **decisions: Sequence[Hashable]) -> None:
        self.name = name
        self._options = {key: tuple(options) for key, options in decisions.items()}
        self._open = [k for k, options in enumerate(self._options.values()) if len(options) > 1]
        if not self._open:
            raise TegnasError("a search space needs a decision with two options or more")
        for key, options in self._options.items():
            texts = [str(option) for option in options]
            if not texts or len({*texts}) < len(texts) or any(not t or t != "".join(t.split()) for t in texts):
                raise TegnasError(f"the options of {quoted(key)} must print differently and without spaces")

    @property
    def choices(self) -> tuple[int, ...]:
        """The number of options of every decision."""
        return tuple(len(options) for options in self._options.values())

    def compose(self, options: Sequence[int]) -> Choice:
        """Return the architecture that takes these options, given by one number for each decision."""
        pairs = zip(self._options.values(), options, strict=True)
        return Choice(tuple(self._options), tuple(known[number] for known, number in pairs))

    def decisions(self, architecture: Choice) -> tuple[int, ...]:
        """Return the numbers of the options that were chosen; this is the inverse of `compose`."""
        pairs = zip(self._options.values(), architecture.options, strict=True)
        return tuple(known.index(option) for known, option in pairs)

    def parse(self, text: str) -> Choice:
        """Read what an architecture prints; raise `TegnasError` for any other text."""
        found = dict(entry.split("=", 1) for entry in text.split() if "=" in entry)
        numbers = []
        for name, options in self._options.items():
            texts = [str(option) for option in options]
            if found.get(name) not in texts:
                known = ", ".join(texts)
                raise TegnasError(f"{quoted(text)} lacks {name}= with one of {known}, as in {self._first}")
            numbers.append(texts.index(found[name]))
        if len(text.split()) != len(self._options):
            raise TegnasError(f"{quoted(text)} says more than {self._first}")
        return self.compose(numbers)

    def sample(self, rng: np.random.Generator) -> Choice:
        """Draw one architecture uniformly."""
        return self.compose([int(rng.integers(n)) for n in self.choices])

    def sample_many(self, n: int, *, seed: int) -> tuple[Choice, ...]:
        """Draw n different architectures; a smaller sample with the same seed is a prefix of a larger one.

        Raises:
            TegnasError: When the space has fewer.
        """
        total = math.prod(self.choices)
        if not 0 <= n <= total:
            raise TegnasError(f"the space has {total:,} architectures, cannot sample {n:,}")
        rng = np.random.default_rng(seed)
        if total <= _LARGEST_PERMUTATION:
            return tuple(self.compose(np.unravel_index(k, self.choices)) for k in rng.permutation(total)[:n])
        found: dict[Choice, None] = {}
        while len(found) < n:
            found.setdefault(self.sample(rng))
        return tuple(found)

    def mutate(self, architecture: Choice, rng: np.random.Generator) -> Choice:
        """Change one decision, drawn uniformly among those that have another option."""
        decision = self._open[int(rng.integers(len(self._open)))]
        others = self._others(architecture, decision)
        return others[int(rng.integers(len(others)))]

    def neighbours(self, architecture: Choice) -> tuple[Choice, ...]:
        """Return all architectures that differ in one decision."""
        return tuple(other for decision in self._open for other in self._others(architecture, decision))

    def distance(self, first: Choice, second: Choice) -> int:
        """Return in how many decisions two architectures differ."""
        return sum(a != b for a, b in zip(self.decisions(first), self.decisions(second), strict=True))

    def contains(self, architecture: object) -> bool:
        """Say whether the value is an architecture of this space."""
        if not isinstance(architecture, Choice) or architecture.names != tuple(self._options):
            return False
        pairs = zip(architecture.options, self._options.values(), strict=True)
        return all(option in options for option, options in pairs)

    def encode(self, architecture: Choice) -> np.ndarray:
        """Return the one-hot encoding, a flat array of zeros and ones."""
        rows = [np.eye(n)[number] for n, number in zip(self.choices, self.decisions(architecture), strict=True)]
        return np.concatenate(rows)

    @property
    def _first(self) -> str:
        return str(self.compose([0] * len(self._options)))

    def _others(self, architecture: Choice, decision: int) -> list[Choice]:
        taken = list(self.decisions(architecture))
        numbers = [number for number in range(self.choices[decision]) if number != taken[decision]]
        return [self.compose([*taken[:decision], number, *taken[decision + 1 :]]) for number in numbers]
