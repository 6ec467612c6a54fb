"""What `make release` does beside book and PDF: build the wheel, and say what a maintainer still has to do."""

import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import click
import yaml

from book.build import ROOT
from book.errors import BuildError
from tegnas_study.command import run_command

WHEELS = Path("_build") / "wheel"
_FOLDERS = ("tegnas_core", "tegnas_study", "data")
_FILES = ("pyproject.toml", "setup.py", "README.md", "LICENSE", "book/claims.yml")
_HEADING = re.compile(r"^## \[?(?P<version>\d[^\]\s]*)\]? - (?P<date>\S+)$", re.MULTILINE)


def project(root: Path) -> dict:
    """Return the table ``project`` of the project file."""
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def newest_entry(changelog: str) -> tuple[str, str]:
    """Return version and date of the first entry of a changelog; the date is "unreleased" until there is one.

    >>> newest_entry("# Changelog\\n\\n## [1.2.0] - unreleased\\n\\n## [1.1.0] - 2026-01-31\\n")
    ('1.2.0', 'unreleased')

    Raises:
        BuildError: When there is no entry, or its heading has another form.
    """
    found = _HEADING.search(changelog)
    if found is None:
        raise BuildError('CHANGELOG.md has no entry; write a heading such as "## [1.0.0] - unreleased"')
    return found["version"], found["date"]


def build_wheel(root: Path, folder: Path) -> Path:
    """Build the wheel of packages and tables from a copy, so that nothing is left in the repository.

    Returns:
        Its path.

    Setuptools is in the environment already, so no network is needed.

    Raises:
        BuildError: When pip cannot build it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.whl"):
        old.unlink()
    with tempfile.TemporaryDirectory() as copy:
        for name in _FOLDERS:
            shutil.copytree(root / name, Path(copy) / name, ignore=shutil.ignore_patterns("__pycache__"))
        (Path(copy) / "book").mkdir()
        for name in _FILES:
            shutil.copy(root / name, Path(copy) / name)
        options = ("--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder))
        command = [sys.executable, "-m", "pip", "wheel", *options, copy]
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    wheels = sorted(folder.glob("*.whl"))
    if done.returncode or not wheels:
        told = (done.stderr.strip().splitlines() or ["pip says nothing"])[-1]
        raise BuildError(f"the wheel cannot be built: {told[:300]}")
    return wheels[0]


def by_hand(root: Path) -> list[str]:
    """Return what a maintainer still has to do, in order; what is done already is left out.

    Raises:
        BuildError: When the changelog tells of another version than the project file.
    """
    version = project(root)["version"]
    told, date = newest_entry((root / "CHANGELOG.md").read_text(encoding="utf-8"))
    if told != version:
        raise BuildError(
            f"CHANGELOG.md begins with version {told}, and pyproject.toml has {version}; make them agree"
        )
    citation = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    address = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))["repository"]["url"]
    steps = []
    if not address:
        steps.append("write the public address into repository.url of _config.yml, and build again")
    if date == "unreleased":
        steps.append(
            'write the day in place of "unreleased" in CHANGELOG.md, and as date-released in CITATION.cff'
        )
    steps += [
        f'commit, and tag the commit: git tag -a v{version} -m "Version {version}", then git push --follow-tags',
        "upload the wheel, the PDF and the folder of the book to the release of that tag",
    ]
    if "doi" not in citation:
        steps.append(
            "archive the tag (Zenodo reads .zenodo.json), and write the DOI that it gives into CITATION.cff"
        )
    return steps


@click.command()
@click.option("--wheel", is_flag=True, help="Build the wheel, and say nothing of the rest.")
def main(wheel: bool) -> None:
    """Build the wheel, or name what was built and what is left to do by hand."""
    steps = by_hand(ROOT)  # first: what does not agree is told before minutes of work
    if wheel:
        click.echo(f"built {build_wheel(ROOT, ROOT / WHEELS)}")
        return
    click.echo("the release is built:")
    for path in (*sorted((ROOT / WHEELS).glob("*.whl")), ROOT / "_build" / "html", ROOT / "_build" / "book.pdf"):
        click.echo(f"  {path}")
    click.echo("left to do by hand:")
    for number, step in enumerate(steps, 1):
        click.echo(f"  {number}. {step}")


if __name__ == "__main__":
    run_command(main, "release")
