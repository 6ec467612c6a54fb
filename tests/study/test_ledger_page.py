"""The page: every link leads somewhere, every section is shown, and nothing of a claim becomes HTML."""

import re
from pathlib import Path

import pandas as pd
import pytest

from tegnas_core.errors import TegnasError
from tegnas_study.ledger import page
from tegnas_study.ledger.claim import Claim, read_claims
from tegnas_study.ledger.finding import DRAWS, Finding
from tegnas_study.ledger.judged import Judged, JudgedPart, verdict_of
from tegnas_study.ledger.rules import Verdict
from tegnas_study.paths import REPOSITORY
from tegnas_study.tables.bootstrap import Estimate

NOTEBOOK = REPOSITORY / "notebooks" / "00_claims.py"
VERDICTS = ("holds", "does not hold", "cannot tell")


def chapters() -> dict[str, str]:
    """Return the source of every chapter to which a claim leads, by the label of the chapter."""
    pages = {page.link(claim.link)[0].partition(".html")[0] for claim in read_claims()}
    texts = [(REPOSITORY / "notebooks" / f"{name}.py").read_text(encoding="utf-8") for name in sorted(pages)]
    return {re.search(r"^# \((ch-[a-z0-9-]+)\)=$", text, re.M)[1]: text for text in texts}


@pytest.mark.parametrize("claim", read_claims(), ids=lambda claim: claim.id)
def test_every_link_leads_to_a_figure_or_a_page(claim):
    address, text = page.link(claim.link)
    path = address.partition(".html#")[0]
    assert any((REPOSITORY / "notebooks" / f"{path}{suffix}").exists() for suffix in (".py", ".md"))
    assert text


def test_a_link_to_nowhere_is_told():
    with pytest.raises(TegnasError, match="no page of the book has the label 'fig-nowhere'"):
        page.link("fig-nowhere")


def test_a_label_on_two_pages_is_told(tmp_path):
    for folder in ("notebooks", "book"):
        (tmp_path / folder).mkdir()
    for name in ("01_a.py", "02_b.py"):
        (tmp_path / "notebooks" / name).write_text("# %% [markdown]\n# (ch-same)=\n", encoding="utf-8")
    with pytest.raises(TegnasError, match="the label ch-same stands on two pages: 01_a and 02_b"):
        page.places(tmp_path)


def test_every_section_is_shown_in_order():
    text = NOTEBOOK.read_text(encoding="utf-8")
    sections = list(dict.fromkeys(claim.section for claim in read_claims()))
    shown = [line.split('"')[1] for line in text.splitlines() if line.startswith('shown["')]
    assert shown == sections
    assert [line for line in text.splitlines() if line[2:].startswith("## ") and line[5:] in sections] == [
        f"# ## {name}" for name in sections
    ]


def judged(claim_text: str, verdict: Verdict | None = Verdict.HOLDS) -> Judged:
    rule = {"kind": "above"} if verdict else {"kind": "none", "why": "Too little is said."}
    entry = {"id": "a", "section": "A", "where": "Fig. 1", "claim": claim_text, "link": "ch-intro", "rule": rule}
    if verdict is None:
        return Judged(Claim.model_validate(entry), ())
    claim = Claim.model_validate({**entry, "computation": {"name": "x"}})
    found = Finding(pd.Series([0.1, 0.3]), Estimate(0.2, 0.1, 0.3), DRAWS, "all of them")
    return Judged(claim, (JudgedPart("", found, verdict, "", True, f"2 of 2 {DRAWS}"),))


def test_a_row_says_claim_number_draws_and_verdict():
    row = page.table([judged("Larger is better.")])
    for text in ("Larger is better.", "0.20 ± 0.14 [0.10, 0.30]", "2 of 2 draws", "✓</b> holds", 'id="claim-a"'):
        assert text in row
    assert 'href="../intro.html#ch-intro"' in row


def test_what_cannot_be_tested_says_why():
    row = page.table([judged("Larger is better.", None)])
    assert "Too little is said." in row and "–</b> not testable here" in row


def test_words_of_a_claim_stay_words():
    assert "&lt;script&gt;" in page.table([judged("<script>alert(1)</script>")])


def test_counts_add_up():
    found = page.counts([judged("Larger is better."), judged("Smaller is better.", None)])
    assert found.loc["all"].tolist() == [1, 0, 0, 1, 2]
    assert list(found.columns) == [*page.WORDS, "claims"]


def test_the_start_page_takes_its_numbers_from_the_ledger():
    text = (Path(REPOSITORY) / "book" / "intro.md").read_text(encoding="utf-8")
    keys = [part.split("`")[0] for part in text.split("notebooks/00_claims.ipynb::")[1:]]
    assert len(keys) > 25


def test_every_claim_that_leads_to_a_chapter_is_shown_there_through_the_ledger():
    shown = [claim.id for label in chapters() for claim in page.claims_on(label)]
    assert sorted(shown) == sorted(claim.id for claim in read_claims())
    assert len(chapters()) > 8


@pytest.mark.parametrize("label, text", chapters().items(), ids=chapters())
def test_a_chapter_takes_the_verdicts_on_its_claims_from_the_ledger(label, text):
    code = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    assert f'page.beside("{label}")' in code


@pytest.mark.parametrize("label, text", chapters().items(), ids=chapters())
def test_no_chapter_has_a_verdict_typed_into_a_table(label, text):
    assert re.findall(rf"^#\s+- \W*(?:{'|'.join(VERDICTS)})\b.*$", text, re.M) == []


def test_claims_ask_the_ledger_by_the_label_of_their_chapter():
    with pytest.raises(TegnasError, match="no page of the book has the label 'ch-nowhere'"):
        page.claims_on("ch-nowhere")
    assert page.claims_on("ch-intro") == ()
    with pytest.raises(TegnasError, match="no claim of the ledger leads to ch-intro"):
        page.beside("ch-intro")  # a table without a row would say nothing


def test_what_a_chapter_shows_is_what_the_ledger_says():
    label = "ch-exclusive-sets"
    shown = page.beside(label)
    rows = re.findall(r'<tr id="claim-(.*?)">(.*?)</tr>', shown, re.DOTALL)
    assert [name for name, _ in rows] == [claim.id for claim in page.claims_on(label)]
    for name, row in rows:
        assert f"</b> {verdict_of(name).word}</span>" in row
        assert f'href="00_claims.html#claim-{name}"' in row
