"""What a chapter shows is listed with digests, and a difference is one line."""

import base64
import io
import json
import os
import re
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
import yaml
from click.testing import CliRunner
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from book import check
from book.errors import BuildError
from book.inputs import notebook_key
from book.origins import note_readings, origins, take_readings
from book.outputs import outputs

ROOT = Path(__file__).resolve().parent.parent
FIGURE = {"figure": {"name": "fig-small", "caption": "Some\npoints."}}


def picture(colour: int, **saved: object) -> str:
    """Return a picture of one colour as a notebook holds it."""
    file = io.BytesIO()
    Image.new("RGB", (4, 3), (colour, 0, 0)).save(file, "PNG", **saved)
    return base64.b64encode(file.getvalue()).decode()


def shown(data: dict, **metadata: object) -> nbformat.NotebookNode:
    return new_output("display_data", data=data, metadata=metadata)


def glued(name: str, value: str) -> nbformat.NotebookNode:
    return shown({"application/papermill.record/text/plain": value}, scrapbook={"name": name})


def chapter(*, colour: int = 1, mean: str = "0.5", **saved: object) -> nbformat.NotebookNode:
    cells = [
        new_markdown_cell("# Title\n\n## The rows\n\nWords."),
        new_code_cell(
            "1", outputs=[shown({"text/html": "<table><tr><td>1</td></tr></table>"}), glued("mean", mean)]
        ),
        new_code_cell("2", metadata={"mystnb": FIGURE}, outputs=[shown({"image/png": picture(colour, **saved)})]),
        new_code_cell("3", outputs=[shown({"text/markdown": "- **run time:** 3 s"})]),
    ]
    return new_notebook(cells=cells)


def found(notebook: nbformat.NotebookNode, stem: str = "07_x") -> dict:
    return {output.file: output for output in outputs(notebook, stem)}


def test_what_a_chapter_shows_has_names_and_comments():
    listed = found(chapter())
    assert {file: output.comment for file, output in listed.items()} == {
        "07_x/table-1.html": "The rows",
        "07_x/fig-small.png": "Some points.",
        "07_x/numbers.json": "the numbers in the prose",
    }
    assert json.loads(listed["07_x/numbers.json"].content) == {"mean": "0.5"}


def test_a_digest_follows_what_can_be_seen():
    plain = {file: output.digest for file, output in found(chapter()).items()}
    packed = {file: output.digest for file, output in found(chapter(compress_level=0)).items()}
    assert plain == packed  # the same pixels in another file
    other = {file: output.digest for file, output in found(chapter(colour=2, mean="0.6")).items()}
    assert [file for file in plain if plain[file] != other[file]] == ["07_x/fig-small.png", "07_x/numbers.json"]


def recorded(outputs: dict) -> dict:
    return yaml.safe_load(check.record(outputs, title="A book", authors=["someone"]))


def test_a_book_as_it_was_recorded_has_no_difference():
    listed = found(chapter())
    told = recorded(listed)
    assert check.differences(told, listed) == []
    assert told["paper"] == {"title": "A book", "authors": [{"name": "someone"}]}
    assert told["manifest"][1]["file"] == "_build/check/07_x/fig-small.png"
    assert check.reasons(told) == []
    assert check.reasons({"computed_with": {**told["computed_with"], "numpy": "1.0"}})[0].startswith(
        "numpy 1.0, here"
    )


def test_every_kind_of_difference_is_a_line():
    old, new = found(chapter()), found(chapter(colour=2))
    told = recorded(old)
    assert check.differences(told, new) == ["07_x/fig-small.png: differs"]
    table = new.pop("07_x/table-1.html")
    new["07_x/table-2.html"] = replace(table, file="07_x/table-2.html")
    assert check.differences(told, new) == [
        "07_x/table-1.html: recorded, and not in the book",
        "07_x/fig-small.png: differs",
        "07_x/table-2.html: in the book, and not recorded",
    ]
    del told["manifest"][1]["sha256"]
    assert "07_x/fig-small.png: recorded without its digest" in check.differences(told, new)


def test_what_tells_times_is_listed_and_not_compared():
    stem = check.TIMED[0]
    told = recorded(found(chapter(), stem))
    assert [entry for entry in told["manifest"] if "sha256" in entry] == []
    assert check.differences(told, found(chapter(colour=2, mean="9"), stem)) == []
    assert check.differences({"manifest": []}, found(chapter(), stem)) != []


@pytest.fixture
def small(tmp_path, monkeypatch):
    """Let the command find one executed chapter, and a record of its own."""
    path = tmp_path / "07_x.ipynb"
    nbformat.write(chapter(), path)
    monkeypatch.setattr(check, "executed", lambda *, jobs: [path])
    monkeypatch.setattr(check, "CHECKED", tmp_path / "check")
    monkeypatch.setattr(check, "RECORD", tmp_path / "codecheck.yml")
    return path


