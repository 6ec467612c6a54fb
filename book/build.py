"""Run every notebook, then render the book: what `make book` does."""

import os
import subprocess
import sys
import time
from concurrent.futures import Future, as_completed
from pathlib import Path

import click
import nbformat

from book.api_page import write_api
from book.card_pages import tell, write_cards
from book.compiling import compile_engine
from book.errors import BuildError
from book.execute import Run, execute, key_of, workers
from book.explorer.assets import write_explorer
from book.inputs import notebook_key, shared_inputs
from book.offline import write
from book.pairs import check_pair
from book.parameters import Parameters, load_parameters
from book.readable import readable
from book.teaching_page import write_index
from tegnas_study.command import run_command

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
EXECUTED = ROOT / "book" / "notebooks"
CARDS = ROOT / "book" / "cards"
EXPLORER = ROOT / "_build" / "html" / "explorer"  # the page's script, style and data lie beside the page


def find_notebooks(sections: dict[str, Parameters]) -> list[Path]:
    """Return the notebooks in reading order; pairs agree, and every section of parameters has a notebook."""
    scripts = sorted(NOTEBOOKS.glob("*.py"))
    unknown = sorted(set(sections) - {script.stem for script in scripts})
    if unknown:
        raise BuildError(f"the parameters name notebooks that do not exist: {', '.join(unknown)}")
    for script in scripts:
        check_pair(script)
    return [script.with_suffix(".ipynb") for script in scripts]


def run_notebooks(
    notebooks: list[Path],
    sections: dict[str, Parameters],
    *,
    jobs: int,
    force: bool,
    folder: Path | None = None,
) -> None:
    """Run the notebooks whose inputs changed; each line says how long one took.

    Args:
        notebooks: The sources.
        sections: The parameters of each notebook, by its name.
        jobs: How many run at a time.
        force: Whether unchanged notebooks run too.
        folder: Where the executed ones lie; None for the book's own.

    Raises:
        BuildError: When one or more failed, after the others have run.
    """
    shared = shared_inputs(ROOT)
    waiting: dict[Future[Run], str] = {}
    failures: list[str] = []
    with workers(jobs) as pool:
        compiled: Future[None] | None = None
        for notebook in notebooks:
            parameters, target = sections.get(notebook.stem, {}), (folder or EXECUTED) / notebook.name
            key = notebook_key(notebook, parameters, shared)
            if not force and key_of(target) == key:
                click.echo(f"  {notebook.stem:<32} unchanged")
                continue
            target.unlink(missing_ok=True)
            compiled = compiled or pool.submit(compile_engine)
            waiting[pool.submit(execute, notebook, target, parameters, key=key)] = notebook.stem
        for future in as_completed(waiting):
            try:
                click.echo(_line(waiting[future], future.result()))
            except BuildError as error:
                click.echo(f"  {waiting[future]:<32} failed")
                failures.append(error.message)
        if compiled is not None:
            compiled.result()
    if failures:
        raise BuildError("; ".join(failures))


def _line(name: str, run: Run) -> str:
    dropped = f"   ({run.stderr_outputs} outputs on stderr dropped)" if run.stderr_outputs else ""
    return f"  {name:<32} {run.seconds:6.1f} s{dropped}"


def remove_others(notebooks: list[Path]) -> None:
    """Remove executed notebooks that have no source any more: the book would render them."""
    names = {notebook.name for notebook in notebooks}
    for path in EXECUTED.glob("*.*"):
        if path.is_file() and path.name not in names:
            path.unlink()


def render(root: Path, *, builder: str = "html") -> Path:
    """Render the book under ``root/book`` with warnings as errors and return its start page.

    Args:
        root: The folder with ``_config.yml`` and ``book``.
        builder: "html" for a page a chapter, "singlehtml" for everything on one.

    Raises:
        BuildError: When anything is wrong with a page; the whole story is in ``root/_build/render.log``.
    """
    log = root / "_build" / "render.log"
    log.parent.mkdir(exist_ok=True)
    program = Path(sys.executable).with_name("jupyter-book")
    command = [str(program), "build", str(root / "book"), "-W", "--keep-going", "--all", "--builder", builder]
    here = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))}
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False, env=here)
    log.write_text(done.stdout + done.stderr, encoding="utf-8")
    if done.returncode:
        lines = log.read_text(encoding="utf-8").splitlines()
        told = [line for line in lines if "WARNING" in line or "ERROR" in line] or lines[-1:]
        raise BuildError("\n  ".join(["the book does not render cleanly:", *told, f"(see {log})"]))
    return root / "_build" / builder / "index.html"


def prepare(size: str, *, jobs: int, force: bool = False) -> None:
    """Run every notebook and write every card whose inputs changed."""
    sections = load_parameters(size, NOTEBOOKS / "parameters")
    notebooks = find_notebooks(sections)
    remove_others(notebooks)
    click.echo(f"notebooks to run at {size} size, {jobs} at a time: {len(notebooks)}")
    run_notebooks(notebooks, sections, jobs=jobs, force=force)
    began = time.perf_counter()
    with workers(jobs) as pool:
        n_cards = write_cards(CARDS, pool, shared=shared_inputs(ROOT), force=force)
    tell(n_cards, time.perf_counter() - began)
    write_api()
    write_index()


def write_downloads(html: Path) -> None:
    """Let the notebooks that a page offers for download read well by themselves."""
    for path in sorted((html / "_sources" / "notebooks").glob("*.ipynb")):
        write(path, nbformat.writes(readable(nbformat.read(path, as_version=4))))


@click.command()
@click.option("--parameters", "size", default="quick", show_default=True, help="A file of notebooks/parameters.")
@click.option("--jobs", default=min(2, os.cpu_count() or 1), show_default=True, help="Notebooks at a time.")
@click.option("--force", is_flag=True, help="Run unchanged notebooks too.")
def main(size: str, jobs: int, force: bool) -> None:
    """Run every notebook and render the book."""
    started = time.perf_counter()
    prepare(size, jobs=jobs, force=force)
    click.echo("rendering")
    write_explorer(EXPLORER)
    page = render(ROOT)
    write_downloads(page.parent)
    click.echo(f"done in {time.perf_counter() - started:.0f} s; open {page}")


if __name__ == "__main__":
    run_command(main, "book")
