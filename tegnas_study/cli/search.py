"""``tegnas search``: one method, one reward, some seeds; what it finds and what that costs."""

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tegnas_core.errors import TegnasError
from tegnas_study.cli import options, searching
from tegnas_study.experiments.choices import DATASETS, METHODS, PRESETS, SOURCES
from tegnas_study.weight_sharing.sizes import NAMES, REWARD, SIZE_NAMES

if TYPE_CHECKING:
    import pandas as pd

    from tegnas_study.experiments.request import SearchRequest
    from tegnas_study.experiments.weight_sharing import SharingRequest

SHARING_METHODS = tuple(name for name in NAMES if name not in METHODS)
# What a search that trains a supernet ignores.
_NOT_SHARING = (
    "preset",
    "atlas",
    "draw",
    "dataset",
    "settings",
    "batch_size",
    "repeats",
    "population",
    "tournament",
)


@click.command()
@click.argument("method", type=click.Choice((*METHODS, *SHARING_METHODS)), metavar="METHOD")
@options.space
@click.option(
    "--reward",
    metavar="REWARD",
    help="What to optimise: teg, the sum of all three ranks, or kappa, regions, mse or a sum of two, such as "
    "kappa+regions; accuracy or accuracy-1-epoch; params, flops, depth or convolutions; naswot, synflow, "
    "grad-norm, snip or jacob-cov; for fp-nas also shared-weights.  [default: teg; naswot for naswot; "
    "shared-weights for the methods that train a supernet]",
)
@click.option(
    "--source",
    type=click.Choice(SOURCES),
    default="atlas",
    show_default=True,
    help="Look values up in the atlas, in seconds, or evaluate networks, which shows what a search costs. "
    "Supernets are always trained.",
)
@click.option(
    "--size",
    type=click.Choice(SIZE_NAMES),
    default="reduced",
    show_default=True,
    help="How large a supernet is and how long it is trained: a few seconds, a minute of one core, or the "
    "benchmark's recipe, which wants a GPU.",
)
@click.option(
    "--preset",
    type=click.Choice(PRESETS),
    default="teg",
    show_default=True,
    help="Details of the method: ours, the paper's text or the released code.",
)
@click.option(
    "--atlas",
    metavar="TABLE",
    default="teg-cifar10",
    show_default=True,
    help="The table to look values up in, of 'tegnas atlas'.",
)
@searching.draw
@click.option(
    "--dataset",
    type=click.Choice(DATASETS),
    default="cifar10",
    show_default=True,
    help="The data set whose accuracy is the reward, if the reward is an accuracy.",
)
@options.settings
@options.images
@options.device
@options.batch_size
@options.repeats
@searching.steps
@click.option(
    "--population", type=options.POPULATION, metavar="N", help="Size of evolution's population.  [default: 256]"
)
@click.option(
    "--tournament", type=options.TOURNAMENT, metavar="N", help="Size of evolution's tournaments.  [default: 64]"
)
@searching.first_seed
@click.option(
    "--seeds",
    type=options.SEEDS,
    metavar="N",
    default=1,
    show_default=True,
    help="How many searches to run, one per seed.",
)
@click.option("--out", type=options.TABLE, metavar="FILE", help="The Parquet file for the histories.")
@click.option("--resume", is_flag=True, help="Go on with the unfinished search that lies beside --out.")
def search(
    method: str,
    size: str,
    settings: str,
    batch_size: int | None,
    repeats: int | None,
    population: int | None,
    tournament: int | None,
    device: str,
    seed: int,
    seeds: int,
    out: Path | None,
    resume: bool,
    **asked: object,
) -> None:
    """Search for a good architecture and print it with its known accuracies and the cost.

    METHOD is reinforce, evolution, fp-nas, te-nas, random, naswot or local, or one of those that train a supernet
    with shared weights: rsps, enas, darts, darts-2nd or gdas, whose --steps are epochs. With --out every finished
    evaluation or epoch is safe. After an interruption, a crash or a kill, the same command with --resume goes on
    to the same result. A search that is finished is not run again, and another file is never replaced.

    \b
    Example:
      tegnas search reinforce --reward teg --seeds 3
    """
    from tegnas_study.experiments.request import make_request

    if resume and out is None:
        raise TegnasError("--resume goes on with a file; name the file with --out")
    every_seed = searching.seeds_from(seed, seeds)
    if method in SHARING_METHODS or asked["reward"] == REWARD:
        _search_by_sharing(method, size, every_seed, out, resume, device, asked)
        return
    options.refuse(["size"], "because no supernet is trained")
    sizes = {"population_size": population, "tournament_size": tournament}
    request = make_request(
        method,
        settings=options.resolve_settings(
            settings, batch_size=batch_size, repeats=repeats, batch_norm=None, initialisation=None
        ),
        sizes={key: value for key, value in sizes.items() if value is not None},
        **asked,
    )
    _check(request)
    device = "cpu" if request.is_looked_up else options.resolve_device(device)
    _show(request, _run(request, every_seed, out, resume, device))


