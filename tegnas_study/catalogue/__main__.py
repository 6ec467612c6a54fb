"""Check the tables in ``data/``, and describe them anew: what `make data` does."""

import click

from tegnas_core.errors import TegnasError
from tegnas_study.catalogue.about import project
from tegnas_study.catalogue.contents import DataFile, contents
from tegnas_study.catalogue.croissant import croissant
from tegnas_study.catalogue.page import with_columns
from tegnas_study.paths import DATA, REPOSITORY
from tegnas_study.storage.atomic import replacing

CROISSANT = DATA / "croissant.json"
README = DATA / "README.md"


def descriptions(files: tuple[DataFile, ...]) -> dict[str, str]:
    """Return the texts that follow from the tables, by the name of the file they belong into."""
    page = README.read_text(encoding="utf-8")
    return {CROISSANT.name: croissant(files, project(REPOSITORY)), README.name: with_columns(page, files)}


@click.command()
@click.option("--check", is_flag=True, help="Write nothing, and fail when a description is out of step.")
def main(check: bool) -> None:
    """Hold every table against its contract, and write data/croissant.json and the columns of data/README.md."""
    try:
        _run(check)
    except TegnasError as error:
        told = click.ClickException(str(error))
        told.exit_code = 2
        raise told from None


def _run(check: bool) -> None:
    from tegnas_study.catalogue.checks import check_file  # pandera comes with the extra "dev"

    files = contents()
    for file in files:
        if file.kind is not None:
            check_file(file)
    click.echo(f"{sum(file.kind is not None for file in files)} tables keep their contracts")
    for name, text in descriptions(files).items():
        path = DATA / name
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        if old == text:
            click.echo(f"data/{name} is in step")
            continue
        if check:
            raise TegnasError(f"data/{name} is out of step with the tables; run make data")
        with replacing(path) as partial:
            partial.write_text(text, encoding="utf-8")
        click.echo(f"data/{name} was written")


if __name__ == "__main__":
    main()
