"""Run one chapter with one's own parameters: what `make chapter` does. The book stays as it is."""

import re
from pathlib import Path

import click
import papermill
import yaml

from book.build import NOTEBOOKS, ROOT
from book.errors import BuildError
from book.execute import execute, workers
from book.offline import write_page
from book.pairs import check_pair
from book.parameters import Parameters, default_of, load_parameters
from tegnas_study.command import run_command

CHAPTERS = ROOT / "_build" / "chapters"
_KINDS = {bool: "True or False", int: "a whole number", float: "a number", str: "a text", list: "a list"}


def find_chapter(name: str) -> Path:
    """Return the notebook of a chapter, named by its number or its name: 05, 5, whole_space or 05_whole_space.

    Raises:
        BuildError: When there is none.
    """
    notebooks = sorted(NOTEBOOKS.glob("*.ipynb"))
    wanted = name.strip().removesuffix(".ipynb").removesuffix(".py").removeprefix("notebooks/")
    for notebook in notebooks:
        number, _, words = notebook.stem.partition("_")
        if wanted in {notebook.stem, words, number, number.lstrip("0") or "0"}:
            return notebook
    known = ", ".join(notebook.stem for notebook in notebooks)
    raise BuildError(f"there is no chapter {name[:80]!r}; known are {known}")


def own_parameters(notebook: Path, pairs: tuple[tuple[str, str], ...]) -> Parameters:
    """Return parameters as a reader typed them, each of the kind that the notebook has.

    Raises:
        BuildError: When the notebook has no such parameter, or a value is of another kind.
    """
    known = papermill.inspect_notebook(str(notebook))
    found: Parameters = {}
    for name, text in pairs:
        if name not in known:
            raise BuildError(
                f"{notebook.stem} has no parameter {name[:80]!r}; it has {', '.join(known) or 'none'}"
            )
        found[name] = _typed(name, text, default_of(known[name]))
    return found


def _typed(name: str, text: str, default: object) -> object:
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError:
        value = text
    kind = type(default)
    if kind is str:
        return text
    if kind is float and type(value) is int:
        return float(value)
    if kind is float and isinstance(value, str) and re.fullmatch(r"[-+]?\d+(\.\d*)?[eE][-+]?\d+", value):
        return float(value)  # YAML takes 1e-3 for a text
    if kind in _KINDS and type(value) is not kind:
        raise BuildError(f"{name} is {_KINDS[kind]}, such as {default!r}; {text[:80]!r} is not")
    return value


@click.command()
@click.argument("name")
@click.option(
    "-p", "pairs", type=(str, str), multiple=True, help="A parameter and its value; as often as you like."
)
@click.option("--parameters", "size", default="quick", show_default=True, help="A file of notebooks/parameters.")
def main(name: str, pairs: tuple[tuple[str, str], ...], size: str) -> None:
    """Run the chapter NAME, such as 05 or whole_space, and write it as a notebook and as a page."""
    notebook = find_chapter(name)
    check_pair(notebook.with_suffix(".py"))
    changed = own_parameters(notebook, pairs)
    parameters = {**load_parameters(size, NOTEBOOKS / "parameters").get(notebook.stem, {}), **changed}
    told = ", ".join(f"{key}={value!r}" for key, value in changed.items())
    click.echo(f"running {notebook.stem} at {size} size{told and f' with {told}'}")
    with workers(1) as pool:
        run = pool.submit(execute, notebook, CHAPTERS / "executed" / notebook.name, parameters).result()
    written, page = write_page(CHAPTERS / "executed" / notebook.name, CHAPTERS)
    click.echo(f"done in {run.seconds:.0f} s\n  notebook: {written}\n  page:     {page}")


if __name__ == "__main__":
    run_command(main, "chapter")
