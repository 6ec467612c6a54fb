"""A Sphinx extension: under each figure of a chapter one folded line says where it comes from.

That is the cell that draws it, the command that runs the chapter, and the tables that the chapter had read until
then, each with the hash of its bytes and the command that made it. A figure may show less than what was read
before it, and never more. `execute` notes the readings in the executed notebook, and this extension shows them.
"""

import contextlib
import hashlib
import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat

from tegnas_core.errors import TegnasError
from tegnas_study.catalogue.contents import data_file
from tegnas_study.paths import DATA

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

Readings = Mapping[int, Sequence[str]]  # execution count → tables first read then
_SHOWN = 12  # digits of a hash


def take_readings(log: Path) -> Readings:
    """Return what the kernel noted, and remove its file; nothing when there is none."""
    try:
        noted = json.loads(log.read_text(encoding="utf-8"))
        return {int(count): tables for count, tables in noted.items()}
    except (OSError, ValueError, AttributeError):
        return {}
    finally:
        log.unlink(missing_ok=True)


def note_readings(notebook: nbformat.NotebookNode, readings: Readings, folder: Path) -> None:
    """Write into each cell which tables it was the first to read, with the hashes of their bytes."""
    for cell in notebook.cells:
        names = sorted(readings.get(cell.get("execution_count") or 0, ()))
        tables = {name: folder / name for name in names}
        if found := {name: _sha256(path) for name, path in tables.items() if path.is_file()}:
            cell.metadata["reads"] = found


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def origins(notebook: nbformat.NotebookNode, stem: str) -> dict[str, str]:
    """Return the folded line of every figure of an executed chapter, as HTML, by the name of the figure."""
    found: dict[str, str] = {}
    read: dict[str, str] = {}
    number = 0
    for cell in notebook.cells:
        number += "injected-parameters" not in cell.metadata.get("tags", [])
        read |= cell.metadata.get("reads", {})
        if name := cell.metadata.get("mystnb", {}).get("figure", {}).get("name"):
            found[name] = _line(stem, number, read)
    return found


def _line(stem: str, number: int, read: Mapping[str, str]) -> str:
    chapter = stem.partition("_")[0]
    tables = "".join(f"<li>{_table(name, sha256)}</li>" for name, sha256 in read.items())
    drawn = (
        f"Cell {number} of <code>notebooks/{escape(stem)}.ipynb</code> draws it; "
        f"<code>make chapter NAME={escape(chapter)}</code> runs the chapter. "
    )
    until = "these tables:" if tables else "no table of the folder data."
    return (
        '<details class="origin"><summary>where this figure comes from</summary>'
        f"<p>{drawn}Until then it has read {until}</p>{tables and f'<ul>{tables}</ul>'}</details>"
    )


def _table(name: str, sha256: str) -> str:
    commands: tuple[str, ...] = ()
    with contextlib.suppress(TegnasError, OSError):  # the tests tell of a table that breaks its contract
        commands = data_file(DATA / name).commands
    made = f", made by <code>{escape(commands[0])}</code>" if commands and " by hand " not in commands[0] else ""
    made = made or (f", {escape(commands[0])}" if commands else "")
    more = f" and {len(commands) - 1} more like it" if len(commands) > 1 else ""
    return f"<code>data/{escape(name)}</code>, SHA-256 <code>{sha256[:_SHOWN]}…</code>{made}{more}"


def setup(app: "Sphinx") -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("doctree-read", _show)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _show(app: "Sphinx", doctree: "nodes.document") -> None:
    from docutils import nodes

    path = Path(app.srcdir) / f"{app.env.docname}.ipynb"
    if not path.is_file():
        return
    lines = origins(nbformat.read(path, as_version=4), path.stem)
    for figure in [*doctree.findall(nodes.figure)]:
        for name in {*figure["names"], *figure["ids"]} & {*lines}:
            place = figure.parent.index(figure)
            figure.parent.insert(place + 1, nodes.raw("", lines[name], format="html"))
            break
