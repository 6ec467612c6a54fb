"""The ledger as a page shows it: an HTML table for each part of the paper, and a count of the verdicts."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import escape
from pathlib import Path

import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.verdicts import Verdict
from tegnas_study.ledger.judged import Judged, JudgedPart
from tegnas_study.ledger.rules import MARKS, NO_MARK, NOT_TESTABLE
from tegnas_study.paths import REPOSITORY

WORDS = {**{str(verdict): mark for verdict, mark in MARKS.items()}, NOT_TESTABLE: NO_MARK}
_CLASSES = {str(Verdict.HOLDS): "holds", str(Verdict.FAILS): "fails", str(Verdict.UNKNOWN): "open"}
_COLUMNS = ("claim", "paper", "here", "verdict", "shown in")


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


def table(judged: Sequence[Judged]) -> HtmlTable:
    """Return claims as a table in HTML; on a narrow screen the book sets its cells below each other."""
    head = "".join(f'<th scope="col">{name}</th>' for name in _COLUMNS)
    rows = "\n".join(map(_row, judged))
    return HtmlTable(f'<table class="ledger"><thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>')


def counts(judged: Sequence[Judged]) -> pd.DataFrame:
    """Return how many claims of each section have which verdict, and how many there are."""
    rows = pd.DataFrame([(found.claim.section, found.word) for found in judged], columns=["section", "verdict"])
    found = rows.groupby(["section", "verdict"], sort=False).size().unstack(fill_value=0)
    found = found.reindex(rows["section"].unique()).reindex(columns=[*WORDS], fill_value=0)
    found.loc["all"] = found.sum()
    return found.assign(claims=found.sum(axis=1)).rename_axis(columns=None)


def _row(found: Judged) -> str:
    address, text = link(found.claim.link)
    cells = (
        f'{escape(found.claim.claim)}<div class="where">{escape(found.claim.where)}</div>',
        _paper(found),
        _here(found),
        _verdict(found.word, found.mark),
        f'<a href="{escape(address)}">{escape(text)}</a>',
    )
    cells = "".join(f'<td data-name="{name}">{cell}</td>' for name, cell in zip(_COLUMNS, cells, strict=True))
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
