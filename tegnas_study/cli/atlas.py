"""``tegnas atlas``: how much of the space the committed tables hold, and recording what follows from them."""

from pathlib import Path

import click

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group(invoke_without_command=True)
@click.option("--folder", type=_FOLDER, help="Where the tables lie.  [default: data/atlas]")
@click.pass_context
def atlas(context: click.Context, folder: Path | None) -> None:
    """List the tables of indicators that come with the study, and how much of the space they hold."""
    from tegnas_study.paths import ATLAS

    context.obj = folder or ATLAS
    if context.invoked_subcommand is not None:
        return
    from tegnas_study.tables.atlases import atlas_coverage, atlas_names, atlas_repeats

    names = atlas_names(context.obj)
    width = max(map(len, names), default=0)
    for name in names:
        rows = atlas_repeats(name, folder=context.obj)
        what = f"{rows['settings'].iloc[0]}, images {rows['images'].iloc[0]}"
        click.echo(f"{name:<{width}}  {atlas_coverage(name, folder=context.obj)}; {what}")


@atlas.command()
@click.option("--name", default="teg-cifar10", show_default=True, help="Table of the atlas.")
@click.option("--draws", type=click.IntRange(1), default=1000, show_default=True, help="Resamples of a bootstrap.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the resampling.")
@click.option("--out", type=_FOLDER, help="Where the records go.  [default: data/results]")
@click.option("--force", is_flag=True, help="Compute again what is there.")
@click.pass_obj
def report(folder: Path, name: str, draws: int, seed: int, out: Path | None, force: bool) -> None:
    """Record what follows from the atlas and the benchmark's own accuracies.

    Needs nas_bench_201.parquet in the folder that TEGNAS_DATA names. Sections that are there already, from the
    same atlas, accuracies and options, are left alone: after an interruption run the same command again.
    """
    from tegnas_study.analysis.report import Inputs, make_report
    from tegnas_study.data.benchmark import load_benchmark
    from tegnas_study.paths import RESULTS

    inputs = Inputs(name, (load_benchmark("table"), load_benchmark("analog")), seed, draws, folder)
    click.echo(f"{name}: {inputs.coverage}")
    for section, path, computed in make_report(inputs, out or RESULTS, force=force):
        click.echo(f"  {section:<20} {'recorded' if computed else 'unchanged'}  {path}")
