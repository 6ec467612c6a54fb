"""What a column of numbers is called, means, and which way is better."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Indicator:
    """What a column of numbers is.

    Attributes:
        name: Column name.
        symbol: As in equations and on axes.
        meaning: What it is said to measure.
        higher_is_better: Its direction; signs are flipped in `ranking` only.
        source: Paper section or reference.
    """

    name: str
    symbol: str
    meaning: str
    higher_is_better: bool
    source: str
