"""Print the whole book as one PDF with bookmarks, by headless Chromium: what `make pdf` does."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import click

from book.build import ROOT, prepare, render
from book.errors import BuildError
from tegnas_study.command import run_command

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
_PATIENCE = 600  # seconds
_SMALLEST = 10_000  # bytes: a printed book is not smaller than this


def find_browser() -> str:
    """Return the program that prints: what the variable CHROMIUM names, or the Chromium that is installed.

    Raises:
        BuildError: When there is none.
    """
    wanted = os.environ.get("CHROMIUM", "").strip()
    for name in (wanted,) if wanted else _BROWSERS:
        if found := shutil.which(name):
            return found
    looked = f"CHROMIUM names {wanted!r}, which is no program" if wanted else f"looked for {', '.join(_BROWSERS)}"
    raise BuildError(
        f"make pdf prints with Chromium and found none ({looked}); install it, or let CHROMIUM name it"
    )


def print_page(page: Path, target: Path, browser: str) -> None:
    """Print a page to a PDF with an outline of its headings, after its formulas are drawn; without a network.

    Raises:
        BuildError: When Chromium writes nothing.
    """
    part = target.with_suffix(".part")
    with tempfile.TemporaryDirectory() as profile:
        flags = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync")
        quiet = ("--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND")
        printing = ("--no-pdf-header-footer", "--generate-pdf-document-outline", f"--print-to-pdf={part}")
        patient = ("--virtual-time-budget=120000", f"--timeout={1000 * _PATIENCE}")
        command = [browser, *flags, *quiet, *printing, *patient, f"--user-data-dir={profile}", page.as_uri()]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False, timeout=_PATIENCE
            )
        except subprocess.TimeoutExpired:
            raise BuildError(f"Chromium did not print the book within {_PATIENCE} s") from None
    if not part.exists() or part.stat().st_size < _SMALLEST:
        told = (done.stderr.strip().splitlines() or ["it says nothing"])[-1]
        raise BuildError(f"Chromium printed no book: {told[:300]}")
    os.replace(part, target)


@click.command()
@click.option("--parameters", "size", default="quick", show_default=True, help="A file of notebooks/parameters.")
def main(size: str) -> None:
    """Run every notebook, put the book on one page and print it."""
    started = time.perf_counter()
    browser = find_browser()  # before minutes of work
    prepare(size, jobs=min(2, os.cpu_count() or 1))
    click.echo("rendering one page")
    page = render(ROOT, builder="singlehtml").with_name("intro.html")
    click.echo("printing")
    target = ROOT / "_build" / "book.pdf"
    print_page(page, target, browser)
    click.echo(f"done in {time.perf_counter() - started:.0f} s; open {target}")


if __name__ == "__main__":
    run_command(main, "pdf")
