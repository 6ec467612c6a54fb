"""What a row of Tables 2 and 5 is known by: a value with fields, and how it is written in the columns of a file.

In memory the column ``source`` of a table of searches holds `ValueSource` values. A file holds their texts, which
`parse_sources` turns back when it is read.
"""

import re
from dataclasses import dataclass

import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_study.tables.atlases import DEFAULT

SEARCHED = ("reinforce", "evolution", "fp-nas", "local", "random")
PAPER_NAMES = {"reinforce": "REINFORCE", "evolution": "Evolution", "fp-nas": "FP-NAS", "te-nas": "TE-NAS"}
"""Method → what the paper's tables call it, in their order."""
TEG_PARTS = ("kappa", "regions", "mse", "kappa+regions", "kappa+mse", "regions+mse")  # rewards of Table 5

_ONE_DRAW = re.compile(r"(?P<table>.+) repeat (?P<repeat>\d+)")


@dataclass(frozen=True)
class ValueSource:
    """Where the values that guide a search come from.

    Attributes:
        table: The table of the atlas in which they are looked up; None when networks are evaluated live.
        repeat: The only repeat of the table that is looked up, which is one draw of the weights; None takes the
            averages over all repeats.
    """

    table: str | None = DEFAULT
    repeat: int | None = None

    @property
    def is_live(self) -> bool:
        """Say whether networks are evaluated."""
        return self.table is None

    @property
    def is_one_draw(self) -> bool:
        """Say whether the values are those of a single draw of the weights."""
        return self.repeat is not None

    def __str__(self) -> str:
        """Return how a file names it: "live", "atlas" for the main table, another table, or one of its repeats."""
        if self.table is None:
            return "live"
        if self.repeat is not None:
            return f"{self.table} repeat {self.repeat}"
        return "atlas" if self.table == DEFAULT else self.table

    @classmethod
    def parse(cls, text: str) -> "ValueSource":
        """Return the source that a file names.

        Raises:
            TegnasError: When the text is empty.

        >>> ValueSource.parse("teg-cifar10 repeat 1")
        ValueSource(table='teg-cifar10', repeat=1)
        """
        if not text:
            raise TegnasError("a search without a source of its values is not a row of a study")
        if draw := _ONE_DRAW.fullmatch(text):
            return cls(draw["table"], int(draw["repeat"]))
        return {"live": LIVE, "atlas": MAIN_TABLE}.get(text) or cls(text)


MAIN_TABLE = ValueSource()
SECOND_TABLE = ValueSource("teg-cifar10-seed1")  # the same architectures under another seed
LIVE = ValueSource(None)


@dataclass(frozen=True)
class StudyRow:
    """A row of a table of searches; many searches that differ by their seed belong to it.

    Attributes:
        method: The search method.
        reward: What the method is rewarded by.
        preset: "teg", "paper" or "released".
        dataset: The data set whose accuracy is the reward; empty where no accuracy is.
        budget: Number of evaluations that was asked for; 0 where the preset's number holds.
        source: Where the values come from.
    """

    method: str
    reward: str = "teg"
    preset: str = "teg"
    dataset: str = ""
    budget: int = 0
    source: ValueSource = MAIN_TABLE

    def __str__(self) -> str:
        """Return one line for a message."""
        parts = (self.method, self.preset, self.reward, self.dataset, self.budget or "", self.source)
        return ", ".join(str(part) for part in parts if part != "")


ROW = ("method", "preset", "reward", "dataset", "budget", "source")  # the columns, in the order of a file


def columns_of(row: StudyRow) -> dict[str, object]:
    """Return the columns `ROW` of a row."""
    return {name: getattr(row, name) for name in ROW}


def row_of_each(outcomes: pd.DataFrame) -> pd.Series:
    """Return the row that each search belongs to.

    Args:
        outcomes: One row for each search, with the columns `ROW`.
    """
    columns = (outcomes[name] for name in ROW)
    rows = [StudyRow(**dict(zip(ROW, values, strict=True))) for values in zip(*columns, strict=True)]
    return pd.Series(rows, index=outcomes.index, name="row", dtype=object)


def parse_sources(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return a table of searches as it was read from a file with values in its column ``source``."""
    parsed = {text: ValueSource.parse(str(text)) for text in outcomes["source"].unique()}
    return outcomes.assign(source=outcomes["source"].map(parsed).astype(object))


def format_sources(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return a table of searches as it is written to a file, with texts in its column ``source``."""
    return outcomes.assign(source=outcomes["source"].map(str))
