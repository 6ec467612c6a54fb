"""A rule of one's own is marked by the replacements of the page, and told by how much it falls short."""

import numpy as np
import pandas as pd
import pytest

from tegnas_study.exercises import check

CHANGED = pd.DataFrame(
    {
        "architecture": "a cell",
        "edge": ["0→1", "0→1", "1→2", "1→2"],
        "replacement": ["nor_conv_3x3", "skip_connect", "nor_conv_1x1", "avg_pool_3x3"],
        "change_accuracy": [3.0, -2.0, 0.1, -4.0],  # the third is within the margin
    }
)


def reply(rule):
    return check("ex-none-rule", rule, changed=CHANGED, margin=0.5)


def test_a_rule_that_beats_always_better_is_let_in():
    assert reply(lambda rows: rows["replacement"].str.startswith("nor_conv")).right
    assert reply(lambda rows: np.array([True, True, True, False])).right


@pytest.mark.parametrize(
    "rule, told",
    [
        (
            lambda rows: np.ones(len(rows), bool),
            "wrong in 66.7 % of the real changes, and “always better” in 66.7 %",
        ),
        (lambda rows: np.array([False, True, False, True]), "wrong in 100.0 %"),
        (lambda rows: True, "4 times True or False"),
        (lambda rows: rows["replacement"], "4 times True or False"),
        (lambda rows: rows["change_accuracy"] > 0, "KeyError"),  # the accuracy is not shown to a rule
    ],
)
def test_a_rule_that_does_not_is_told_why(rule, told):
    found = reply(rule)
    assert found.verdict == "wrong" and told in str(found)


def test_a_rule_that_is_not_written_yet_is_untried():
    assert reply(lambda rows: None).verdict == "untried"
    assert reply(None).verdict == "untried"
