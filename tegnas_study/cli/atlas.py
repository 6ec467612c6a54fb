"""``tegnas atlas``: how much of the space the committed tables hold, and recording what follows from them."""

from pathlib import Path

import click

from tegnas_core.errors import TegnasError
from tegnas_study.cli import options


@click.group(invoke_without_command=True)
@click.option(
    "--folder",
    type=options.EXISTING_FOLDER,
    metavar="FOLDER",
    help="The folder that holds the tables.  [default: data/atlas]",
)
@click.pass_context
def atlas(context: click.Context, folder: Path | None) -> None:
    """List the tables of indicators that come with the study.

    Each line says how much of the space a table holds, and which settings and images it was computed with.

    \b
    Example:
      tegnas atlas
    """
    from tegnas_study.paths import ATLAS

    context.obj = folder or ATLAS
    if context.invoked_subcommand is not None:
        return
    from tegnas_study.tables.atlases import atlas_coverage, atlas_names, atlas_repeats

    names = atlas_names(context.obj)
    if not names:
        raise TegnasError(f"there are no tables in {context.obj}; 'tegnas sweep' makes them")
    width = max(map(len, names))
    for name in names:
        rows = atlas_repeats(name, folder=context.obj)
        what = f"{rows['settings'].iloc[0]}, images {rows['images'].iloc[0]}"
        click.echo(f"{name:<{width}}  {atlas_coverage(name, folder=context.obj)}; {what}")


@atlas.command()
@click.option(
    "--name",
    metavar="TABLE",
    default="teg-cifar10",
    show_default=True,
    help="The table to analyse.",
)
@options.resamples
@options.resampling_seed
@click.option(
    "--out", type=options.FOLDER, metavar="FOLDER", help="The folder for the records.  [default: data/results]"
)
@click.option("--only", metavar="SECTION", help="Record this section only, such as combinations.")
@click.option("--force", is_flag=True, help="Compute every section again, even if it is up to date.")
@click.pass_obj
def report(
    folder: Path, name: str, draws: int, seed: int, out: Path | None, only: str | None, force: bool
) -> None:
    """Record what follows from the atlas and the benchmark's own accuracies.

    This needs nas_bench_201.parquet in the folder that TEGNAS_DATA names. A section that was already recorded
    from the same atlas, accuracies and options is not computed again, so after an interruption you can run the
    same command again.

    \b
    Example:
      tegnas atlas report --draws 1000
    """
    from tegnas_study.paths import own_records
    from tegnas_study.tables.atlases import require_indicators

    records = out or own_records()
    require_indicators(name, folder=folder)  # before the accuracies are looked for, which takes seconds
    from tegnas_study.analysis.report import Inputs, check_section, make_report

    if only is not None:
        check_section(only)
    from tegnas_study.data.benchmark import load_benchmark

    inputs = Inputs(name, (load_benchmark("table"), load_benchmark("analog")), seed, draws, folder)
    click.echo(f"{name}: {inputs.coverage}")
    for section, path, computed in make_report(inputs, records, only=only, force=force):
        click.echo(f"  {section:<20} {'recorded' if computed else 'unchanged'}  {path}")
