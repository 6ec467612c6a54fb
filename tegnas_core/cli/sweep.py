"""``tegnas sweep``: the indicators of many architectures, into one Parquet file."""

import shlex
import sys
from pathlib import Path

import click

from tegnas_core.cli import options
from tegnas_core.paths import REPOSITORY


@click.command()
@click.option(
    "--architectures",
    required=True,
    metavar="all|canonical|N|FILE",
    help="All 15,625; one of each of the 4,930 classes; a random N; or a text file, one string a line.",
)
@options.indicator_options
@click.option("--controls", is_flag=True, help="Also compute the controls of the regression error, as columns.")
@click.option(
    "--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes, one thread each."
)
@click.option(
    "--scheduler", metavar="ADDRESS", help="Run on this Dask cluster instead (needs the extra 'cluster')."
)
@click.option("--retry-errors", is_flag=True, help="Compute rows with status 'error' again.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="Parquet file; may exist already.",
)
def sweep(
    architectures: str,
    space: str,
    settings: str,
    images: str,
    device: str,
    seed: int,
    controls: bool,
    workers: int,
    scheduler: str | None,
    retry_errors: bool,
    out: Path,
    **changes: object,
) -> None:
    """Evaluate many architectures; stop and repeat the command as you like.

    Finished rows are safe from the moment they are finished: after a crash, a kill or Ctrl-C the same command
    goes on where it stopped. Rows of other settings, images or seeds in the file are kept.
    """
    from tegnas_core.images import load_images
    from tegnas_core.spaces import NASBench201
    from tegnas_core.sweep import Sweep, make_tasks, run_sweep, select_architectures
    from tegnas_core.sweep.evaluators import TegEvaluate

    chosen = options.resolve_settings(settings, **changes)
    source = load_images(images)
    device = options.resolve_device(device)
    tasks = make_tasks(select_architectures(architectures, NASBench201(), seed=seed), repeats=chosen.repeats)
    recipe = TegEvaluate(chosen, images, seed, device, controls)
    recipe()  # here too, so that a batch larger than the data is said before any worker starts
    details = {"settings": chosen.model_dump(), "images": source.description, "images_digest": source.digest}
    summary = run_sweep(
        tasks,
        recipe,
        Sweep(space, chosen.label, source.name, seed, details),
        out=out,
        workers=workers,
        scheduler=scheduler,
        retry_errors=retry_errors,
        notes={"command": _portable_command(sys.argv[1:]), "device": device},
    )
    click.echo(str(summary))


def _portable_command(arguments: list[str]) -> str:
    """Return the command as another machine can repeat it: no absolute path stays in a file's metadata."""
    portable = []
    for argument in arguments:
        path = Path(argument)
        if path.is_absolute():
            inside = path.is_relative_to(REPOSITORY)
            argument = str(path.relative_to(REPOSITORY)) if inside else path.name
        portable.append(argument)
    return shlex.join(["tegnas", *portable])
