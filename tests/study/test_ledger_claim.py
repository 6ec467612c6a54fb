"""The claims: the file of the book is whole, and a file that is wrong is refused in one line."""

import pandas as pd
import pytest

from tegnas_core.errors import TegnasError
from tegnas_study.data.quoted import QUOTED
from tegnas_study.ledger.claim import Claim, read_claims
from tegnas_study.ledger.rules import RuleKind

ENTRY = """\
- id: one
  section: A
  where: Fig. 1
  claim: Larger is better.
  computation: {name: agreement, predictor: linear_regions, accuracy: cifar10_test_200}
  rule: {kind: above}
  link: fig-whole-space
"""


@pytest.fixture(scope="module")
def claims():
    return read_claims()


@pytest.fixture
def read(tmp_path):
    def reader(text: str):
        path = tmp_path / "claims.yml"
        path.write_text(text, encoding="utf-8")
        return read_claims(path)

    return reader


def test_there_are_as_many_claims_as_a_reader_can_take(claims):
    assert 40 <= len(claims) <= 80


def test_every_figure_and_every_row_of_every_table_has_one_entry(claims):
    rows = {path.stem: pd.read_csv(path)["row"] for path in QUOTED.glob("table-*.csv")}
    expected = [f"fig-{number}" for number in range(1, 8)]
    expected += [f"table-1: {row}" for row in ("REINFORCE", "Evolution", "FP-NAS")]
    expected += [f"{table}: {row}" for table, names in rows.items() for row in names]
    covered = [name for claim in claims for name in claim.covers]
    assert sorted(covered) == sorted(expected)


def test_numbers_that_are_compared_with_the_paper_are_the_paper_s(claims):
    compared = [c for c in claims if c.rule.kind in (RuleKind.PRINTS, RuleKind.FITS)]
    assert len(compared) > 15
    for claim in compared:
        assert all(part.number == part.number for part in claim.parts.values()), claim.id


def test_a_claim_of_one_number_may_be_written_short(read):
    (claim,) = read(ENTRY)
    assert list(claim.parts) == [""]
    assert claim.parts[""].computation.arguments == {"predictor": "linear_regions", "accuracy": "cifar10_test_200"}
    assert claim.bound_of(claim.parts[""]) == 0.0


def test_a_quoted_cell_is_looked_up():
    part = {"computation": {"name": "x"}, "quoted": {"table": "table-2", "row": "RSPS", "column": "cifar10"}}
    entry = {"id": "a", "section": "A", "where": "Table 2", "claim": "What it reaches.", "link": "ch-x"}
    claim = Claim.model_validate({**entry, "parts": {"": part}, "rule": {"kind": "prints"}})
    assert claim.parts[""].printed == "87.66 ± 1.69"
    assert claim.bound_of(claim.parts[""]) == 87.66


@pytest.mark.parametrize(
    "old, new, told",
    [
        ("rule: {kind: above}", "rule: {kind: above}\n  verdict: holds", "verdict: Extra inputs"),
        ("rule: {kind: above}", "rule: {kind: above}\n  found: 0.9", "found: Extra inputs"),
        ("kind: above", "kind: nice", "Input should be 'above', 'below', 'prints', 'fits' or 'none'"),
        ("kind: above", "kind: prints", "give quoted"),
        ("kind: above", "kind: none", "says why"),
        (
            "{kind: above}",
            '{kind: none, why: "Too little is said."}',
            "has a number that counts, or a rule that says",
        ),
        ("id: one", "id: One!", "id: String should match pattern"),
        ("link: fig-whole-space", "link: https://example.org", "link: String should match pattern"),
        (
            "claim: Larger is better.",
            "claim: &a Larger is better.\n  paper: *a",
            "an alias, which has no place here",
        ),
        ("where: Fig. 1", "where: Fig. 1\n  where: Fig. 2", "the key 'where' twice"),
        ("where: Fig. 1", "where: !!python/object/apply:os.getcwd []", "could not determine a constructor"),
        ("- id: one", "id: one", "must hold a list of claims"),
    ],
)
def test_a_wrong_file_is_told_in_one_line(read, old, new, told):
    text = ENTRY.replace(old, new)
    if not text.startswith("-"):
        text = text.replace("\n  ", "\n")
    with pytest.raises(TegnasError, match=told) as caught:
        read(text)
    assert "\n" not in str(caught.value)


def test_two_claims_of_one_name_are_refused(read):
    with pytest.raises(TegnasError, match="has two claims called one"):
        read(ENTRY + ENTRY)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(TegnasError, match=r"cannot read .*No such file"):
        read_claims(tmp_path / "none.yml")


def test_a_cell_that_is_not_there_is_told():
    part = {"computation": {"name": "x"}, "quoted": {"table": "table-2", "row": "Nobody", "column": "cifar10"}}
    entry = {"id": "a", "section": "A", "where": "Table 2", "claim": "What it reaches.", "link": "ch-x"}
    claim = Claim.model_validate({**entry, "parts": {"": part}, "rule": {"kind": "prints"}})
    with pytest.raises(TegnasError, match="table-2 has no cell 'Nobody', 'cifar10'"):
        claim.bound_of(claim.parts[""])
