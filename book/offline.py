"""Executed chapters as files of their own: a page, or slides by reveal.js. None asks the network for anything."""

import importlib.util
import os
import shutil
from pathlib import Path

import nbformat
from nbconvert import HTMLExporter, SlidesExporter
from traitlets.config import Config

from book.errors import BuildError
from book.readable import readable
from tegnas_study.storage.atomic import replacing

_TEMPLATES = Path(__file__).resolve().parent / "templates"


def write_page(executed: Path, folder: Path) -> tuple[Path, Path]:
    """Write an executed chapter as a notebook that reads well by itself, and as a page; return both paths."""
    notebook = readable(nbformat.read(executed, as_version=4))
    place_mathjax(folder)
    exporter = HTMLExporter(config=_config("offline_page"), mathjax_url="mathjax/tex-chtml.js")
    page, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": executed.stem}})
    return write(folder / executed.name, nbformat.writes(notebook)), write(folder / f"{executed.stem}.html", page)


def write_slides(executed: Path, folder: Path) -> Path:
    """Write an executed chapter as slides, a section a row of them, and return their path."""
    notebook = as_slides(readable(nbformat.read(executed, as_version=4)))
    place_mathjax(folder)
    place_reveal(folder)
    exporter = SlidesExporter(
        config=_config("offline_slides"), mathjax_url="mathjax/tex-chtml.js", reveal_url_prefix="reveal"
    )
    page, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": executed.stem}})
    return write(folder / f"{executed.stem}.html", page)


def _config(template: str) -> Config:
    return Config({"TemplateExporter": {"extra_template_basedirs": [str(_TEMPLATES)], "template_name": template}})


def as_slides(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a readable chapter whose cells know their place: a heading opens a slide, what follows goes below it.

    The sections "Provenance" and "Exercises", the parameters and what the book removes are left out; a figure
    stands with its caption.
    """
    kept, skipping, alone = [], False, False  # alone: only a heading stands on the slide so far
    for cell in _split(notebook.cells):
        heading = cell.source.lstrip().startswith("#") and cell.cell_type == "markdown"
        if heading:
            skipping = cell.source.lstrip("# \n").startswith(("Provenance", "Exercises"))
        tags = {*cell.metadata.get("tags", [])}
        folded = cell.metadata.get("jupyter", {}).get("source_hidden") and not cell.get("outputs")
        if skipping or folded or tags & {"parameters", "injected-parameters", "remove-cell"}:
            continue
        kind = "slide" if heading and not cell.source.lstrip().startswith("###") else "subslide"
        if "caption" in tags or (alone and not heading):
            kind = "-"
        alone = heading and len(cell.source.strip().splitlines()) == 1
        cell.metadata["slideshow"] = {"slide_type": kind}
        kept.append(cell)
    notebook.cells = kept
    return notebook


def _split(cells: list) -> list:
    """Return the cells with their long prose cut before each heading."""
    found = []
    for cell in cells:
        if cell.cell_type != "markdown":
            found.append(cell)
            continue
        for part in _parts(cell.source):
            found.append(nbformat.v4.new_markdown_cell(part, metadata=dict(cell.metadata)))
    return found


def _parts(source: str) -> list[str]:
    parts, fenced = [[]], False
    for line in source.splitlines():
        fenced ^= line.startswith("```")
        if line.startswith("#") and not fenced and any(parts[-1]):
            parts.append([])
        parts[-1].append(line)
    return ["\n".join(part) for part in parts]


def place_mathjax(folder: Path) -> None:
    """Put MathJax beside what is written, once."""
    _place(_package("sphinx-mathjax-offline") / "static" / "mathjax", folder / "mathjax")


def place_reveal(folder: Path) -> None:
    """Put reveal.js beside the slides, once."""
    _place(_package("sphinx_revealjs") / "_static" / "revealjs", folder / "reveal")


def _place(source: Path, target: Path) -> None:
    if not target.exists():
        part = target.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(source, part)
        os.replace(part, target)


def _package(name: str) -> Path:
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise BuildError(f"the package {name} is missing: pip install -e . installs it")
    return Path(next(iter(found.submodule_search_locations)))


def write(path: Path, text: str) -> Path:
    """Write a file whole or not at all, in a folder that is made when it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as partial:
        partial.write_text(text, encoding="utf-8")
    return path
