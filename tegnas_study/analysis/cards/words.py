"""A card in words: the same sections as aligned text, as Markdown and as JSON."""

import json
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from tegnas_study.analysis.cards.card import IndicatorCard, Judgement
from tegnas_study.analysis.cards.sensitivity import ASKED
from tegnas_study.analysis.verdicts import Verdict, verdict
from tegnas_study.tables.bootstrap import Estimate
from tegnas_study.tables.printed import printed

PARTS = {
    "all": "all architectures",
    "classes": "each class once",
    "top tenth": "top tenth by accuracy",
    "equal size": "pairs of equal size",
}
NETWORKS = {
    "proxy": "On the small proxy network",
    "benchmark": "On the benchmark's own network",
    "none": "Counted, without a network",
    "unknown": "As the table has it",
}
NOT_KNOWN = "–"


@dataclass(frozen=True)
class Section:
    """A part of a card: a title, perhaps a table with a header, and sentences."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]


def introduction(card: IndicatorCard) -> tuple[str, ...]:
    """Return the sentences that a card opens with."""
    better = "A larger value is better" if card.higher_is_better else "A smaller value is better"
    labels = {None: "", True: ", and its definition has labels in it", False: ", and it looks at no labels"}
    about = (
        f"It is {card.source}."
        if not card.symbol
        else f"It measures this: {card.meaning}. Its source is {card.source}."
    )
    return (
        about,
        f"{better}{labels[card.uses_labels]}. Every number below is turned so that larger is better.",
        f"Accuracies: {card.accuracy}.",
        f"Intervals cover 95 % of {card.n_draws:,} resamples of whole classes of equal functions, from seed "
        f"{card.seed}.",
    )


def sections(card: IndicatorCard) -> Iterator[Section]:
    """Yield the sections of a card, those of each network one after the other."""
    for judged in card.judgements:
        yield _ground(judged)
        yield _agreement(judged)
        yield _shortlists(judged)
        yield _searches(judged)
        yield from _noise(judged)
        yield from _labels(card, judged)
        yield from _duplicates(judged)
    if card.symbol and any(judged.ground.repeats for judged in card.judgements):
        yield _sensitivity(card)


def as_text(card: IndicatorCard) -> str:
    """Return a card as text with aligned columns."""
    title = f"{card.name} ({card.symbol})" if card.symbol else card.name
    lines = [title, "", *introduction(card)]
    for section in sections(card):
        lines += ["", section.title]
        lines += [f"  {line}" for line in (*_aligned(section), *section.notes)]
    return "\n".join(lines)


def as_markdown(card: IndicatorCard) -> str:
    """Return the sections of a card as Markdown, without its title."""
    lines = [*introduction(card)]
    for section in sections(card):
        level = "##" if section.title in NETWORKS.values() or section.title.startswith("Sensitivity") else "###"
        lines += ["", f"{level} {section.title}", ""]
        if section.rows:
            for row in (section.header, ("---",) * len(section.header), *section.rows):
                lines.append(f"| {' | '.join(row)} |")
            lines.append("")
        lines += section.notes
    return "\n".join(lines) + "\n"


def as_json(card: IndicatorCard) -> str:
    """Return a card as a JSON object with the names of its fields; what is not known or not finite is null."""
    return json.dumps(_plain(asdict(card)), ensure_ascii=False, indent=2)


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _aligned(section: Section) -> list[str]:
    if not section.rows:
        return []
    rows = [section.header, *section.rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


def _ground(judged: Judgement) -> Section:
    ground = judged.ground
    repeats = f", {ground.repeats} repeat{'s' * (ground.repeats != 1)}" if ground.repeats else ""
    failed = f"; {ground.failed:,} have no finite score and rank last" if ground.failed else ""
    notes = [
        f"Table: {ground.source}{repeats}.",
        f"It scores {ground.n:,} of {ground.of:,} architectures ({printed(ground.n / ground.of, '.0%')}) in "
        f"{ground.n_classes:,} classes of equal functions{failed}.",
    ]
    if ground.seconds > 0:
        notes.append(
            f"One repeat took {ground.seconds:.2g} s on one thread of a busy machine, with every other column of "
            "that table in the same pass (median)."
        )
    title = NETWORKS.get(ground.network, f"On a network of {ground.network}")
    return Section(title, (), (), tuple(notes))


def _agreement(judged: Judgement) -> Section:
    rows = tuple(
        (
            PARTS[a.part],
            f"{a.n:,}",
            f"{a.n_classes:,}",
            *map(_number, (a.tau, a.rho, a.partial, a.beyond_parameters)),
        )
        for a in judged.agreements
    )
    header = ("architectures", "n", "classes", "Kendall τ", "Spearman ρ", "partial τ", "beyond parameters")
    notes = (
        "Partial τ is Kendall's partial τ given the number of parameters, computed from the three τ between "
        "indicator, accuracy and size. Beyond parameters is τ minus the τ of the number of parameters, over the "
        "same resamples; among pairs of equal size, which parameters cannot order, it is τ itself.",
        *(_beyond(a.part, a.beyond_parameters) for a in judged.agreements if a.part in ("classes", "top tenth")),
    )
    return Section("Agreement with test accuracy", header, rows, notes)


def _beyond(part: str, found: Estimate) -> str:
    told = {
        Verdict.HOLDS: "it agrees better than the number of parameters does",
        Verdict.FAILS: "it does not agree better than the number of parameters does",
        Verdict.UNKNOWN: "we cannot tell whether it agrees better than the number of parameters does",
        Verdict.TOO_FEW: "there are too few resamples to say whether it beats the number of parameters",
    }
    return (
        f"With {PARTS[part]}, {told[verdict(found)]}."
        if part == "classes"
        else (f"In the {PARTS[part]}, {told[verdict(found)]}.")
    )


def _shortlists(judged: Judgement) -> Section:
    rows = tuple(
        (f"{s.k:,}", _number(s.precision), f"{s.chance:.3f}", _number(s.accuracy)) for s in judged.shortlists
    )
    header = ("ranked first", "precision", "by chance", "mean accuracy (%)")
    notes = (
        "Precision is the share of them that is among as many most accurate ones; ties are broken at random.",
    )
    return Section("What it ranks first", header, rows, notes)


def _searches(judged: Judgement) -> Section:
    rows = tuple((f"{s.n:,}", *map(_number, (s.one, s.chosen, s.best, s.lost))) for s in judged.searches)
    header = ("draws", "any of them (%)", "its choice (%)", "the best (%)", "lost (points)")
    notes = (
        "Expected test accuracy when as many architectures are drawn independently and uniformly: of any of them, "
        "of the one that the indicator ranks first, and of the best, which training all of them would find.",
    )
    return Section("Random search at equal evaluations", header, rows, notes)


def _noise(judged: Judgement) -> Iterator[Section]:
    found = judged.noise
    if found is not None:
        repeats = "1 repeat" if found.half == 1 else f"{found.half} repeats"
        yield Section(
            "Repeats",
            (),
            (),
            (
                f"Two averages of {repeats} with other weights agree with each other by τ = {found.tau} "
                f"({found.table}, {found.n:,} connected classes).",
                f"For τ > 0.9 between two averages each needs about {found.needed:.1f} repeats.",
                f"The intra-class correlation of the ranks in single repeats is {found.intraclass}.",
            ),
        )
    elif judged.ground.repeats == 1:
        yield Section("Repeats", (), (), ("It was measured once, so its noise is not known.",))


def _labels(card: IndicatorCard, judged: Judgement) -> Iterator[Section]:
    found = judged.labels
    if found is not None:
        told = {
            Verdict.HOLDS: "true labels agree better",
            Verdict.FAILS: "true labels do not agree better",
            Verdict.UNKNOWN: "we cannot tell whether true labels agree better",
            Verdict.TOO_FEW: "there are too few resamples for a verdict",
        }
        yield Section(
            "Permuted labels",
            (),
            (),
            (
                f"Each class once, it agrees with accuracy by τ = {found.true} with the true labels and by "
                f"{found.permuted} with permuted ones; the difference is {found.gained:.3f}: "
                f"{told[verdict(found.gained)]}.",
            ),
        )
    elif card.uses_labels:
        yield Section("Permuted labels", (), (), ("No table holds it with permuted labels.",))


def _duplicates(judged: Judgement) -> Iterator[Section]:
    found = judged.duplicates
    if found is not None:
        notes = (
            f"{found.n:,} connected architectures share their function with another one, in {found.n_classes:,} "
            f"classes; in {printed(found.equal, '.0%')} of these all members have the same score.",
            f"Ranks spread inside a class by {found.spread} of their spread over all (0: equal functions have "
            "equal scores; 1: the class says nothing).",
        )
        yield Section("Equal functions", (), (), notes)
    elif judged.ground.repeats:
        yield Section("Equal functions", (), (), ("Each class was evaluated once, so equal functions are equal.",))


def _sensitivity(card: IndicatorCard) -> Section:
    rows = tuple((s.kind, s.change, f"{s.n:,}", f"{s.repeats}", _number(s.tau)) for s in card.sensitivities)
    known = {s.kind for s in card.sensitivities}
    missing = [kind for kind in ASKED if kind not in known]
    notes = ["Kendall's τ between its own orders with and without the change, each connected class once."]
    if missing:
        notes.append(f"No table of its own varies: {', '.join(missing)}.")
    header = ("choice", "changed to", "classes", "repeats", "τ with itself")
    return Section("Sensitivity to choices", header, rows, tuple(notes))


def _number(found: Estimate) -> str:
    return f"{found:.2f}" if math.isfinite(found.value) else NOT_KNOWN
