"""A judged claim as plain data survives JSON."""

import json

import pandas as pd

from tegnas_study.analysis.verdicts import Verdict
from tegnas_study.ledger.claim import Claim
from tegnas_study.ledger.finding import Finding, exact
from tegnas_study.ledger.judged import Judged, JudgedPart
from tegnas_study.ledger.plain import plain
from tegnas_study.tables.bootstrap import Estimate

ENTRY = {"id": "a", "section": "A", "where": "Fig. 1", "claim": "Larger is better.", "link": "ch-intro"}


def part(found: Finding) -> JudgedPart:
    return JudgedPart("", found, Verdict.HOLDS, "0.5", True, "2 of 2 draws")


def test_numbers_and_verdict_are_there():
    claim = Claim.model_validate({**ENTRY, "computation": {"name": "x"}, "rule": {"kind": "above"}})
    found = Finding(pd.Series([0.1, 0.3]), Estimate(0.2, 0.1, 0.3), "draws", "everything")
    told = json.loads(json.dumps(plain(Judged(claim, (part(found),)))))
    assert (told["verdict"], told["rule"], told["numbers"][0]["n"]) == ("holds", "above", 2)
    assert told["numbers"][0]["low"] == 0.1


def test_a_single_value_has_no_deviation():
    claim = Claim.model_validate({**ENTRY, "computation": {"name": "x"}, "rule": {"kind": "above"}})
    told = plain(Judged(claim, (part(exact(3.0, "everything")),)))
    assert told["numbers"][0]["sd"] is None


def test_what_cannot_be_tested_says_why():
    claim = Claim.model_validate({**ENTRY, "rule": {"kind": "none", "why": "Too little is said."}})
    told = plain(Judged(claim, ()))
    assert (told["verdict"], told["why"], told["numbers"]) == ("not testable here", "Too little is said.", [])
