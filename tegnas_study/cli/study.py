"""``tegnas study``: the searches behind Tables 2 and 5, over many seeds, into one file."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tegnas_core.errors import TegnasError
from tegnas_study.cli import options
from tegnas_study.experiments.choices import METHODS

if TYPE_CHECKING:
    import pandas as pd

    from tegnas_study.experiments.request import SearchRequest

TABLES = ("table-2", "table-5", "draws", "parts-on-draws")


@click.command()
@click.option(
    "--table",
    "tables",
    type=click.Choice(TABLES),
    multiple=True,
    help="Run the searches of this table only; 'draws' are searches by TEG on other draws of the weights, "
    "'parts-on-draws' those by parts of it. May be given more than once.  [default: all]",
)
@click.option(
    "--method",
    "methods",
    type=click.Choice(METHODS),
    multiple=True,
    metavar="METHOD",
    help="Run the searches of this method only. May be given more than once.  [default: all]",
)
@click.option(
    "--seeds",
    type=options.SEEDS,
    metavar="N",
    default=100,
    show_default=True,
    help="Searches for each row of a table, one per seed.",
)
@options.workers
@click.option(
    "--live",
    "live",
    multiple=True,
    type=options.EXISTING_FILE,
    metavar="FILE",
    help="Add the searches of this file, which 'tegnas search --source live' wrote. May be given more than once.",
)
@click.option(
    "--out",
    type=options.TABLE,
    metavar="FILE",
    required=True,
    help="The Parquet file for the results. If it exists, only what it lacks is searched.",
)
def study(
    tables: tuple[str, ...], methods: tuple[str, ...], seeds: int, workers: int, live: tuple[Path, ...], out: Path
) -> None:
    """Run the searches behind Tables 2 and 5 and write what they found.

    All values are looked up. The file grows as searches end, and a search that is already in it is not run
    again. To go on after an interruption, run the same command again; to add seeds, ask for more of them.

    \b
    Example:
      tegnas study --table table-2 --method naswot --seeds 10 --out study.parquet
    """
    from tqdm import tqdm

    from tegnas_study.experiments.study import run_study, seeds_of
    from tegnas_study.storage.lock import writer_lock

    with writer_lock(out) as path:
        known = _known(path, live)  # before the accuracies are looked for, which takes seconds
        requests = _requests(tables or TABLES, methods)
        n_searches = sum(len(seeds_of(request, seeds)) for request in requests)
        with tqdm(total=n_searches, unit="search", disable=not sys.stderr.isatty(), leave=False) as bar:
            table = run_study(
                requests,
                n_seeds=seeds,
                known=known,
                workers=workers,
                on_rows=lambda rows: _write(path, rows, requests),
                on_done=bar.update,
            )
        table = _write(path, table, requests)
    click.echo(f"{out}: {len(table):,} searches, {seeds} seeds per row")
    click.echo(_summary(table))


def _known(out: Path, live: tuple[Path, ...]) -> "pd.DataFrame | None":
    """Return the searches that are in the file already, and those that were run live."""
    import pandas as pd

    from tegnas_study.experiments.study import live_rows
    from tegnas_study.experiments.study_file import read_study
    from tegnas_study.storage.provenance_table import KEEP
    from tegnas_study.tables.study_rows import ROW

    parts = [read_study(out, advice=KEEP).outcomes] if out.exists() else []
    parts += [pd.DataFrame(live_rows(path)) for path in live]
    return pd.concat(parts, ignore_index=True).drop_duplicates([*ROW, "seed"], keep="last") if parts else None


def _requests(tables: tuple[str, ...], methods: tuple[str, ...]) -> tuple["SearchRequest", ...]:
    from tegnas_study.data.benchmark import load_benchmark
    from tegnas_study.experiments.study import answerable, other_draws, parts_on_draws, table_2, table_5

    rows = {"table-2": table_2, "table-5": table_5, "draws": other_draws}
    rows["parts-on-draws"] = parts_on_draws
    wanted = [request for name in tables for request in rows[name]()]
    if unknown := set(methods) - {request.method for request in wanted}:
        have = ", ".join(dict.fromkeys(request.method for request in wanted))
        raise TegnasError(f"there are no rows of {', '.join(sorted(unknown))}; there are {have}")
    wanted = [request for request in wanted if not methods or request.method in methods]
    kept = answerable(wanted, load_benchmark())
    if len(kept) < len(wanted):
        click.echo(
            f"{len(wanted) - len(kept)} of {len(wanted)} rows are left out, as their accuracies were not found; "
            "set TEGNAS_DATA to the folder that has them",
            err=True,
        )
    return kept


def _write(out: Path, table: "pd.DataFrame", requests: tuple["SearchRequest", ...]) -> "pd.DataFrame":
    """Write the searches with the accuracies they reach, and return them so."""
    from tegnas_study.data.benchmark import load_benchmark
    from tegnas_study.experiments.outcome import with_accuracies
    from tegnas_study.experiments.study_file import write_study
    from tegnas_study.storage.provenance import portable_command

    benchmark = load_benchmark()
    table = with_accuracies(table, benchmark)
    write_study(
        out,
        table,
        command=portable_command(sys.argv[1:]),
        benchmark=benchmark.description,
        atlas=sorted({name for request in requests for name in (request.atlas, request.rivals)}),
    )
    return table


def _summary(table: "pd.DataFrame") -> str:
    from tegnas_study.experiments.study_file import FOUND
    from tegnas_study.tables.study_rows import ROW

    shown = [column for column in FOUND if column in table.columns]
    return table.groupby([*ROW], sort=False)[["evaluations", *shown]].mean().round(2).to_string()
