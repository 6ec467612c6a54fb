"""``tegnas sweep``: the indicators of many architectures, into one Parquet file."""

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tegnas_core.errors import TegnasError
from tegnas_study.cli import options
from tegnas_study.paths import REPOSITORY

if TYPE_CHECKING:
    from tegnas_core.settings import IndicatorSettings
    from tegnas_study.sweep.evaluators import RivalEvaluate, TegEvaluate


@click.command()
@click.option(
    "--architectures",
    required=True,
    metavar="all|canonical|N|FILE",
    help="All 15,625; one of each of the 4,930 classes; a random N; or a text file, one string a line. "
    "The first two are of NAS-Bench-201.",
)
@click.option(
    "--indicators",
    type=click.Choice(["teg", "rivals"]),
    default="teg",
    show_default=True,
    help="The three of the paper, or their rivals: NASWOT, jacob-cov, grad-norm, snip, synflow, alignment.",
)
@options.indicator_options
@options.network
@click.option(
    "--no-alignment",
    is_flag=True,
    help="Leave out the rivals' label-gradient alignment: most of their time, and known as control_lga.",
)
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
    indicators: str,
    space: str,
    normal_cell_bug: bool,
    network: str,
    settings: str,
    images: str,
    device: str,
    seed: int,
    controls: bool,
    no_alignment: bool,
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
    from tegnas_core.spaces.by_name import make_space
    from tegnas_study.data.images import load_images
    from tegnas_study.sweep import Sweep, make_tasks, run_sweep, select_architectures

    chosen = options.resolve_settings(settings, network=network, **changes)
    networks = options.resolve_networks(space, normal_cell_bug=normal_cell_bug, network=network)
    source = load_images(images)
    device = options.resolve_device(device)
    tasks = make_tasks(select_architectures(architectures, make_space(space), seed=seed), repeats=chosen.repeats)
    recipe = _recipe(indicators, networks, chosen, images, seed, device, controls, not no_alignment)
    recipe()  # here too, so that a batch larger than the data is said before any worker starts
    details = {"settings": chosen.model_dump(), "images": source.description, "images_digest": source.digest}
    summary = run_sweep(
        tasks,
        recipe,
        Sweep(networks, chosen.label, source.name, seed, details, recipe.results),
        out=out,
        workers=workers,
        scheduler=scheduler,
        retry_errors=retry_errors,
        notes={"command": portable_command(sys.argv[1:]), "device": device},
    )
    click.echo(str(summary))


def _recipe(
    indicators: str,
    networks: str,
    settings: "IndicatorSettings",
    images: str,
    seed: int,
    device: str,
    controls: bool,
    alignment: bool,
) -> "TegEvaluate | RivalEvaluate":
    from tegnas_study.sweep.evaluators import RivalEvaluate, TegEvaluate

    if indicators == "teg":
        if not alignment:
            raise TegnasError("--no-alignment belongs to --indicators rivals")
        return TegEvaluate(settings, images, seed, device, controls, networks)
    if networks != "nas-bench-201":
        raise TegnasError("--indicators rivals belongs to --space nas-bench-201")
    if controls:
        raise TegnasError("--controls belongs to --indicators teg")
    return RivalEvaluate(settings, images, seed, device, alignment)


def portable_command(arguments: list[str]) -> str:
    """Return the command as another machine can repeat it: no absolute path stays in a file's metadata."""
    portable = []
    for argument in arguments:
        path = Path(argument)
        if path.is_absolute():
            inside = path.is_relative_to(REPOSITORY)
            argument = str(path.relative_to(REPOSITORY)) if inside else path.name
        portable.append(argument)
    return shlex.join(["tegnas", *portable])
