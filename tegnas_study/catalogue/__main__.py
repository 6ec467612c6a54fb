"""Check the tables in ``data/``, and describe them anew: what `make data` does."""

from pathlib import Path

import click

from tegnas_core.errors import TegnasError
from tegnas_study.catalogue.about import project
from tegnas_study.catalogue.contents import DataFile, contents
from tegnas_study.catalogue.croissant import croissant
from tegnas_study.catalogue.page import with_columns
from tegnas_study.command import run_command
from tegnas_study.paths import DATA, REPOSITORY, SHIPPED
from tegnas_study.storage.atomic import replacing


def descriptions(files: tuple[DataFile, ...], folder: Path = DATA) -> dict[str, str]:
    """Return the texts that follow from the tables, by the name of the file that they belong into."""
    page = (folder / "README.md").read_text(encoding="utf-8")
    return {"croissant.json": croissant(files, project(REPOSITORY)), "README.md": with_columns(page, files)}


@click.command()
@click.option("--check", is_flag=True, help="Write nothing, and fail when a description is out of step.")
def main(check: bool) -> None:
    """Hold every table against its contract, and write data/croissant.json and the columns of data/README.md."""
    if SHIPPED.is_dir():
        raise TegnasError("this is an installed package; its tables are described where its repository is")
    try:
        from tegnas_study.catalogue.checks import check_file
    except ModuleNotFoundError as error:
        raise TegnasError(f'{error.name} is missing: pip install "tegnas-study[dev]" installs it') from None

    files = contents(DATA)
    tables = [file for file in files if file.kind is not None]
    for file in tables:
        check_file(file, DATA)
    click.echo(f"tables that keep their contracts: {len(tables)}")
    for name, text in descriptions(files, DATA).items():
        _bring(DATA / name, text, check=check)


def _bring(path: Path, text: str, *, check: bool) -> None:
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    if old != text and check:
        raise TegnasError(f"data/{path.name} is out of step with the tables; run make data")
    if old != text:
        with replacing(path) as partial:
            partial.write_text(text, encoding="utf-8")
    click.echo(f"data/{path.name} {'is in step' if old == text else 'was written'}")


if __name__ == "__main__":
    run_command(main, "data")
