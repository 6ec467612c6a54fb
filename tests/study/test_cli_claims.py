"""`tegnas claims`: verdicts for a reader and for a program."""

import json

import pytest
from command_line import run

pytestmark = pytest.mark.slow


def test_a_line_says_verdict_id_and_number(capsys):
    said = run(capsys, "claims", "table2-skips", "te-nas-without-pruning")
    assert (said.code, said.err) == (0, "")
    first, second = said.out.splitlines()
    assert first.startswith("✓ holds") and "table2-skips  CIFAR-10: 54.30;" in first
    assert second.startswith("– not testable here") and "no row of TE-NAS without pruning" in second


def test_json_has_every_number(capsys):
    (found,) = json.loads(run(capsys, "claims", "--json", "table2-skips").out)
    assert (found["verdict"], found["rule"], found["shown_in"]) == ("holds", "fits", "sec-table-2")
    first = found["numbers"][0]
    assert (first["name"], first["paper"]) == ("CIFAR-10", "54.30 ± 0.00")
    assert first["value"] == first["low"] == first["high"] == pytest.approx(54.30, abs=0.005)
    assert first["sd"] is None


def test_an_unknown_claim_is_told_in_one_line(capsys):
    said = run(capsys, "claims", "nothing")
    assert said.code == 2
    assert "there is no claim 'nothing' in the ledger" in said.err
