"""``tegnas spawn``: searches that are copied on their way, and where the copies end."""

import contextlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tegnas_core.errors import TegnasError
from tegnas_study.cli import options, searching
from tegnas_study.experiments.choices import PRESETS, SOURCES

if TYPE_CHECKING:
    import pandas as pd

    from tegnas_study.experiments.request import SearchRequest
    from tegnas_study.experiments.spawning import SpawnPlan

_STEP = options.Number(0, 100_000)
_ORDERS = options.Number(0, 10_000)


@click.command()
@options.space
@click.option("--reward", metavar="REWARD", help="What to optimise, as in 'tegnas search'.  [default: teg]")
@click.option(
    "--source",
    type=click.Choice(SOURCES),
    default="atlas",
    show_default=True,
    help="Look values up in the atlas, in seconds, or evaluate networks.",
)
@click.option(
    "--preset", type=click.Choice(PRESETS), default="teg", show_default=True, help="Details of REINFORCE."
)
@click.option(
    "--atlas", metavar="TABLE", default="teg-cifar10", show_default=True, help="The table to look values up in."
)
@searching.draw
@options.settings
@options.images
@options.device
@options.batch_size
@options.repeats
@searching.steps
@click.option(
    "--at",
    type=_STEP,
    metavar="N",
    multiple=True,
    default=(50, 350),
    show_default=True,
    help="Spawn two children after this many steps. May be given several times; after 0 steps the children are "
    "independent searches.",
)
@click.option(
    "--orders",
    type=_ORDERS,
    metavar="N",
    default=0,
    show_default=True,
    help="Also evaluate what lies between the two ends: change the differing edges one at a time, in this many "
    "random orders.",
)
@click.option("--ends-only", is_flag=True, help="Record where parents and children end, and not their ways.")
@searching.first_seed
@click.option(
    "--seeds",
    type=options.SEEDS,
    metavar="N",
    default=1,
    show_default=True,
    help="How many parents to run, one per seed.",
)
@click.option(
    "--parent",
    type=options.EXISTING_FILE,
    metavar="FILE",
    help="Histories of the same search, made by 'tegnas search': what they hold is not evaluated again.",
)
@click.option("--out", type=options.TABLE, metavar="FILE", required=True, help="The Parquet file for the result.")
@click.option("--resume", is_flag=True, help="Go on with the unfinished command that lies beside --out.")
def spawn(
    settings: str,
    batch_size: int | None,
    repeats: int | None,
    device: str,
    at: tuple[int, ...],
    orders: int,
    ends_only: bool,
    seed: int,
    seeds: int,
    parent: Path | None,
    out: Path,
    resume: bool,
    **asked: object,
) -> None:
    """Search with REINFORCE and copy it on the way into two children that go on with other randomness.

    Every finished evaluation is safe. After an interruption, a crash or a kill, the same command with --resume
    goes on to the same result. What is finished is not run again, and another file is never replaced.

    \b
    Example:
      tegnas spawn --seeds 2 --out pairs.parquet
    """
    from tegnas_study.experiments.request import make_request
    from tegnas_study.experiments.spawning import SpawnPlan

    every_seed = searching.seeds_from(seed, seeds)
    request = make_request(
        "reinforce",
        settings=options.resolve_settings(
            settings, batch_size=batch_size, repeats=repeats, batch_norm=None, initialisation=None
        ),
        **asked,
    )
    plan = SpawnPlan(tuple(sorted(at)), orders, visits=not ends_only)
    _check(request, resume=resume, out=out)
    device = "cpu" if request.is_looked_up else options.resolve_device(device)
    _show(_run(request, plan, every_seed, parent, out, device, resume=resume))


def _check(request: "SearchRequest", *, resume: bool, out: Path) -> None:
    """Refuse what the command would ignore or not find, before anything is written.

    What is looked up needs no journal, since it is looked up again.
    """
    from tegnas_study.storage.journal import journal_path

    if resume and not out.exists() and (request.is_looked_up or not journal_path(out).exists()):
        raise TegnasError(f"there is no unfinished command beside {out}; to start one leave out --resume")
    searching.check_source(request)


def _run(
    request: "SearchRequest",
    plan: "SpawnPlan",
    seeds: Sequence[int],
    parent: Path | None,
    out: Path,
    device: str,
    *,
    resume: bool,
) -> "pd.DataFrame":
    """Spawn the search of every seed, write the result, and return it."""
    import pandas as pd
    from tqdm import tqdm

    from tegnas_study.experiments.memory import Memory, forget_left_over
    from tegnas_study.experiments.spawn_files import finished_spawning, header, recorded_values, write_spawned
    from tegnas_study.experiments.spawning import spawn
    from tegnas_study.storage.lock import writer_lock
    from tegnas_study.storage.provenance import portable_command

    recorded = {} if parent is None else recorded_values(parent, request)
    with contextlib.ExitStack() as stack:
        path = stack.enter_context(writer_lock(out))
        if (done := finished_spawning(path, request, plan, seeds)) is not None:
            forget_left_over(path, header(request, plan), seeds)
            searching.say_finished(out)
            return done
        place = None if request.is_looked_up else path
        memory = stack.enter_context(Memory(place, header(request, plan), resume=resume))
        bar = stack.enter_context(tqdm(unit="evaluation", disable=not sys.stderr.isatty(), leave=False))
        memory.known |= {key: values for key, values in recorded.items() if key not in memory.known}
        tables = [spawn(request, plan, seed=s, device=device, memory=memory, on_step=bar.update) for s in seeds]
        table = pd.concat(tables, ignore_index=True)
        write_spawned(path, request, plan, table, command=portable_command(sys.argv[1:]), device=device)
        memory.forget_file()
    return table


def _show(table: "pd.DataFrame") -> None:
    ends = table[table["part"] == "end"]
    for (seed, at), rows in ends.groupby(["seed", "at"]):
        click.echo(f"seed {seed}, spawned after {at} steps:")
        for row in rows.itertuples():
            click.echo(f"  {row.architecture} ({row.entropy:.1f} nats left)")
