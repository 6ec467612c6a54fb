"""Does a claim hold? The rule by which the chapters say so, in one place.

About a hundred intervals are compared with a bound in the book, each by itself at 95 %. If no claim were true, a
few in a hundred would seem to hold all the same: see `false_alarms`.
"""

import re
from enum import StrEnum

from tegnas_study.tables.bootstrap import LEVEL, Estimate

RESAMPLES = 1000  # an interval from fewer moves its ends too much from seed to seed to decide anything


class Verdict(StrEnum):
    """What an interval says about a claim of the form "larger than"."""

    HOLDS = "holds"
    FAILS = "does not hold"
    UNKNOWN = "cannot tell"
    TOO_FEW = "too few resamples for a verdict"


def verdict(found: Estimate, *, above: float = 0.0) -> Verdict:
    """Say whether the claim "the number is above" holds.

    It holds when the whole interval lies above, it does not when the whole interval lies below or at it, and we
    cannot tell when the interval has both sides or is unknown. An interval from fewer than `RESAMPLES` resamples
    decides nothing.

    Args:
        found: The number and its interval.
        above: The bound that the claim compares the number with.

    >>> str(verdict(Estimate(0.2, 0.1, 0.3)))
    'holds'
    """
    if found.resamples is not None and found.resamples < RESAMPLES:
        return Verdict.TOO_FEW
    if found.low > above:
        return Verdict.HOLDS
    if found.high <= above:
        return Verdict.FAILS
    return Verdict.UNKNOWN


def together(*found: Verdict) -> Verdict:
    """Return the verdict on a claim that has several parts: it fails with one of them, and holds with all."""
    if Verdict.FAILS in found:
        return Verdict.FAILS
    open_ones = [part for part in found if part is not Verdict.HOLDS]
    return open_ones[0] if open_ones else Verdict.HOLDS


def printed_verdicts(text: str) -> int:
    """Return how many verdicts the prose of a chapter prints.

    Args:
        text: The chapter in percent format; a printed verdict is glued by a name with "verdict" in it.

    >>> printed_verdicts("# κ: {glue:text}`verdict_kappa`, R: {glue:text}`R`")
    1
    """
    return len(re.findall(r"\{glue:text\}`[^`]*verdict[^`]*`", text))


def false_alarms(n_verdicts: int, *, level: float = LEVEL) -> float:
    """Return how many verdicts would be decided by chance alone: (1 − level) · n, were all differences zero.

    Args:
        n_verdicts: Number of intervals that were compared with a bound.
        level: Nominal coverage of each interval.

    >>> round(false_alarms(100), 6)
    5.0
    """
    return (1 - level) * n_verdicts
