"""Does a claim hold? The rule by which the chapters say so, in one place."""

from enum import StrEnum

from tegnas_study.tables.bootstrap import Estimate


class Verdict(StrEnum):
    """What an interval says about a claim of the form "larger than"."""

    HOLDS = "holds"
    FAILS = "does not hold"
    UNKNOWN = "cannot tell"


def verdict(found: Estimate, *, above: float = 0.0) -> Verdict:
    """Say whether the claim "the number is above" holds.

    It holds when the whole interval lies above, it does not when the whole interval lies below or at it, and we
    cannot tell when the interval has both sides or is unknown.

    Args:
        found: The number and its interval.
        above: The bound that the claim compares the number with.

    >>> str(verdict(Estimate(0.2, 0.1, 0.3)))
    'holds'
    """
    if found.low > above:
        return Verdict.HOLDS
    if found.high <= above:
        return Verdict.FAILS
    return Verdict.UNKNOWN


def together(*found: Verdict) -> Verdict:
    """Return the verdict on a claim that has several parts: it fails with one of them, and holds with all."""
    if Verdict.FAILS in found:
        return Verdict.FAILS
    return Verdict.UNKNOWN if Verdict.UNKNOWN in found else Verdict.HOLDS
