"""``tegnas spawn``: searches that are copied on their way, and where the copies end."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tegnas_study.cli import options
from tegnas_study.experiments.choices import PRESETS, SOURCES

if TYPE_CHECKING:
    import pandas as pd

    from tegnas_study.experiments.request import SearchRequest
    from tegnas_study.experiments.spawning import SpawnPlan


@click.command()
@options.space
@click.option("--reward", metavar="WORD", help="As in `tegnas search`.  [default: teg]")
@click.option(
    "--source", type=click.Choice(SOURCES), default="atlas", show_default=True, help="Look up, or evaluate."
)
@click.option(
    "--preset", type=click.Choice(PRESETS), default="teg", show_default=True, help="Choices of REINFORCE."
)
@click.option("--atlas", default="teg-cifar10", show_default=True, help="Table that is looked up.")
@click.option("--draw", type=click.IntRange(0), help="Only this repeat of the table: one draw of the weights.")
@options.settings
@options.images
@options.device
@options.batch_size
@options.repeats
@click.option("--steps", type=click.IntRange(1), help="Length of the search.  [default: 500]")
@click.option(
    "--at",
    type=click.IntRange(0),
    multiple=True,
    default=(50, 350),
    show_default=True,
    help="Spawn after so many steps; may be given several times. After 0 the children are independent searches.",
)
@click.option(
    "--orders",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Evaluate the ways between the two ends, in so many random orders of their differing edges.",
)
@click.option("--ends-only", is_flag=True, help="Record where parents and children end, not their ways.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="First seed.")
@click.option("--seeds", type=click.IntRange(1), default=1, show_default=True, help="How many parents.")
@click.option(
    "--parent",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Record of the same search by `tegnas search`: what it evaluated is not evaluated again.",
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Parquet file for the result."
)
@click.option("--resume", is_flag=True, help="Go on with the command that left its evaluations beside --out.")
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
    """Search with REINFORCE and spawn two children on the way, which go on with other randomness.

    Every evaluation is safe from the moment it is finished: after a crash, a kill or Ctrl-C the same command with
    --resume goes on to the same end.
    """
    from tegnas_study.experiments.request import make_request
    from tegnas_study.experiments.spawning import SpawnPlan

    request = make_request(
        "reinforce",
        settings=options.resolve_settings(
            settings, batch_size=batch_size, repeats=repeats, batch_norm=None, initialisation=None
        ),
        **asked,
    )
    plan = SpawnPlan(tuple(sorted(at)), orders, visits=not ends_only)
    device = options.resolve_device(device) if request.source == "live" else "cpu"
    _show(_run(request, plan, range(seed, seed + seeds), parent, out, resume, device))


def _run(
    request: "SearchRequest",
    plan: "SpawnPlan",
    seeds: range,
    parent: Path | None,
    out: Path,
    resume: bool,
    device: str,
) -> "pd.DataFrame":
    """Spawn the search of every seed, write the result, and return it."""
    import pandas as pd
    from tqdm import tqdm

    from tegnas_study.cli.sweep import portable_command
    from tegnas_study.experiments.memory import Memory
    from tegnas_study.experiments.spawn_files import header, recorded_values, write_spawned
    from tegnas_study.experiments.spawning import spawn
    from tegnas_study.storage.lock import writer_lock

    recorded = {} if parent is None else recorded_values(parent, request)
    with (
        writer_lock(out),
        Memory(_journal(request, out), header(request, plan), resume=resume) as memory,
        tqdm(unit="evaluation", disable=not sys.stderr.isatty(), leave=False) as bar,
    ):
        memory.known |= {key: values for key, values in recorded.items() if key not in memory.known}
        tables = [spawn(request, plan, seed=s, device=device, memory=memory, on_step=bar.update) for s in seeds]
        table = pd.concat(tables, ignore_index=True)
        write_spawned(out, request, plan, table, command=portable_command(sys.argv[1:]), device=device)
        memory.forget_file()
    return table


def _journal(request: "SearchRequest", out: Path) -> Path | None:
    """Return the file that keeps evaluations; what is looked up is looked up again."""
    return out.with_name(f"{out.name}.journal") if request.source == "live" else None


def _show(table: "pd.DataFrame") -> None:
    ends = table[table["part"] == "end"]
    for (seed, at), rows in ends.groupby(["seed", "at"]):
        click.echo(f"seed {seed}, spawned after {at} steps:")
        for row in rows.itertuples():
            click.echo(f"  {row.architecture} ({row.entropy:.1f} nats left)")
