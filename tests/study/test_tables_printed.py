"""Numbers as pages print them: signs, zeros, what is missing."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tegnas_study.tables.printed import printed, printed_table, record_table


@pytest.mark.parametrize(
    "value, spec, expected",
    [
        (59776.0, ",.0f", "59,776"),
        (-0.04, ".1f", "0.0"),
        (-0.06, ".1f", "−0.1"),
        (0.04, "+.1f", "0.0"),
        (2.5, "+.1f", "+2.5"),
        (-1234.5, ",.1f", "−1,234.5"),
        (3e-7, ".0e", "3·10⁻⁷"),
        (1.2e18, ".1e", "1.2·10¹⁸"),
        (-1.5e-10, ".2g", "−1.5·10⁻¹⁰"),
        (0.0, ".1e", "0"),
        (0.136, "+.0%", "+14 %"),
        ("ok", "", "ok"),
        (math.inf, ".2f", "inf"),
        (-math.inf, ".2f", "−inf"),
    ],
)
def test_a_number_is_printed(value, spec, expected):
    assert printed(value, spec) == expected


@given(st.floats(-1e6, 1e6), st.sampled_from([".1f", "+.2f", ",.0f"]))
def test_what_is_printed_reads_back_as_what_was_rounded(value, spec):
    text = printed(value, spec)
    assert "-" not in text
    assert float(text.replace("−", "-").replace(",", "")) == float(format(value, spec).replace(",", ""))
    assert any(digit in text for digit in "123456789") or text[0] not in "+−"


def test_a_table_has_the_columns_asked_for_and_empty_cells_for_what_is_missing():
    table = pd.DataFrame({"n": [3, 12000], "change": [math.nan, -0.25], "other": [1, 2]}, index=["a", "b"])
    found = printed_table(table, {"change": ".1f", "n": ",.0f"})
    assert found.to_dict("list") == {"change": ["", "−0.2"], "n": ["3", "12,000"]}
    assert found.index.tolist() == ["a", "b"]


def test_one_format_serves_all_columns_and_texts_stay():
    table = pd.DataFrame({"n": [-1.0, 2.0], "status": ["a-b", "ok"]}, index=pd.Index(["a", "b"], name="cell"))
    found = printed_table(table, ".1f")
    assert found.to_dict("list") == {"n": ["−1.0", "2.0"], "status": ["a-b", "ok"]}
    assert found.index.name == "cell"


def test_a_record_is_told_in_words():
    record = {"command": "tegnas study", "atlas": ["one", "two"], "versions": {"torch": "2.1", "numba": None}}
    found = record_table(record, "record")["record"]
    assert found.to_dict() == {"command": "tegnas study", "atlas": "one, two", "versions": "torch 2.1"}
