"""``tegnas data``: which accuracies and images were found where, and turning official files into a table."""

import os.path
from pathlib import Path

import click

from tegnas_study.cli import options


@click.group(invoke_without_command=True)
@click.pass_context
def data(context: click.Context) -> None:
    """List the accuracies and images that were found, and where.

    Files of your own are looked for in the folder that the environment variable TEGNAS_DATA names.

    \b
    Example:
      tegnas data
    """
    if context.invoked_subcommand is not None:
        return
    from tegnas_study.data.benchmark import fault_of, find_benchmarks
    from tegnas_study.data.images import find_images
    from tegnas_study.paths import data_root

    root = data_root()
    click.echo(f"TEGNAS_DATA: {_about(root)}")
    click.echo("\naccuracies")
    for source in find_benchmarks():
        fault = fault_of(source)
        held = f"cannot be used: {fault}" if fault else source.holds
        what = f"{held} [{source.path}]" if source.found else f"not found; {source.hint}"
        click.echo(f"  {source.name:<22} {what}")
    click.echo("\nimages")
    for found in find_images():
        click.echo(f"  {found.name:<22} {found.description}" + (f" [{found.place}]" if found.place else ""))


def _about(root: Path | None) -> str:
    if root is None:
        return "not set, so only what needs no files is found"
    if not os.path.lexists(root):
        return f"{root}: this folder does not exist"
    return str(root) if root.is_dir() else f"{root} is a file and should be a folder"


@data.command()
@click.argument("source", type=options.EXISTING)
@click.argument("output", type=options.FILE)
def convert(source: Path, output: Path) -> None:
    """Turn an official benchmark file or folder into a compact Parquet table.

    SOURCE is the file NAS-Bench-201-v1_1-096897.pth or the folder NATS-tss-v1_0-3ffb9-simple. OUTPUT must not
    exist yet.

    \b
    Example:
      tegnas data convert NATS-tss-v1_0-3ffb9-simple nas_bench_201.parquet
    """
    from tegnas_study.data.benchmark import convert_benchmark

    benchmark = convert_benchmark(source, output)
    click.echo(f"{output}: {len(benchmark.table):,} architectures. {benchmark.description}")
