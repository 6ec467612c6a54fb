"""A judged claim as plain data, for a file or another program."""

import math

from tegnas_study.ledger.judged import Judged, JudgedPart


def plain(found: Judged) -> dict[str, object]:
    """Return a claim, its numbers and its verdict as texts, numbers, lists and dictionaries of them."""
    claim = found.claim
    return {
        "id": claim.id,
        "where": claim.where,
        "claim": claim.claim,
        "rule": claim.rule.kind.value,
        "verdict": found.word,
        "why": claim.rule.why,
        "shown_in": claim.link,
        "numbers": [_part(part) for part in found.parts],
    }


def _part(part: JudgedPart) -> dict[str, object]:
    estimate = part.found.estimate
    return {
        "name": part.name,
        "paper": part.printed,
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "sd": None if math.isnan(part.found.sd) else part.found.sd,
        "unit_of_sd": part.found.unit,
        "n": part.found.n,
        "holds_in": part.in_draws,
        "about": part.found.population,
        "verdict": str(part.verdict),
        "counts": part.counts,
    }
