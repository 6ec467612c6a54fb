"""The index of exercises for teachers, read from the notebooks: a part of the page `book/teaching.md`."""

import re
from collections.abc import Iterator
from pathlib import Path

import jupytext

from book.offline import write
from tegnas_study.exercises.checking import hidden_tasks, sealed_answers
from tegnas_study.exercises.tasks import Judged, WriteFunction

ROOT = Path(__file__).resolve().parent.parent
TEACHING = ROOT / "book" / "teaching"
_EXERCISE = re.compile(r"^(`{3,}|:{3,})\{exercise\}.*\n:label: *(\S+)\n([\s\S]*?)^\1[ \t]*$", re.M)
_LABEL = re.compile(r"^\((ch-[\w-]+)\)=\n# (.+)$", re.M)


def exercises(script: Path) -> Iterator[tuple[str, str, str]]:
    """Yield the label, the first sentence and the kind of each exercise of a chapter."""
    for cell in jupytext.read(script).cells:
        if cell.cell_type == "markdown":
            for _, label, body in _EXERCISE.findall(cell.source):
                text = " ".join(re.sub(r"^:\w+:.*$", "", body, flags=re.M).split())
                yield label, re.split(r"(?<=[.?!]) ", text)[0], kind_of(label, text)


def kind_of(label: str, text: str = "") -> str:
    """Return what the reader does: write a function, build something, predict, answer, or discuss.

    Args:
        label: The exercise's label.
        text: What it asks; a reader who is asked to predict does that before computing anything.
    """
    task = hidden_tasks().get(label)
    if isinstance(task, WriteFunction):
        return "write a function"
    if isinstance(task, Judged):
        return "build"
    if re.search(r"\bpredict\b", text, re.IGNORECASE):
        return "predict"
    return "answer" if task is not None or label in sealed_answers() else "discuss"


def index(folder: Path) -> str:
    """Return the index of all exercises as a table, a row an exercise, in the order of the chapters' files."""
    rows, total = [], 0
    for script in sorted(folder.glob("*.py")):
        label, _ = _LABEL.search(jupytext.read(script).cells[0].source).groups()
        for exercise, sentence, kind in exercises(script):
            total += 1
            rows += [f"* - {{ref}}`{label}`", f"  - {{ref}}`{exercise}`: {sentence}", f"  - {kind}"]
    head = ["```{list-table}", ":header-rows: 1", ":widths: 26 58 16", ":class: exercises", ""]
    names = ["* - chapter", "  - the exercise begins", "  - the reader's part"]
    return "\n".join([f"There are {total} exercises.", "", *head, *names, *rows, "```", ""])


def write_index(folder: Path = TEACHING) -> Path:
    """Write the index where the page includes it, and return its path."""
    return write(folder / "exercises.txt", index(ROOT / "notebooks"))
