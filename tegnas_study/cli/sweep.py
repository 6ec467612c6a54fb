"""``tegnas sweep``: the indicators of many architectures, into one Parquet file."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tegnas_core.errors import TegnasError, quoted
from tegnas_study.cli import options

if TYPE_CHECKING:
    from tegnas_core.settings import IndicatorSettings
    from tegnas_study.sweep.evaluators import RivalEvaluate, TegEvaluate


@click.command()
@click.option(
    "--architectures",
    required=True,
    metavar="all|canonical|N|FILE",
    help="Which architectures: all 15,625 of NAS-Bench-201; one of each of its 5,260 classes of equal cells; "
    "a random sample of N; or a text file with one string per line.",
)
@click.option(
    "--indicators",
    metavar="teg|rivals|NAME,…",
    default="teg",
    show_default=True,
    help="The three indicators of the paper; the rivals of most comparisons (NASWOT, jacob-cov, grad-norm, snip, "
    "synflow and label-gradient alignment); or any rivals by name, such as meco,swap,zico.",
)
@options.indicator_options
@options.network
@click.option(
    "--no-alignment",
    is_flag=True,
    help="Leave out label-gradient alignment, which takes most of the rivals' time. With --controls a sweep of "
    "the three indicators has it too, as control_lga.",
)
@click.option("--controls", is_flag=True, help="Add columns with controls of the regression error.")
@options.workers
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Run on a Dask cluster instead, such as tcp://host:8786. This needs the extra 'cluster'.",
)
@click.option(
    "--take-over",
    "others",
    type=options.EXISTING_FILE,
    metavar="FILE",
    multiple=True,
    help="First copy rows from the file of another sweep whose settings differ in the equivalence of cells only, "
    "where the architecture builds the same network under both. May be given more than once.",
)
@click.option("--retry-errors", is_flag=True, help="Compute rows whose status is 'error' again.")
@click.option(
    "--out",
    type=options.TABLE,
    metavar="FILE",
    required=True,
    help="The Parquet file for the rows. If it exists, the new rows are added to it.",
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
    others: tuple[Path, ...],
    retry_errors: bool,
    out: Path,
    **changes: object,
) -> None:
    """Write the indicators of many architectures into one Parquet file.

    You can stop the command at any time. Every finished row is safe, and the same command goes on where it
    stopped, even after a crash or a kill. Rows with other settings, images or seeds stay in the file.

    \b
    Example:
      tegnas sweep --architectures 100 --workers 2 --out hundred.parquet
    """
    if scheduler is not None:
        from tegnas_study.sweep.cluster import require_scheduler

        options.refuse(["workers"], "with --scheduler")
        require_scheduler(scheduler)
    from tegnas_core.spaces.by_name import make_space
    from tegnas_study.data.images import load_images
    from tegnas_study.storage.provenance import portable_command
    from tegnas_study.sweep import Sweep, make_tasks, run_sweep, select_architectures, take_over

    chosen = options.resolve_settings(settings, network=network, **changes)
    networks = options.resolve_networks(space, normal_cell_bug=normal_cell_bug, network=network)
    source = load_images(images)
    device = options.resolve_device(device)
    level = chosen.equivalence
    asked = select_architectures(architectures, make_space(space), seed=seed, equivalence=level)
    tasks = make_tasks(asked, repeats=chosen.repeats)
    recipe = _recipe(indicators, networks, chosen, images, seed, device, controls, not no_alignment)
    recipe()  # here too, so that a batch that is too large is refused before any worker starts
    details = {"settings": chosen.model_dump(), "images": source.description, "images_digest": source.digest}
    of_all = Sweep(networks, chosen.label, source.name, seed, details, recipe.results)
    for other in others:
        taken = take_over(other, tasks, of_all, out=out, columns=recipe.optional)
        click.echo(f"{out}: {taken:,} of the rows taken over from {other}")
    summary = run_sweep(
        tasks,
        recipe,
        of_all,
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
    names = _rivals(indicators, alignment)
    if networks != "nas-bench-201":
        raise TegnasError(
            f"--indicators {indicators} belongs to --space nas-bench-201; elsewhere only teg can be measured"
        )
    if controls:
        raise TegnasError("--controls belongs to --indicators teg")
    return RivalEvaluate(settings, images, seed, device, names)


def _rivals(text: str, alignment: bool) -> tuple[str, ...]:
    from tegnas_core.indicators.names import ALIGNMENT, RIVALS, ZERO_COST

    if text == "rivals":
        return (*ZERO_COST, ALIGNMENT) if alignment else ZERO_COST
    if not alignment:
        raise TegnasError("--no-alignment belongs to --indicators rivals")
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",")))
    for name in names:
        if name not in RIVALS:
            raise TegnasError(
                f"--indicators {quoted(name)} is unknown; give teg, rivals, or names of {', '.join(RIVALS)}"
            )
    return names
