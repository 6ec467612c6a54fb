"""How a number and its interval become a verdict on a claim: four rules, and no others."""

from enum import StrEnum

from tegnas_study.analysis.verdicts import Verdict, verdict
from tegnas_study.data.quoted import fits
from tegnas_study.ledger.finding import DRAWS, Finding

MARKS = {
    Verdict.HOLDS: "✓",
    Verdict.FAILS: "✗",
    Verdict.UNKNOWN: "?",
}
NOT_TESTABLE = "not testable here"
NO_MARK = "–"


class RuleKind(StrEnum):
    """What a claim says of its number.

    Attributes:
        ABOVE: The number is above a bound. It holds when the whole interval is.
        BELOW: The number is below a bound.
        PRINTS: The paper's number is one that such a study prints: it lies in the range that our runs give.
        FITS: The paper's number is ours, to as many digits as it prints. For what can be counted.
        NONE: Nothing here can test it, and the claim says why.
    """

    ABOVE = "above"
    BELOW = "below"
    PRINTS = "prints"
    FITS = "fits"
    NONE = "none"


def decide(kind: RuleKind, found: Finding, *, bound: float) -> Verdict:
    """Return the verdict on a claim.

    What rests on a single draw of the weights decides nothing when the claim is about all of them.

    Args:
        kind: What the claim says of the number; not `RuleKind.NONE`.
        found: The number.
        bound: The number that it is compared with: a bound, or what the paper prints.
    """
    estimate = found.estimate
    if kind is RuleKind.FITS:
        return Verdict.HOLDS if fits(estimate.value, bound) else Verdict.FAILS
    if found.unit == DRAWS and found.n < 2:
        return Verdict.UNKNOWN
    if kind is RuleKind.PRINTS:
        inside = estimate.low <= bound <= estimate.high
        return Verdict.HOLDS if inside else Verdict.FAILS if found.n > 1 else Verdict.UNKNOWN
    if kind is RuleKind.BELOW:
        return verdict(-estimate, above=-bound)
    return verdict(estimate, above=bound)


def n_holding(kind: RuleKind, found: Finding, *, bound: float) -> int | None:
    """Return in how many of the single values a comparison is true; None where the claim compares nothing."""
    each = found.each
    if kind is RuleKind.ABOVE:
        return int((each > bound).sum())
    return int((each < bound).sum()) if kind is RuleKind.BELOW else None