def _check(request: "SearchRequest") -> None:
    """Refuse what the search would ignore or not find, before torch is loaded and anything is written."""
    if request.choice.origin != "accuracy":
        options.refuse(["dataset"], "because the reward is not an accuracy")
    searching.check_source(request)


def _search_by_sharing(
    method: str, size: str, seeds: range, out: Path | None, resume: bool, device: str, asked: dict[str, object]
) -> None:
    """Search by training supernets."""
    from click.core import ParameterSource

    if method not in NAMES:
        raise TegnasError(f"{method} has no shared weights to be rewarded by; of the others only fp-nas has")
    options.refuse(_NOT_SHARING, "because a supernet is trained")
    if asked["source"] == "atlas" and (
        click.get_current_context().get_parameter_source("source") is ParameterSource.COMMANDLINE
    ):
        raise TegnasError("shared weights are trained, not looked up; use --source live, or leave it out")
    from tegnas_study.experiments.weight_sharing import make_sharing_request

    given = {name: asked[name] for name in ("space", "reward", "images", "steps")}
    request = make_sharing_request(method, size=size, **given)
    _show_sharing(request, _run(request, seeds, out, resume, options.resolve_device(device)))


def _run(
    request: "SearchRequest | SharingRequest", seeds: range, out: Path | None, resume: bool, device: str
) -> list[dict[str, object]]:
    """Search with every seed, write the histories if they are wanted, and return the outcomes."""
    from tqdm import tqdm

    from tegnas_study.storage.provenance import portable_command

    sharing = request.reward == REWARD
    if sharing:
        from tegnas_study.experiments.weight_sharing import run_sharing_searches as run_searches
    else:
        from tegnas_study.experiments.searches import run_searches
    unit, total = ("epoch", len(seeds) * request.n_epochs) if sharing else ("evaluation", None)
    with tqdm(unit=unit, total=total, disable=not sys.stderr.isatty(), leave=False) as bar:
        return run_searches(
            request,
            seeds,
            out=out,
            resume=resume,
            command=portable_command(sys.argv[1:]),
            device=device,
            on_seed=lambda seed: bar.set_description(f"seed {seed}"),
            on_step=bar.update,
            on_finished=lambda: searching.say_finished(out),
        )


def _show(request: "SearchRequest", rows: list[dict[str, object]]) -> None:
    values = _what_values(request)
    click.echo(
        f"{request.method} · preset {request.preset} · reward {request.reward} · {request.space} · {values}"
    )
    for row in rows:
        click.echo(f"seed {row['seed']}: {row['derived']}")
        if row["incumbent"] != row["derived"]:
            click.echo(f"  best visited, by the sum of ranks: {row['incumbent']}")
        seconds, of_what = row["seconds"], _what_seconds(request)
        cost = "what it takes is unknown" if math.isnan(seconds) else f"{seconds:,.1f} s of {of_what}"
        click.echo(
            f"  {row['stopped']}: {row['steps']:,} steps, {row['evaluations']:,} evaluations, {row['unique']:,} "
            f"different; {cost}"
        )
    if request.space == "nas-bench-201":
        _show_accuracies(rows)


def _show_sharing(request: "SharingRequest", rows: list[dict[str, object]]) -> None:
    click.echo(f"{request.method} · size {request.size} · reward {request.reward} · images {request.images}")
    for row in rows:
        click.echo(f"seed {row['seed']}: {row['derived']}")
        click.echo(f"  {row['stopped']}: {row['steps']:,} epochs, {row['seconds']:,.1f} s of training and judging")
    _show_accuracies(rows, ("derived",))


def _what_values(request: "SearchRequest") -> str:
    if request.source == "live":
        return f"images {request.images}"
    if request.method == "te-nas":
        return "means over the cells of each supernet, looked up: they stand in for its own indicators"
    return "looked up"


def _what_seconds(request: "SearchRequest") -> str:
    trained, live = request.choice.origin == "accuracy", request.source == "live"
    if trained:
        return "training and validation" if live else "training, by the benchmark's clock"
    return "evaluation" if live else "evaluation, when the table was made"


def _show_accuracies(rows: list[dict[str, object]], results: tuple[str, ...] = ("derived", "incumbent")) -> None:
    from tegnas_study.data.benchmark import load_benchmark
    from tegnas_study.experiments.outcome import with_accuracies

    benchmark = load_benchmark()
    table = with_accuracies(rows, benchmark, results)
    columns = [name for name in table.columns if name.split(" ")[0] in ("derived", "incumbent") and " " in name]
    if columns:
        click.echo(f"accuracy in percent ({benchmark.description})")
        click.echo(_summary(table[columns]))


def _summary(accuracies: "pd.DataFrame") -> str:
    import pandas as pd

    shown = {}
    for column in accuracies.columns:
        result, where = column.split(" ", 1)
        label = "found" if result == "derived" else "best visited"
        mean, deviation = accuracies[column].mean(), accuracies[column].std()
        text = f"{mean:.2f}" if pd.isna(deviation) else f"{mean:.2f} ± {deviation:.2f}"
        shown.setdefault(where, {})[label] = text
    return pd.DataFrame(shown).T.to_string()
