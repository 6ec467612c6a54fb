"""Verdicts follow intervals, and a claim of several parts needs all of them."""

import math

import pytest

from tegnas_study.analysis.verdicts import Verdict, together, verdict
from tegnas_study.tables.bootstrap import Estimate

nan = math.nan


@pytest.mark.parametrize(
    "low, high, above, expected",
    [
        (0.1, 0.3, 0, Verdict.HOLDS),
        (-0.3, -0.1, 0, Verdict.FAILS),
        (-0.3, 0.0, 0, Verdict.FAILS),
        (-0.1, 0.1, 0, Verdict.UNKNOWN),
        (0.1, 0.3, 0.2, Verdict.UNKNOWN),
        (0.1, 0.3, 0.5, Verdict.FAILS),
        (nan, nan, 0, Verdict.UNKNOWN),
    ],
)
def test_verdicts_follow_the_interval(low, high, above, expected):
    assert verdict(Estimate(0.0, low, high), above=above) == expected


def test_a_claim_of_several_parts_needs_all_of_them():
    holds, fails, unknown = Verdict.HOLDS, Verdict.FAILS, Verdict.UNKNOWN
    assert together(holds, holds) == holds
    assert together(holds, unknown) == unknown
    assert together(holds, unknown, fails) == fails
    assert f"{fails}" == "does not hold"
