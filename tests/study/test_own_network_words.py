"""A score in words: every indicator with its repeats, and why one has no value."""

import math

from tegnas_core.indicators.measured import Measured
from tegnas_study.own_network.score import NetworkScore, Scored
from tegnas_study.own_network.words import as_object, as_text

FAILED = Measured(-math.inf, "undefined")
SCORE = NetworkScore(
    {
        "condition_number": Scored((Measured(4.0), Measured(9.0))),
        "naswot": Scored((FAILED, FAILED), "no ReLU"),
        "swap": Scored((FAILED, FAILED), "no ReLU"),
        "snip": Scored((Measured(1.0), Measured(-math.inf, "not_finite"))),
    },
    1234,
    (0.25, 0.5),
    True,
)


def test_a_table_has_a_row_for_each_indicator_and_each_reason_once():
    lines = as_text(SCORE).splitlines()
    assert [line.split() for line in lines[1:6]] == [
        ["condition_number", "lower", "4", "9", "6", "ok"],
        ["naswot", "higher", "–", "–", "–", "undefined"],
        ["swap", "higher", "–", "–", "–", "undefined"],
        ["snip", "higher", "1", "–", "–", "not_finite"],
        ["seconds", "0.2", "0.5", "0.8"],
    ]
    assert lines[6:] == ["", "without a value", "  naswot, swap: no ReLU"]


def test_an_object_has_null_for_what_failed():
    found = as_object(SCORE)
    assert (found["n_parameters"], found["seconds"]) == (1234, [0.25, 0.5])
    kappa, snip = (found["indicators"][name] for name in ("condition_number", "snip"))
    assert (kappa["value"], kappa["status"], kappa["higher_is_better"]) == (6.0, "ok", False)
    assert (snip["value"], snip["status"]) == (None, "not_finite")
    assert snip["repeats"] == [{"value": 1.0, "status": "ok"}, {"value": None, "status": "not_finite"}]
    assert found["indicators"]["swap"]["reason"] == "no ReLU" and "reason" not in kappa
