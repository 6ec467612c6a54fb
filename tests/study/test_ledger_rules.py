"""Verdicts: they follow from number, interval and rule, and from nothing else."""

import pandas as pd
import pytest

from tegnas_study.analysis.verdicts import Verdict
from tegnas_study.ledger.finding import DRAWS, Finding, exact
from tegnas_study.ledger.rules import MARKS, RuleKind, decide, n_holding
from tegnas_study.tables.bootstrap import Estimate

HOLDS, FAILS, UNKNOWN = Verdict.HOLDS, Verdict.FAILS, Verdict.UNKNOWN


def found(low: float, high: float, n: int = 3, unit: str = DRAWS) -> Finding:
    middle = (low + high) / 2
    return Finding(pd.Series([middle] * n), Estimate(middle, low, high), unit, "everything")


@pytest.mark.parametrize(
    "kind, low, high, bound, expected",
    [
        ("above", 0.1, 0.3, 0.0, HOLDS),
        ("above", -0.1, 0.3, 0.0, UNKNOWN),
        ("above", -0.3, -0.1, 0.0, FAILS),
        ("above", 0.1, 0.3, 0.2, UNKNOWN),
        ("below", -0.3, -0.1, 0.0, HOLDS),
        ("below", 0.1, 0.3, 0.0, FAILS),
        ("below", 0.1, 0.3, 0.4, HOLDS),
        ("prints", 0.1, 0.3, 0.2, HOLDS),
        ("prints", 0.1, 0.3, 0.4, FAILS),
    ],
)
def test_a_verdict_follows_from_the_interval(kind, low, high, bound, expected):
    assert decide(RuleKind(kind), found(low, high), bound=bound) == expected


@pytest.mark.parametrize("kind", ["above", "below", "prints"])
def test_a_single_draw_of_the_weights_decides_nothing(kind):
    assert decide(RuleKind(kind), found(0.1, 0.3, n=1), bound=0.0) == UNKNOWN


def test_one_table_cannot_say_that_a_printed_number_is_wrong():
    one = found(0.1, 0.3, n=1, unit="averages of three draws")
    assert decide(RuleKind.PRINTS, one, bound=0.4) == UNKNOWN
    assert decide(RuleKind.PRINTS, one, bound=0.2) == HOLDS


@pytest.mark.parametrize("value, printed, expected", [(3.558, 3.6, HOLDS), (4.138, 4.42, FAILS)])
def test_what_is_counted_is_compared_as_far_as_it_is_printed(value, printed, expected):
    assert decide(RuleKind.FITS, exact(value, "a cell"), bound=printed) == expected


def test_draws_are_counted_on_the_side_of_the_claim():
    number = Finding(pd.Series([-1.0, 1.0, 2.0]), Estimate(0.7, -1, 2), DRAWS, "everything")
    counted = [n_holding(kind, number, bound=0.0) for kind in (RuleKind.ABOVE, RuleKind.BELOW, RuleKind.PRINTS)]
    assert counted == [2, 1, None]


def test_marks_differ_without_colour():
    assert len(set(MARKS.values())) == len(MARKS) == 3
