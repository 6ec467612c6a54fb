"""Claims judged: the book's numbers come out of the tables, and verdicts out of the numbers."""

import pytest

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.verdicts import Verdict, together
from tegnas_study.ledger.claim import read_claims
from tegnas_study.ledger.judged import judge, judge_all, verdict_of
from tegnas_study.ledger.rules import NO_MARK, NOT_TESTABLE, RuleKind, decide
from tegnas_study.ledger.sources import Sources

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def judged():
    return judge_all()


def test_every_claim_has_a_verdict_or_says_why_not(judged):
    assert [found.claim.id for found in judged] == [claim.id for claim in read_claims()]
    for found in judged:
        if found.claim.rule.kind is RuleKind.NONE:
            assert (found.word, found.mark, found.parts) == (NOT_TESTABLE, NO_MARK, ())
            assert found.claim.rule.why
        else:
            assert found.verdict in (Verdict.HOLDS, Verdict.FAILS, Verdict.UNKNOWN), found.claim.id


def test_verdicts_follow_from_the_numbers(judged):
    for found in judged:
        for part in found.parts:
            bound = found.claim.bound_of(found.claim.parts[part.name])
            assert part.verdict == decide(found.claim.rule.kind, part.found, bound=bound)
            assert part.found.estimate.low <= part.found.estimate.high
        if found.parts:
            assert found.verdict == together(*(part.verdict for part in found.parts if part.counts))


def test_what_stands_beside_does_not_count(judged):
    by_id = {found.claim.id: found for found in judged}
    found = by_id["table2-reinforce-teg"]
    assert [part.name for part in found.parts if not part.counts] == ["CIFAR-10 validation"]
    test, valid = found.part("CIFAR-10 test"), found.part("CIFAR-10 validation")
    assert test.found.estimate.value > valid.found.estimate.value  # the splits are different numbers


def test_numbers_are_the_same_each_time():
    claim = next(claim for claim in read_claims() if claim.id == "table2-reinforce-better")
    first, second = (judge(claim, Sources()) for _ in range(2))
    assert [str(part.found) for part in first.parts] == [str(part.found) for part in second.parts]


def test_chapters_ask_by_id():
    found = verdict_of("table2-skips")
    assert found.word == "holds"
    assert str(found.part("CIFAR-10").found) == "54.30"
    with pytest.raises(TegnasError, match="there is no claim 'table2-nothing' in the ledger"):
        verdict_of("table2-nothing")
    with pytest.raises(TegnasError, match="the claim table2-skips has no number 'MNIST'"):
        found.part("MNIST")
