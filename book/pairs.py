"""Keep each chapter's two files the same: the percent script people read, the notebook people open."""

from pathlib import Path

import click
import jupytext
import nbformat
from jupytext.cli import jupytext as run_jupytext
from jupytext.compare import NotebookDifference, compare_notebooks

from book.errors import BuildError
from tegnas_study.command import run_command

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"


def check_pair(script: Path) -> None:
    """Check that a script and its notebook hold the same cells, and that the notebook has no outputs.

    Raises:
        BuildError: When they differ.
    """
    path = script.with_suffix(".ipynb")
    if not path.is_file():
        raise BuildError(f"{script.name} has no notebook beside it: run make pair")
    notebook = jupytext.read(path)
    if "kernelspec" not in notebook.metadata:
        raise BuildError(f"{path.name} names no kernel: {script.name} needs a kernelspec in its header")
    try:
        compare_notebooks(notebook, jupytext.read(script), "py:percent")
    except NotebookDifference:
        raise BuildError(f"{script.name} and {path.name} differ: run make pair, the newer one wins") from None
    if strip(notebook):
        raise BuildError(f"{path.name} holds outputs: run make pair")


def strip(notebook: nbformat.NotebookNode) -> bool:
    """Remove outputs and execution counts in place; return whether there were any."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    found = any(cell.outputs or cell.execution_count is not None for cell in code)
    for cell in code:
        cell.outputs, cell.execution_count = [], None
    return found


@click.command()
def main() -> None:
    """Bring every script and its notebook in step, the newer one winning, and strip outputs."""
    for script in sorted(NOTEBOOKS.glob("*.py")):
        run_jupytext(["--sync", "--quiet", str(script)])
        path = script.with_suffix(".ipynb")
        notebook = nbformat.read(path, as_version=4)
        if strip(notebook):
            nbformat.write(notebook, path)


if __name__ == "__main__":
    run_command(main, "pairs")
