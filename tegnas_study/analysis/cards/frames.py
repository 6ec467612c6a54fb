"""Cards as tables for figures: where architectures lie, how far they agree, and all cards side by side."""

from collections.abc import Iterable, Mapping

import pandas as pd
from scipy import stats

from tegnas_core.indicators.names import RANK_SUM, STRUCTURAL, TEG
from tegnas_study.analysis.cards.agreement import Agreement
from tegnas_study.analysis.cards.card import IndicatorCard, Judgement
from tegnas_study.analysis.cards.scored import Scored
from tegnas_study.tables.bootstrap import Estimate

REFERENCE = "parameters"  # what every indicator is compared with
PARTIAL = "given parameters"
COLUMNS = ("all", "classes", "top tenth", "equal size", PARTIAL)


def figure_tables(card: IndicatorCard, scores: Mapping[str, Scored]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what the figure of a card shows.

    Args:
        card: The card.
        scores: The scored architectures by network, from `card.scored_grounds` or `card.scored_outside`.

    Returns:
        First, one row for each architecture and network: ``network``, ``place``, the share of architectures that
        are ranked behind it (half of its equals among them), and ``accuracy`` in percent. Second, the rows of this
        card in `side_by_side`.
    """
    points = []
    for network, found in scores.items():
        rows = found.part("all")
        place = (stats.rankdata(rows["score"]) - 0.5) / len(rows)
        points.append(pd.DataFrame({"network": network, "place": place, "accuracy": rows["accuracy"]}))
    return pd.concat(points, ignore_index=True), side_by_side([card])


def side_by_side(cards: Iterable[IndicatorCard]) -> pd.DataFrame:
    """Return the agreements of several cards as one table.

    Returns:
        One row for each card, network and kind of agreement: family, name, network, n (architectures), kind (see
        `COLUMNS`; "given parameters" is the partial τ with each class once), value, low, high, and ``compared``
        with the number of parameters: "more", "less", "same" where the interval of the difference has both
        sides, or "itself".
    """
    rows = [row for card in cards for judged in card.judgements for row in _rows(card, judged)]
    columns = ["family", "name", "network", "n", "kind", "value", "low", "high", "compared"]
    return pd.DataFrame(rows, columns=columns)


def family(name: str) -> str:
    """Return the family of an indicator: "TEG", "counted", or "rivals"."""
    if name in TEG or name == RANK_SUM:
        return "TEG"
    return "counted" if name in STRUCTURAL else "rivals"


def _rows(card: IndicatorCard, judged: Judgement) -> list[tuple]:
    found: dict[str, Agreement] = {agreement.part: agreement for agreement in judged.agreements}
    kinds = [(part, a.tau, a.beyond_parameters) for part, a in found.items()]
    if "classes" in found:
        kinds.append((PARTIAL, found["classes"].partial, found["classes"].partial))
    about = (family(card.name), card.name, judged.ground.network, judged.ground.n)
    itself = card.name == REFERENCE
    return [
        (*about, kind, *value.numbers, "itself" if itself else _compared(beyond)) for kind, value, beyond in kinds
    ]


def _compared(beyond: Estimate) -> str:
    if beyond.low > 0:
        return "more"
    return "less" if beyond.high < 0 else "same"
