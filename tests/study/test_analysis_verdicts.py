"""Verdicts follow intervals, and a claim of several parts needs all of them."""

import math
import re
from pathlib import Path

import numpy as np
import pytest

from book.parameters import load_parameters
from tegnas_study.analysis.records import read_record
from tegnas_study.analysis.verdicts import RESAMPLES, Verdict, false_alarms, printed_verdicts, together, verdict
from tegnas_study.paths import RESULTS
from tegnas_study.tables.bootstrap import Estimate, bootstrap

nan = math.nan
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


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


def test_fewer_than_a_thousand_resamples_decide_nothing():
    assert RESAMPLES == 1000
    assert verdict(Estimate(0.2, 0.1, 0.3, 999)) == Verdict.TOO_FEW
    assert verdict(Estimate(0.2, 0.1, 0.3, 1000)) == Verdict.HOLDS
    rows = np.arange(20.0)
    statistic = lambda counts: {"mean": float(counts @ rows / counts.sum())}  # noqa: E731
    few, many = (bootstrap(statistic, rows, seed=0, n_draws=n).estimate("mean") for n in (100, 1000))
    assert (verdict(few), verdict(many)) == (Verdict.TOO_FEW, Verdict.HOLDS)
    assert verdict(-few) == Verdict.TOO_FEW
    assert together(Verdict.HOLDS, verdict(few)) == Verdict.TOO_FEW


def test_false_alarms_grow_with_the_number_of_verdicts():
    assert false_alarms(200, level=0.99) == pytest.approx(2.0)


def test_a_claim_of_several_parts_needs_all_of_them():
    holds, fails, unknown = Verdict.HOLDS, Verdict.FAILS, Verdict.UNKNOWN
    assert together(holds, holds) == holds
    assert together(holds, unknown) == unknown
    assert together(holds, unknown, fails) == fails
    assert f"{fails}" == "does not hold"


@pytest.mark.parametrize("size", ["quick", "full"])
def test_no_chapter_prints_verdicts_from_fewer_resamples(size):
    """A chapter that draws resamples draws enough of them at every size at which the book is printed."""
    sections = load_parameters(size, NOTEBOOKS / "parameters")
    for path in sorted(NOTEBOOKS.glob("*.py")):
        text = path.read_text()
        own = re.search(r"^n_draws: int = (\d+)", text, flags=re.MULTILINE)
        if own and printed_verdicts(text):
            assert sections.get(path.stem, {}).get("n_draws", int(own[1])) >= RESAMPLES, path.stem


def test_records_rest_on_enough_resamples():
    for path in RESULTS.glob("whole-space-*.json"):
        assert read_record(path.stem.removeprefix("whole-space-")).provenance["draws"] >= RESAMPLES, path.name
