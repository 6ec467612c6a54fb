"""The pages of indicator cards: one for each indicator that was measured, and their heat map."""

import hashlib
import math
import shutil
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

import click

from tegnas_study.analysis.cards.card import Accuracies, IndicatorCard, indicator_card, scored_grounds
from tegnas_study.analysis.cards.frames import family, figure_tables, side_by_side
from tegnas_study.analysis.cards.measured import NAMES, grounds, is_counted
from tegnas_study.analysis.cards.words import as_markdown
from tegnas_study.data.benchmark import load_benchmark
from tegnas_study.figures.cards import KINDS, card_figure, cards_heat_map, save_figure
from tegnas_study.figures.intervals import RIVAL_NAMES
from tegnas_study.figures.style import NAMES as NAMED
from tegnas_study.paths import ATLAS
from tegnas_study.tables.bootstrap import Estimate

SEED, N_DRAWS = 0, 1000
OVERVIEW, KEY = "overview.txt", "inputs.txt"  # no page of their own: the page before the cards includes the first
ALT = "For each network, test accuracy over the share of architectures ranked behind, and Kendall's τ beside it."
FAMILIES = {"TEG": "The paper's three and their sum", "counted": "Counted without a network", "rivals": "Rivals"}


def write_cards(folder: Path, pool: ProcessPoolExecutor, *, shared: str, force: bool = False) -> int:
    """Write a page and a figure for every indicator that was measured, and the overview; return how many.

    When nothing that they follow from has changed, they are left as they are. The same inputs give the same bytes.

    Args:
        folder: The folder for the pages; what else lies there is removed.
        pool: Processes to compute in, one card each.
        shared: Identifies everything that the cards follow from, see `inputs.shared_inputs`.
        force: Whether to write unchanged pages again.
    """
    key = hashlib.sha256(f"{shared} {SEED} {N_DRAWS}".encode()).hexdigest()[:16]
    names = measured_names()
    known = folder / KEY
    if not force and known.is_file() and known.read_text(encoding="utf-8") == key:
        return len(names)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    cards = [*pool.map(write_card, names, [folder] * len(names))]
    save_figure(cards_heat_map(side_by_side(cards)), folder / "overview.png")
    (folder / OVERVIEW).write_text(overview(cards), encoding="utf-8")
    known.write_text(key, encoding="utf-8")
    return len(names)


def measured_names(folder: Path = ATLAS) -> tuple[str, ...]:
    """Return the indicators that have a card: what can be counted, and what some table holds."""
    return tuple(name for name in NAMES if is_counted(name) or grounds(name, folder))


def write_card(name: str, folder: Path) -> IndicatorCard:
    """Write the page and the figure of one indicator, and return its card."""
    accuracy = accuracies()
    card = indicator_card(name, accuracy, seed=SEED, n_draws=N_DRAWS)
    save_figure(card_figure(*figure_tables(card, scored_grounds(name, accuracy))), folder / f"{name}.png")
    (folder / f"{name}.md").write_text(page(card), encoding="utf-8")
    return card


@cache
def accuracies() -> Accuracies:
    """Return what the cards of the book are judged by; each process loads it once."""
    benchmark = load_benchmark()
    known = benchmark.accuracy("cifar10")
    return Accuracies(known, f"`{known.name}`, {benchmark.description}")


def page(card: IndicatorCard) -> str:
    """Return the page of a card in Markdown."""
    called = title(card.name)
    return f"""(card-{card.name})=
# {called}

{_figure(card, called)}
{as_markdown(card)}
This card stands beside {{ref}}`all the others <ch-cards>`; `tegnas card {card.name}` prints it.
"""


def title(name: str) -> str:
    """Return what an indicator is called at the top of its page."""
    called = NAMED.get(name) or RIVAL_NAMES.get(name, name.replace("_", " "))
    return f"{called[:1].upper()}{called[1:]}"


def overview(cards: list[IndicatorCard]) -> str:
    """Return the heat map and the list of all cards, in Markdown."""
    lines = [
        "```{figure} cards/overview.png",
        ":name: fig-cards",
        f":alt: A table of colours with {sum(len(c.judgements) for c in cards)} rows and {len(KINDS)} columns. "
        "Every cell prints Kendall's τ with its interval; the page of each card has the same numbers as text.",
        ":width: 750px",
        "",
        "Agreement of every indicator with test accuracy on CIFAR-10, Kendall's τ with 95 % intervals over "
        f"{N_DRAWS:,} resamples of classes. The rows are in families, in no order of value. ○: it cannot be told "
        "from the number of parameters. ▼: it agrees less than the number of parameters does. In the last two "
        "columns the comparison is with zero, which is what parameters have there.",
        "```",
        "",
    ]
    for key, words in FAMILIES.items():
        lines += [f"**{words}**", ""]
        lines += [f"- {{ref}}`card-{card.name}`" for card in cards if family(card.name) == key]
        lines.append("")
    return "\n".join(lines)


def _figure(card: IndicatorCard, called: str) -> str:
    known = [row for row in side_by_side([card]).itertuples() if math.isfinite(row.value)]
    taus = [f"{row.kind}: {Estimate(row.value, row.low, row.high)}" for row in known]
    return f"""```{{figure}} {card.name}.png
:name: fig-card-{card.name}
:alt: {ALT} {"; ".join(taus)}.
:width: 500px

{called}: where architectures lie (left; darker is more of them, on a logarithmic scale), and how far their order
agrees with test accuracy (right; intervals of 95 % over {card.n_draws:,} resamples of classes).
```
"""


def tell(count: int, seconds: float) -> None:
    """Print how many cards there are and how long they took."""
    click.echo(f"  {f'{count} indicator cards':<32} {seconds:6.1f} s")
