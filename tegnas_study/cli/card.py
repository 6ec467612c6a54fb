"""``tegnas card``: one indicator, of the study or of a table from outside, judged in every way there is."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tegnas_core.errors import TegnasError
from tegnas_study.cli import options
from tegnas_study.experiments.choices import DATASETS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tegnas_study.analysis.cards.card import Accuracies, IndicatorCard
    from tegnas_study.analysis.cards.scored import Scored


@click.command()
@click.argument("name", required=False)
@click.option(
    "--table",
    type=options.EXISTING_FILE,
    metavar="FILE",
    help="Judge the scores of a CSV or Parquet file with the columns 'architecture' and 'score' instead.",
)
@click.option("--lower-is-better", is_flag=True, help="A smaller score is better. Only for --table.")
@click.option(
    "--benchmark",
    metavar="NAME|PATH",
    default="auto",
    show_default=True,
    help="Where the accuracies come from. 'tegnas data' lists the names.",
)
@click.option(
    "--dataset",
    type=click.Choice(DATASETS),
    default="cifar10",
    show_default=True,
    help="The data set whose test accuracy it is judged by.",
)
@options.resamples
@options.resampling_seed
@click.option("--json", "as_json", is_flag=True, help="Print the card as a JSON object.")
@click.option("--figure", type=options.FILE, metavar="FILE", help="Draw the card as well: a .svg or .png file.")
@click.option(
    "--folder",
    type=options.EXISTING_FOLDER,
    metavar="FOLDER",
    help="The folder that holds the tables of indicators.  [default: data/atlas]",
)
def card(
    name: str | None,
    table: Path | None,
    lower_is_better: bool,
    benchmark: str,
    dataset: str,
    draws: int,
    seed: int,
    as_json: bool,
    figure: Path | None,
    folder: Path | None,
) -> None:
    """Say how good an indicator is: its agreement with accuracy, its noise, and what it adds to a search.

    NAME is an indicator of the study; without one the names are listed. An indicator of your own needs no code:
    write its values of architectures of NAS-Bench-201 into a file and give it as --table.

    \b
    Example:
      tegnas card naswot
    """
    from tegnas_study.paths import ATLAS

    place = folder or ATLAS
    if name is not None and table is not None:
        raise TegnasError("a card is about one indicator: give a name or --table, not both")
    if table is None and lower_is_better:
        raise TegnasError("--lower-is-better says how to read --table; the directions of the study's are known")
    if name is None and table is None:
        click.echo(_list(place))
        return
    checked_figure(figure)
    from tegnas_study.analysis.cards import words

    accuracy = _accuracies(benchmark, dataset)
    draws_of = {"seed": seed, "n_draws": draws}
    found, scores = (
        _named(name, accuracy, place, **draws_of)
        if table is None
        else _outside(table, accuracy, place, higher_is_better=not lower_is_better, **draws_of)
    )
    click.echo(words.as_json(found) if as_json else words.as_text(found))
    if figure is not None:
        _draw(found, scores, figure)


def checked_figure(path: Path | None) -> None:
    """Raise `TegnasError` when a figure cannot be drawn into a file of this name."""
    if path is not None and path.suffix.lower() not in (".svg", ".png"):
        raise TegnasError(f"a figure is a .svg or .png file, got {path.name}")


def _list(folder: Path) -> str:
    from tegnas_study.analysis.cards.measured import NAMES, grounds, is_counted

    lines = []
    for name in NAMES:
        there = [*(["counted"] if is_counted(name) else []), *(found.table for found in grounds(name, folder))]
        lines.append((name, ", ".join(there) or "in no table yet"))
    width = max(len(name) for name, _ in lines)
    return "\n".join(f"{name:<{width}}  {where}" for name, where in lines)


def _accuracies(benchmark: str, dataset: str) -> "Accuracies":
    from tegnas_study.analysis.cards.card import Accuracies
    from tegnas_study.data.benchmark import load_benchmark

    loaded = load_benchmark(benchmark)
    known = loaded.accuracy(dataset)
    return Accuracies(known, f"{known.name}, {loaded.description}")


def _named(
    name: str, accuracy: "Accuracies", folder: Path, *, seed: int, n_draws: int
) -> tuple["IndicatorCard", "Mapping[str, Scored]"]:
    from tegnas_study.analysis.cards.card import indicator_card, scored_grounds

    found = indicator_card(name, accuracy, folder, seed=seed, n_draws=n_draws)
    return found, scored_grounds(name, accuracy, folder)


def _outside(
    table: Path, accuracy: "Accuracies", folder: Path, *, higher_is_better: bool, seed: int, n_draws: int
) -> tuple["IndicatorCard", "Mapping[str, Scored]"]:
    from tegnas_study.analysis.cards.card import card_of_scores, scored_outside
    from tegnas_study.tables.score_files import read_scores

    scores, about = read_scores(table), {"name": table.name, "higher_is_better": higher_is_better}
    found = card_of_scores(scores, accuracy, folder, **about, seed=seed, n_draws=n_draws)
    return found, {"unknown": scored_outside(scores, accuracy, folder, **about)}


def _draw(card: "IndicatorCard", scores: "Mapping[str, Scored]", path: Path) -> None:
    from tegnas_study.analysis.cards.frames import figure_tables
    from tegnas_study.figures.cards import card_figure, save_figure

    save_figure(card_figure(*figure_tables(card, scores)), path)
    click.echo(f"{path}: the card as a figure", err=True)
