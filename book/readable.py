"""An executed chapter that reads well by itself, in Jupyter or as slides: numbers in place of the book's roles."""

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pybtex.database
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

ROOT = Path(__file__).resolve().parent.parent
_GLUED = "application/papermill.record/text/plain"
_BLOCK = re.compile(
    r"^(?P<fence>`{3,}|:{3,})\{(?P<kind>[\w-]+)\}(?P<title>.*)\n(?P<body>[\s\S]*?)^(?P=fence)[ \t]*$", re.M
)
_ROLE = re.compile(r"\{(?P<role>[\w:]+)\}`(?P<text>[^`]+)`")
_EQUATION = re.compile(r"\$\$\s*\(([\w-]+)\)")
_LABEL = re.compile(r"^\(([\w-]+)\)=\n(?=#+ (.*))", re.M)


@dataclass
class _Numbers:
    """What a chapter counts: its equations, figures and exercises, by label."""

    values: dict[str, object] = field(default_factory=dict)
    equations: dict[str, int] = field(default_factory=dict)
    figures: dict[str, int] = field(default_factory=dict)
    exercises: dict[str, int] = field(default_factory=dict)


def readable(notebook: NotebookNode) -> NotebookNode:
    """Return a copy of an executed notebook in plain Markdown: no role and no directive of the book is left.

    Glued numbers stand in the text, equations, figures and exercises are numbered, a solution unfolds with a
    click, and what the book hides is folded.
    """
    copy = NotebookNode(notebook).copy()
    numbers = _count(notebook)
    copy.cells = []
    for original in notebook.cells:
        cell = NotebookNode({**original, "metadata": NotebookNode(original.metadata)})
        if cell.cell_type == "markdown":
            cell.source = plain_markdown(cell.source, numbers)
            copy.cells.append(cell)
            continue
        copy.cells.append(_folded(cell))
        if caption := cell.metadata.get("mystnb", {}).get("figure"):
            number = numbers.figures[caption["name"]]
            text = f"**Fig. {number}.** {_roles(caption.get('caption', ''), numbers)}"
            copy.cells.append(new_markdown_cell(text, id=f"{cell.id}-caption", metadata={"tags": ["caption"]}))
    return copy


def _folded(cell: NotebookNode) -> NotebookNode:
    """Fold the input of a cell that the book hides, and drop outputs that only carry numbers into the text."""
    if {"hide-input", "remove-cell", "remove-input"} & set(cell.metadata.get("tags", [])):
        cell.metadata["jupyter"] = {"source_hidden": True}
    cell.outputs = [
        output for output in cell.get("outputs", []) if not output.get("metadata", {}).get("scrapbook")
    ]
    return cell


def _count(notebook: NotebookNode) -> _Numbers:
    numbers = _Numbers()
    for cell in notebook.cells:
        name = cell.metadata.get("mystnb", {}).get("figure", {}).get("name")
        if name:
            numbers.figures.setdefault(name, len(numbers.figures) + 1)
        for output in cell.get("outputs", []):
            key = output.get("metadata", {}).get("scrapbook", {}).get("name")
            if key and _GLUED in output.get("data", {}):
                numbers.values[key] = _literal(output.data[_GLUED])
        if cell.cell_type == "markdown":
            for label in _EQUATION.findall(cell.source):
                numbers.equations.setdefault(label, len(numbers.equations) + 1)
            for label in re.findall(r"^:label: *(ex-\S+)", cell.source, re.M):
                numbers.exercises.setdefault(label, len(numbers.exercises) + 1)
    return numbers


def _literal(text: str) -> object:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def plain_markdown(source: str, numbers: _Numbers | None = None) -> str:
    """Return MyST Markdown in plain Markdown."""
    numbers = numbers or _Numbers()
    text = _LABEL.sub("", source)
    text = re.sub(r"^\([\w-]+\)=\n", "", text, flags=re.M)
    for _ in range(3):  # blocks within blocks
        text = _BLOCK.sub(lambda found: _block(found, numbers), text)
    text = _EQUATION.sub(lambda found: f"\\tag{{{numbers.equations.get(found[1], '·')}}} $$", text)
    return _roles(text, numbers)


