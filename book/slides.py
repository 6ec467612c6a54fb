"""Slides of the concept chapters, or of any other: what `make slides` does."""

import os
from pathlib import Path

import click

from book.build import EXECUTED, NOTEBOOKS, ROOT, find_notebooks, run_notebooks
from book.chapter import find_chapter
from book.errors import BuildError
from book.offline import write_slides
from book.parameters import load_parameters
from tegnas_study.command import run_command

SLIDES = ROOT / "_build" / "slides"
CONCEPTS = "2[0-2]_*.ipynb"  # the chapters that teach a concept each have slides


def chosen(names: tuple[str, ...]) -> list[Path]:
    """Return the notebooks of the chapters that are named, or of the concept chapters when none is."""
    found = [find_chapter(name) for name in names] or sorted(NOTEBOOKS.glob(CONCEPTS))
    if not found:
        raise BuildError("there is no concept chapter; name a chapter: make slides NAME=02")
    return found


@click.command()
@click.argument("names", nargs=-1)
@click.option("--parameters", "size", default="quick", show_default=True, help="A file of notebooks/parameters.")
def main(names: tuple[str, ...], size: str) -> None:
    """Write slides of the chapters NAMES, such as 02; of the concept chapters when none is named."""
    notebooks = chosen(tuple(name for name in names if name.strip()))
    sections = load_parameters(size, NOTEBOOKS / "parameters")
    find_notebooks(sections)
    run_notebooks(notebooks, sections, jobs=min(2, os.cpu_count() or 1), force=False)
    for notebook in notebooks:
        click.echo(f"slides: {write_slides(EXECUTED / notebook.name, SLIDES)}")


if __name__ == "__main__":
    run_command(main, "slides")
