"""The ledger as a page shows it: an HTML table for each part of the paper, and a count of the verdicts."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import escape
from pathlib import Path

import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.verdicts import Verdict
from tegnas_study.ledger.claim import Claim, read_claims
from tegnas_study.ledger.judged import Judged, JudgedPart, verdict_of
from tegnas_study.ledger.rules import MARKS, NO_MARK, NOT_TESTABLE
from tegnas_study.paths import REPOSITORY

WORDS = {**{str(verdict): mark for verdict, mark in MARKS.items()}, NOT_TESTABLE: NO_MARK}
_CLASSES = {str(Verdict.HOLDS): "holds", str(Verdict.FAILS): "fails", str(Verdict.UNKNOWN): "open"}
_COLUMNS = ("claim", "paper", "here", "verdict", "shown in")
LEDGER = "00_claims"  # the page that shows all of them


class HtmlTable(str):
    """A text of HTML that a notebook shows as it is."""

    def _repr_html_(self) -> str:
        return str(self)


@lru_cache(maxsize=4)
def places(root: Path = REPOSITORY) -> dict[str, str]:
    """Return the page of every label of the book: of its figures, its chapters and its sections.

    Args:
        root: The repository; its chapters lie in ``notebooks/`` and its other pages in ``book/``.

    Raises:
        TegnasError: When two pages have the same label.
    """
    found: dict[str, str] = {}
    for path in (*sorted((root / "notebooks").glob("*.py")), *sorted((root / "book").glob("*.md"))):
        text = path.read_text(encoding="utf-8")
        page = path.stem if path.suffix == ".py" else f"../{path.stem}"
        labels = re.findall(r'"name": "(fig-[a-z0-9-]+)"', text)
        labels += re.findall(r"^(?:# )?\(((?:ch|sec|fig)-[a-z0-9-]+)\)=", text, re.M)
        for label in labels:
            if found.setdefault(label, page) != page:
                raise TegnasError(f"the label {label} stands on two pages: {found[label]} and {page}")
    return found


def link(label: str) -> tuple[str, str]:
    """Return the address of a label, as seen from a chapter, and a text for the link.

    Raises:
        TegnasError: When no page of the book has the label.

    >>> link("fig-whole-space")
    ('05_whole_space.html#fig-whole-space', 'chapter 5')
    """
    if label not in places():
        raise TegnasError(f"no page of the book has the label {label!r}")
    page = places()[label]
    number = re.match(r"\d+", page)
    return f"{page}.html#{label}", f"chapter {int(number[0])}" if number else page.removeprefix("../")


def tables(judged: Iterable[Judged]) -> dict[str, HtmlTable]:
    """Return a table for each section of the page, in the order of the claims."""
    sections: dict[str, list[Judged]] = {}
    for found in judged:
        sections.setdefault(found.claim.section, []).append(found)
    return {name: table(rows) for name, rows in sections.items()}


def claims_on(chapter: str, claims: Iterable[Claim] | None = None) -> tuple[Claim, ...]:
    """Return the claims whose link leads to a chapter, in the order of the ledger.

    Args:
        chapter: The label of the chapter, such as "ch-none-study".
        claims: Where they are looked for; None takes those of the book.

    Raises:
        TegnasError: When no page of the book has the label.
    """
    own = link(chapter)[0].partition("#")[0]
    known = read_claims() if claims is None else claims
    return tuple(claim for claim in known if link(claim.link)[0].partition("#")[0] == own)


def beside(chapter: str) -> HtmlTable:
    """Return what a chapter shows of the ledger: the claims that lead to it, judged, with links to their rows.

    Args:
        chapter: The label of the chapter, such as "ch-none-study".

    Raises:
        TegnasError: When no page of the book has the label, or no claim leads there.
    """
    found = claims_on(chapter)
    if not found:
        raise TegnasError(f"no claim of the ledger leads to {chapter}")
    return table([verdict_of(claim.id) for claim in found], in_ledger=True)


def table(judged: Sequence[Judged], *, in_ledger: bool = False) -> HtmlTable:
    """Return claims as a table in HTML; on a narrow screen the book sets its cells below each other.

    Args:
        judged: The claims.
        in_ledger: Whether the links lead to the rows of the ledger, and not to what shows the numbers.
    """
    columns = (*_COLUMNS[:-1], "in the ledger") if in_ledger else _COLUMNS
    head = "".join(f'<th scope="col">{name}</th>' for name in columns)
    rows = "\n".join(_row(found, columns, in_ledger=in_ledger) for found in judged)
    return HtmlTable(f'<table class="ledger"><thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>')


def counts(judged: Sequence[Judged]) -> pd.DataFrame:
    """Return how many claims of each section have which verdict, and how many there are."""
    rows = pd.DataFrame([(found.claim.section, found.word) for found in judged], columns=["section", "verdict"])
    found = rows.groupby(["section", "verdict"], sort=False).size().unstack(fill_value=0)
    found = found.reindex(rows["section"].unique()).reindex(columns=[*WORDS], fill_value=0)
    found.loc["all"] = found.sum()
    return found.assign(claims=found.sum(axis=1)).rename_axis(columns=None)


def _row(found: Judged, columns: Sequence[str], *, in_ledger: bool) -> str:
    row = f"{LEDGER}.html#claim-{found.claim.id}", "row"
    address, text = row if in_ledger else link(found.claim.link)
    cells = (
        f'{escape(found.claim.claim)}<div class="where">{escape(found.claim.where)}</div>',
        _paper(found),
        _here(found),
        _verdict(found.word, found.mark),
        f'<a href="{escape(address)}">{escape(text)}</a>',
    )
    cells = "".join(f'<td data-name="{name}">{cell}</td>' for name, cell in zip(columns, cells, strict=True))
    return f'<tr id="claim-{found.claim.id}">{cells}</tr>'


def _paper(found: Judged) -> str:
    if found.claim.paper:
        return escape(found.claim.paper)
    lines = [f"{part.name}: {part.printed}" if part.name else part.printed for part in found.parts if part.counts]
    return "<br>".join(escape(line) for line in lines if line.rpartition(": ")[2])


def _here(found: Judged) -> str:
    if not found.parts:
        return f'<span class="why">{escape(found.claim.rule.why)}</span>'
    several = len(found.parts) > 1
    return "".join(_part(part, several=several) for part in found.parts) + _about(found)


def _part(part: JudgedPart, *, several: bool) -> str:
    name = f'<span class="part">{escape(part.name)}</span> ' if part.name else ""
    mark = f" {MARKS[part.verdict]}" if several else ""
    draws = f'<span class="draws">{escape(part.in_draws)}</span>' if part.in_draws else ""
    kind = "" if part.counts else ' class="beside"'
    return f"<div{kind}>{name}{escape(str(part.found))}{mark} {draws}</div>"


def _about(found: Judged) -> str:
    said = dict.fromkeys(part.found.population for part in found.parts if part.counts)
    return f'<div class="where">{escape("; ".join(said))}</div>'


def _verdict(word: str, mark: str) -> str:
    return f'<span class="verdict {_CLASSES.get(word, "none")}"><b aria-hidden="true">{mark}</b> {word}</span>'
