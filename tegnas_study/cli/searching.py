"""What the commands that search share: their options, their seeds, and what a source of values would ignore."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tegnas_core.errors import TegnasError
from tegnas_study.cli import options

if TYPE_CHECKING:
    from tegnas_study.experiments.request import SearchRequest

# What only evaluating networks, and what only looking values up depends on.
LIVE_ONLY = ("settings", "images", "device", "batch_size", "repeats")
ATLAS_ONLY = ("atlas", "draw")

draw = click.option(
    "--draw",
    type=options.DRAW,
    metavar="N",
    help="Use only this repeat of the table, that is, one draw of the weights.  [default: the average of all]",
)
steps = click.option(
    "--steps", type=options.STEPS, metavar="N", help="Length of the search.  [default: the preset's]"
)
first_seed = click.option(
    "--seed", type=options.SEED, metavar="N", default=0, show_default=True, help="The first seed."
)


def seeds_from(first: int, n: int) -> range:
    """Return n seeds in a row.

    Raises:
        TegnasError: When the last of them is too large for a table.
    """
    if first + n - 1 > options.LARGEST_SEED:
        raise TegnasError(f"the last of {n} seeds from {first} is larger than {options.LARGEST_SEED}")
    return range(first, first + n)


def say_finished(out: Path) -> None:
    """Say on stderr that there is nothing to do, so that stdout holds the result as after the search itself."""
    click.echo(f"the search in {out} is finished already; nothing was changed", err=True)


def check_source(request: "SearchRequest") -> None:
    """Refuse options that the source of the values ignores, and values that are not there.

    Networks are not built and nothing is written.

    Raises:
        TegnasError: When such an option stands on the command line, or a table or images are missing.
    """
    if request.is_looked_up:
        from tegnas_study.experiments.sources import looked_up

        options.refuse(LIVE_ONLY, "because the values of this search are looked up")
        looked_up(request)
    else:
        from tegnas_study.data.images import load_images

        options.refuse(ATLAS_ONLY, "because this search evaluates networks")
        load_images(request.images)
