"""``tegnas data``: which accuracies and images were found where, and turning official files into a table."""

from pathlib import Path

import click


@click.group(invoke_without_command=True)
@click.pass_context
def data(context: click.Context) -> None:
    """List the accuracies and images that were found, and where."""
    if context.invoked_subcommand is not None:
        return
    from tegnas_study.data.benchmark import find_benchmarks
    from tegnas_study.data.images import find_images
    from tegnas_study.paths import data_root

    root = data_root()
    click.echo(f"TEGNAS_DATA: {root or 'not set; only what needs no files is found'}")
    click.echo("\naccuracies")
    for source in find_benchmarks():
        what = f"{source.holds} [{source.path}]" if source.found else f"not found; {source.hint}"
        click.echo(f"  {source.name:<22} {what}")
    click.echo("\nimages")
    for found in find_images():
        click.echo(f"  {found.name:<22} {found.description}" + (f" [{found.place}]" if found.place else ""))


@data.command()
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.argument("output", type=click.Path(dir_okay=False, path_type=Path))
def convert(source: Path, output: Path) -> None:
    """Turn an official benchmark file or folder into a compact Parquet table.

    SOURCE is NAS-Bench-201-v1_1-096897.pth or a NATS-tss-v1_0-3ffb9-simple folder.
    """
    from tegnas_study.data.benchmark import convert_benchmark

    benchmark = convert_benchmark(source, output)
    click.echo(f"{output}: {len(benchmark.table):,} architectures. {benchmark.description}")
