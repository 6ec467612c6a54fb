"""One chapter with one's own parameters, slides, and the printed book: good ways and mistakes."""

import runpy
import sys
from pathlib import Path

import browser
import jupytext
import nbformat
import pytest
import small_book
from click.testing import CliRunner

from book import chapter, pdf, slides
from book.errors import BuildError
from book.execute import execute, workers
from book.offline import write_page, write_slides

pytestmark = [pytest.mark.slow, pytest.mark.long]


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("chapter")
    source = small_book.write_notebook(folder)
    with workers(1) as pool:
        pool.submit(execute, source, folder / "out" / source.name, {}).result()
    return folder / "out" / source.name


def test_a_chapter_is_a_notebook_and_a_page_that_asks_for_no_network(executed, tmp_path):
    written, page = write_page(executed, tmp_path)
    text = page.read_text(encoding="utf-8")
    assert 'src="http' not in text and 'stylesheet" href="http' not in text
    assert (tmp_path / "mathjax" / "tex-chtml.js").is_file()
    source = "\n".join(cell.source for cell in nbformat.read(written, as_version=4).cells)
    assert "{glue:text}" not in source and "**Fig. 1.** Some points." in source


@pytest.mark.skipif(browser.CHROMIUM is None, reason="Chromium is not installed")
def test_slides_are_drawn_without_a_network(executed, tmp_path):
    path = write_slides(executed, tmp_path)
    text = path.read_text(encoding="utf-8")
    assert "http" not in "".join(line for line in text.splitlines() if "<script src" in line or "<link" in line)
    (look,) = browser.look_at([path.as_uri()], (1280,), tmp_path)
    assert (look.errors, look.broken_images) == (0, 0) and look.formulas > 0


@pytest.mark.skipif(browser.CHROMIUM is None, reason="Chromium is not installed")
def test_a_page_is_printed_with_bookmarks(tmp_path):
    page = tmp_path / "page.html"
    text = "".join(f"<h1>Part {i}</h1>{'<p>word</p>' * 80}" for i in range(20))
    page.write_text(f"<!doctype html><title>Book</title>{text}", encoding="utf-8")
    pdf.print_page(page, tmp_path / "book.pdf", pdf.find_browser())
    printed = (tmp_path / "book.pdf").read_bytes()
    assert printed.startswith(b"%PDF") and b"/Outlines" in printed and b"(Part 7)" in printed


def test_without_chromium_one_line_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    done = CliRunner().invoke(pdf.main, [])
    assert done.exit_code == 2 and "found none" in done.output and len(done.output.splitlines()) == 1
    monkeypatch.setenv("CHROMIUM", "no-such-browser")
    assert "CHROMIUM names 'no-such-browser'" in CliRunner().invoke(pdf.main, []).output


@pytest.mark.parametrize("name", ["05", "5", "whole_space", "05_whole_space", "05_whole_space.ipynb"])
def test_a_chapter_is_found_by_its_number_or_name(name):
    assert chapter.find_chapter(name).stem == "05_whole_space"


NOTEBOOK = """\
# ---
# jupyter:
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% tags=["parameters"]
n: int = 3
share: float = 0.5
word: str = "a"
all: bool = False
"""


@pytest.fixture
def notebook(tmp_path) -> Path:
    path = tmp_path / "01_a.ipynb"
    jupytext.write(jupytext.reads(NOTEBOOK, fmt="py:percent"), path)
    return path


@pytest.mark.parametrize(
    "pair, value",
    [
        (("n", "4"), 4),
        (("share", "1"), 1.0),
        (("share", "1e-3"), 1e-3),
        (("word", "3"), "3"),
        (("all", "true"), True),
    ],
)
def test_a_parameter_is_read_as_its_kind(notebook, pair, value):
    found = chapter.own_parameters(notebook, (pair,))
    assert found == {pair[0]: value} and type(found[pair[0]]) is type(value)


@pytest.mark.parametrize(
    "pair, told",
    [
        (("m", "4"), "has no parameter 'm'; it has n, share, word, all"),
        (("n", "many"), "n is a whole number, such as 3; 'many' is not"),
        (("n", "3.5"), "n is a whole number"),
        (("n", "[1"), "n is a whole number"),
        (("share", "half"), "share is a number, such as 0.5"),
        (("all", "3"), "all is True or False"),
    ],
)
def test_a_bad_parameter_is_one_line(notebook, pair, told):
    with pytest.raises(BuildError, match=r"^[^\n]*$") as caught:
        chapter.own_parameters(notebook, (pair,))
    assert told in caught.value.message


@pytest.mark.parametrize(
    "command, arguments, told",
    [
        (chapter.main, ["99"], "there is no chapter '99'; known are 00_claims"),
        (chapter.main, [""], "there is no chapter ''"),
        (chapter.main, ["05", "-p", "sed", "3"], "05_whole_space has no parameter 'sed'; it has n_draws, seed"),
        (chapter.main, ["05", "-p", "seed"], "requires 2 arguments"),
        (chapter.main, ["05", "--parameters", "huge"], "there is no size 'huge'"),
        (slides.main, ["99"], "there is no chapter '99'"),
        (pdf.main, ["--parameters"], "requires an argument"),
    ],
)
def test_a_mistake_on_the_command_line_exits_with_2(command, arguments, told):
    done = CliRunner().invoke(command, arguments)
    assert done.exit_code == 2 and told in done.output, done.output


@pytest.mark.parametrize("module", ["build", "chapter", "check", "pairs", "pdf", "release", "seal", "slides"])
def test_a_program_of_the_book_says_a_mistake_in_one_line_with_its_name(monkeypatch, capsys, module):
    monkeypatch.setattr(sys, "argv", [module, "--colour", "red"])
    monkeypatch.delitem(sys.modules, f"book.{module}", raising=False)  # or Python warns that it runs twice
    with pytest.raises(SystemExit) as stop:
        runpy.run_module(f"book.{module}", run_name="__main__")
    line = capsys.readouterr().err
    assert stop.value.code == 2 and line.count("\n") == 1
    assert line.startswith("book: " if module == "build" else f"{module}: ")
