"""Rebuild every figure and table of the book and compare it with codecheck.yml: what `make check` does."""

import os
import platform
import shutil
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path

import click
import nbformat
import yaml

from book.build import EXECUTED, NOTEBOOKS, ROOT, find_notebooks, run_notebooks
from book.errors import BuildError
from book.execute import key_of
from book.inputs import notebook_key, shared_inputs
from book.offline import write
from book.outputs import Output, outputs
from book.parameters import load_parameters
from tegnas_study.command import run_command
from tegnas_study.storage.atomic import replacing

RECORD = ROOT / "codecheck.yml"
CHECKED = ROOT / "_build" / "check"
SIZE = "quick"
TIMED = ("04_cost",)  # its subject is time: what it shows is listed, and has no digest
_DRAW = (
    "matplotlib",
    "networkx",
    "numba",
    "numpy",
    "pandas",
    "pillow",
    "scikit-learn",
    "scipy",
    "seaborn",
    "torch",
)
_HEAD = """\
# Every figure and table of the book, and the numbers in its prose, with the SHA-256 of what can be seen.
# `make check` runs the chapters at quick size without TEGNAS_DATA, writes what they show into _build/check, and
# compares; `make check ARGS=--write` writes this file. The chapter on cost has no digests, as its subject is time.
"""


def executed(*, jobs: int) -> list[Path]:
    """Return every chapter, executed at quick size without ``TEGNAS_DATA``; the book's own copies serve if fit."""
    os.environ.pop("TEGNAS_DATA", None)
    sections = load_parameters(SIZE, NOTEBOOKS / "parameters")
    notebooks, folder, shared = find_notebooks(sections), CHECKED / "notebooks", shared_inputs(ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    for notebook in notebooks:
        built, key = EXECUTED / notebook.name, notebook_key(notebook, sections.get(notebook.stem, {}), shared)
        if key_of(built) == key != key_of(folder / notebook.name):
            shutil.copy(built, folder)
    run_notebooks(notebooks, sections, jobs=jobs, force=False, folder=folder)
    return [folder / notebook.name for notebook in notebooks]


def shown(chapters: Sequence[Path], folder: Path) -> dict[str, Output]:
    """Return what the chapters show, by file, and write it into a folder, so that it can be looked at."""
    found = {}
    for chapter in chapters:
        for output in outputs(nbformat.read(chapter, as_version=4), chapter.stem):
            found[output.file] = output
            path = folder / output.file
            path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(path) as partial:
                partial.write_bytes(output.content)
    return found


def record(found: Mapping[str, Output], *, title: str, authors: Sequence[str]) -> str:
    """Return the text of codecheck.yml."""
    manifest = []
    for output in found.values():
        digest = {} if output.file.startswith(TIMED) else {"sha256": output.digest}
        manifest.append({"file": f"_build/check/{output.file}", "comment": output.comment, **digest})
    told = {
        "version": "https://codecheck.org.uk/spec/config/1.0/",
        "paper": {"title": title, "authors": [{"name": name} for name in authors]},
        "computed_with": versions(),
        "manifest": manifest,
    }
    return _HEAD + yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=110)


def versions() -> dict[str, str]:
    """Return the versions that pictures and numbers follow from."""
    return {"python": ".".join(platform.python_version_tuple()[:2])} | {
        name: metadata.version(name) for name in _DRAW
    }


def recorded(path: Path) -> dict[str, object]:
    """Return what codecheck.yml says.

    Raises:
        BuildError: When it is missing, or not of its form.
    """
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
        {entry["file"] for entry in told["manifest"]}
        return told
    except FileNotFoundError:
        raise BuildError(f"there is no {path.name}; make check ARGS=--write writes it") from None
    except (yaml.YAMLError, KeyError, TypeError, UnicodeError) as error:
        raise BuildError(f"{path.name} is damaged ({type(error).__name__}); make check ARGS=--write") from None


def differences(told: Mapping[str, object], found: Mapping[str, Output]) -> list[str]:
    """Return one line for each output that is not as it was recorded."""
    known = {str(entry["file"]).removeprefix("_build/check/"): entry for entry in told["manifest"]}
    lines = [f"{file}: recorded, and not in the book" for file in known if file not in found]
    for file, output in found.items():
        if file not in known:
            lines.append(f"{file}: in the book, and not recorded")
        elif "sha256" in known[file] and known[file]["sha256"] != output.digest:
            lines.append(f"{file}: differs")
        elif "sha256" not in known[file] and not file.startswith(TIMED):
            lines.append(f"{file}: recorded without its digest")
    return lines


def reasons(told: Mapping[str, object]) -> list[str]:
    """Return what differs between the environment of the record and this one."""
    here, there = versions(), told.get("computed_with", {})
    return [
        f"{name} {there.get(name, 'unknown')}, here {here[name]}" for name in here if there.get(name) != here[name]
    ]


@click.command()
@click.option("--write", "writes", is_flag=True, help="Record what the book shows now.")
@click.option("--jobs", default=min(2, os.cpu_count() or 1), show_default=True, help="Notebooks at a time.")
def main(writes: bool, jobs: int) -> None:
    """Run every notebook, and compare each figure and table with codecheck.yml."""
    told = {} if writes else recorded(RECORD)  # before minutes of work
    found = shown(executed(jobs=jobs), CHECKED)
    if writes:
        config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
        write(RECORD, record(found, title=config["title"], authors=[config["author"]]))
        click.echo(f"recorded {len(found)} figures, tables and lists of numbers in {RECORD.name}")
        return
    lines = differences(told, found)
    for line in lines:
        click.echo(line)
    if lines:
        other = reasons(told)
        why = (
            f"recorded with {'; '.join(other)}: make check LOCKED=1 takes those"
            if other
            else "versions are the same"
        )
        raise BuildError(
            f"{len(lines)} of {len(found)} outputs are not as recorded ({why}). "
            "A change of code or data shows so, and so does another processor, in the last digits"
        )
    click.echo(f"all {len(found)} figures, tables and lists of numbers are as recorded")


if __name__ == "__main__":
    run_command(main, "check")