def _block(found: re.Match, numbers: _Numbers) -> str:
    options = dict(re.findall(r"^:([\w-]+): *(.*)$", found["body"], re.M))
    body = re.sub(r"^:[\w-]+:.*\n", "", found["body"], flags=re.M).strip()
    kind, title = found["kind"], found["title"].strip()
    if kind == "exercise":
        return f"**Exercise {numbers.exercises.get(options.get('label', ''), '')}.** {body}"
    if kind == "solution":
        summary = f"Solution of exercise {numbers.exercises.get(title, '')}"
        return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"
    if kind == "list-table":
        return _table(body, title)
    if kind == "code-block":
        return f"```{title}\n{body}\n```"
    if kind == "math":
        return f"$$\n{body}\n$$"
    heading = f"**{title or kind.capitalize()}**\n\n"
    return "\n".join(f"> {line}".rstrip() for line in f"{heading}{body}".splitlines())


def _table(body: str, title: str) -> str:
    """Return a table of lists as a table of pipes."""
    rows = [
        re.split(r"^ {2}- ?", f"  - {row}", flags=re.M)[1:] for row in re.split(r"^\* - ?", body, flags=re.M)[1:]
    ]
    lines = [
        f"| {' | '.join(' '.join(cell.split()).replace('|', chr(92) + '|') for cell in row)} |" for row in rows
    ]
    lines.insert(1, f"|{'---|' * len(rows[0])}")
    return "\n".join([*([f"**{title}**", ""] if title else []), *lines])


def _roles(text: str, numbers: _Numbers) -> str:
    return _ROLE.sub(lambda found: _ROLES.get(found["role"], _words)(found["text"], numbers), text)


def _glued(text: str, numbers: _Numbers) -> str:
    key, _, specification = text.rpartition("::")[2].partition(":")
    if key not in numbers.values:
        return f"({key})"
    value = numbers.values[key]
    return format(value, specification) if specification else str(value)


def _words(text: str, numbers: _Numbers) -> str:
    return re.sub(r" *<.*>$", "", text)


def _reference(text: str, numbers: _Numbers) -> str:
    words, label = re.fullmatch(r"(?:(.*?) *<)?([^<>]*)>?", text).groups()
    title, place = titles().get(label, (label, ""))
    if label in numbers.exercises:
        title = f"exercise {numbers.exercises[label]}"
    return f"[{words or title}]({place})" if place else f"*{words or title}*"


def _figure(text: str, numbers: _Numbers) -> str:
    if text in numbers.figures:
        return f"Fig. {numbers.figures[text]}"
    title, place = titles().get(text, (text, ""))
    return f"the figure in [{title}]({place})" if place else text


def _equation(text: str, numbers: _Numbers) -> str:
    return (
        f"({numbers.equations[text]})" if text in numbers.equations else f"“{text.removeprefix('eq-')}” (Notation)"
    )


def _cited(text: str, numbers: _Numbers) -> str:
    return "; ".join(f"[{', '.join(_work(key))}]" for key in re.split(r", *", text))


def _cited_in_text(text: str, numbers: _Numbers) -> str:
    return " and ".join("{} ({})".format(*_work(key)) for key in re.split(r", *", text))


def _work(key: str) -> tuple[str, str]:
    """Return the authors and the year of a work in the bibliography."""
    entry = _bibliography().entries.get(key)
    if entry is None:
        return key, ""
    names = [" ".join(person.last_names).strip("{}") for person in entry.persons.get("author", [])]
    authors = f"{names[0]} et al." if len(names) > 2 else " and ".join(names)
    return authors or key, entry.fields.get("year", "")


@cache
def _bibliography() -> pybtex.database.BibliographyData:
    return pybtex.database.parse_file(str(ROOT / "book" / "references.bib"))


@cache
def titles() -> dict[str, tuple[str, str]]:
    """Return what each label of the book leads to: a title, and the notebook to open or "" for other pages."""
    found = {}
    for path in sorted((ROOT / "notebooks").glob("*.py")):
        text = re.sub(r"^# ?", "", path.read_text(encoding="utf-8"), flags=re.M)
        found |= {label: (title, f"{path.stem}.ipynb") for label, title in _LABEL.findall(text)}
        name = next((title for _, title in _LABEL.findall(text)), path.stem)
        found |= {label: (name, f"{path.stem}.ipynb") for label in re.findall(r'"name": "(fig-[\w-]+)"', text)}
    for path in sorted((ROOT / "book").glob("*.md")):
        found |= {label: (title, "") for label, title in _LABEL.findall(path.read_text(encoding="utf-8"))}
    return found


_ROLES: dict[str, Callable[[str, _Numbers], str]] = {
    "glue:text": _glued,
    "ref": _reference,
    "doc": _reference,
    "numref": _figure,
    "eq": _equation,
    "cite": _cited,
    "cite:p": _cited,
    "cite:t": _cited_in_text,
    "math": lambda text, numbers: f"${text}$",
}