def test_the_command_records_and_compares(small):
    run = CliRunner().invoke
    assert "there is no codecheck.yml" in run(check.main).output
    assert (
        run(check.main, ["--write"]).output == "recorded 3 figures, tables and lists of numbers in codecheck.yml\n"
    )
    done = run(check.main)
    assert (done.exit_code, done.output) == (0, "all 3 figures, tables and lists of numbers are as recorded\n")
    assert (small.parent / "check" / "07_x" / "fig-small.png").read_bytes()[:4] == b"\x89PNG"
    nbformat.write(chapter(colour=2), small)
    done = run(check.main)
    assert done.exit_code == 2
    assert done.output.splitlines()[0] == "07_x/fig-small.png: differs"
    assert "1 of 3 outputs are not as recorded (versions are the same)" in done.output


def test_fit_copies_of_the_book_serve_and_files_of_ones_own_do_not(tmp_path, monkeypatch):
    monkeypatch.setenv("TEGNAS_DATA", str(tmp_path))
    sources = [tmp_path / "07_x.ipynb", tmp_path / "08_y.ipynb"]
    for source in sources:
        nbformat.write(chapter(), source)
    built = tmp_path / "built"
    built.mkdir()
    for source, key in zip(sources, (notebook_key(sources[0], {}, "all"), "of other inputs"), strict=True):
        nbformat.write(new_notebook(metadata={"inputs": key}), built / source.name)
    asked = {}
    monkeypatch.setattr(check, "find_notebooks", lambda sections: sources)
    monkeypatch.setattr(check, "load_parameters", lambda size, folder: {})
    monkeypatch.setattr(check, "shared_inputs", lambda root: "all")
    monkeypatch.setattr(check, "run_notebooks", lambda *arguments, **options: asked.update(options))
    monkeypatch.setattr(check, "EXECUTED", built)
    monkeypatch.setattr(check, "CHECKED", tmp_path / "check")
    folder = tmp_path / "check" / "notebooks"
    assert check.executed(jobs=1) == [folder / source.name for source in sources]
    assert [path.name for path in folder.iterdir()] == ["07_x.ipynb"]  # the other one has to run
    assert asked == {"jobs": 1, "force": False, "folder": folder}
    assert "TEGNAS_DATA" not in os.environ


@pytest.mark.parametrize("text", ["[", "- 1\n", "manifest: 3\n", "manifest: [{x: 1}]\n", "", b"\xff"])
def test_a_damaged_record_is_one_line(tmp_path, text):
    path = tmp_path / "codecheck.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(BuildError, match=r"^codecheck\.yml is damaged \(\w+\); make check ARGS=--write$"):
        check.recorded(path)


# Where a figure comes from


def test_a_table_counts_from_the_cell_that_reads_it_first(tmp_path):
    (tmp_path / "atlas").mkdir()
    (tmp_path / "atlas" / "a.parquet").write_bytes(b"a")
    log = tmp_path / "log"
    log.write_text('{"2": ["atlas/a.parquet", "atlas/gone.parquet"]}', encoding="utf-8")
    notebook = chapter()
    notebook.cells.insert(1, new_code_cell("", metadata={"tags": ["injected-parameters"], "mystnb": {}}))
    for count, cell in enumerate(notebook.cells[1:], 1):
        cell.execution_count = count
    note_readings(notebook, take_readings(log), tmp_path)
    assert not log.exists()
    digest = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"  # of the letter a
    assert [dict(cell.metadata.get("reads", {})) for cell in notebook.cells] == [
        {},
        {},
        {"atlas/a.parquet": digest},
        {},
        {},
    ]
    line = origins(notebook, "07_x")["fig-small"]
    assert "Cell 3 of <code>notebooks/07_x.ipynb</code> draws it; <code>make chapter NAME=07</code>" in line
    assert f"<li><code>data/atlas/a.parquet</code>, SHA-256 <code>{digest[:12]}…</code></li>" in line


def test_a_figure_names_the_command_of_its_table():
    notebook = chapter()
    notebook.cells[1].metadata["reads"] = {"atlas/teg-cifar10.parquet": "0" * 64, "quoted/table-2.csv": "1" * 64}
    line = origins(notebook, "07_x")["fig-small"]
    assert "made by <code>tegnas sweep --architectures canonical" in line and "more like it" in line
    assert (
        "data/quoted/table-2.csv</code>, SHA-256 <code>111111111111…</code>, copied by hand from the paper" in line
    )


@pytest.mark.parametrize("text", [None, "", "no JSON", "[1]", '{"x": []}'])
def test_readings_that_are_not_there_are_none(tmp_path, text):
    log = tmp_path / "log"
    if text is not None:
        log.write_text(text)
    assert take_readings(log) == {}
    assert "has read no table" in origins(chapter(), "07_x")["fig-small"]


def test_the_record_lists_every_figure_of_the_book_and_no_other():
    drawn = set()
    for path in sorted((ROOT / "notebooks").glob("*.py")):
        names = re.findall(r'"name": "(fig-[a-z0-9-]+)"', path.read_text(encoding="utf-8"))
        drawn |= {f"{path.stem}/{name}.png" for name in names}
    files = [entry["file"].removeprefix("_build/check/") for entry in check.recorded(check.RECORD)["manifest"]]
    first = {file for file in files if re.search(r"/fig-[a-z0-9-]+\.png$", file)}
    assert drawn - first == set(), "make check ARGS=--write records them"
    assert {re.sub(r"-\d+\.png$", ".png", file) for file in first - drawn} <= drawn
