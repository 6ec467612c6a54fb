"""What a search is told about: a number, and which way is better."""

from typing import NamedTuple


class Objective(NamedTuple):
    """A number to optimise, and which way is better."""

    name: str
    higher_is_better: bool
