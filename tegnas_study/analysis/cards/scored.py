"""Architectures with a score, an accuracy and a size: the table that every part of a card is computed from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_study.tables.ranking import rank_sum, ranks, top_fraction

Part = Literal["all", "classes", "top tenth", "equal size"]
PARTS: tuple[Part, ...] = get_args(Part)
FEWEST = 30  # architectures; an interval from fewer would say nothing


@dataclass(frozen=True, eq=False)
class Scored:
    """Scored architectures whose accuracy is known.

    Attributes:
        rows: One row for each architecture: architecture, representative (of its class), connected, parameters,
            accuracy in percent, and the columns of the score.
        columns: Column → whether a larger value is better. Several columns are joined to the sum of their ranks,
            which are taken anew within every part.
    """

    rows: pd.DataFrame
    columns: Mapping[str, bool]

    def part(self, name: Part) -> pd.DataFrame:
        """Return the rows of a part with the column ``score``, turned so that larger is better; failures last.

        ``all`` are all of them; ``classes`` one of each class, its representative where it is there; ``top tenth``
        the most accurate 10 %; ``equal size`` the connected ones, which are compared within equal ``parameters``.
        """
        rows = self.rows
        if name == "classes":
            others = rows["architecture"] != rows["representative"]
            rows = rows.loc[others.sort_values(kind="stable").index]
            rows = rows[~rows["representative"].duplicated()].sort_index()
        elif name == "top tenth":
            rows = rows[top_fraction(rows["accuracy"], 0.1, higher_is_better=True)]
        elif name == "equal size":
            rows = rows[rows["connected"]]
        return rows.assign(score=better(rows, self.columns))

    @property
    def failed(self) -> int:
        """How many rows have a score that is not finite."""
        return int((~np.isfinite(self.rows[[*self.columns]].to_numpy(float))).any(axis=1).sum())


def better(rows: pd.DataFrame, columns: Mapping[str, bool]) -> np.ndarray:
    """Return the score of some rows among themselves, turned so that larger is better, shape (n,).

    Args:
        rows: The rows.
        columns: Column → whether a larger value is better; of several columns the ranks are added.
    """
    if len(columns) == 1:
        ((column, higher_is_better),) = columns.items()
        return -ranks(rows[column], higher_is_better=higher_is_better)
    return -rank_sum(rows, [*columns], higher_is_better=columns).to_numpy()


def scored(
    values: pd.DataFrame, space: pd.DataFrame, accuracy: pd.Series, columns: Mapping[str, bool], *, what: str
) -> Scored:
    """Return the scored architectures whose accuracy is known.

    Args:
        values: The columns of the score, indexed by architecture.
        space: One row for each architecture of the space: architecture, representative, connected, parameters.
        accuracy: Accuracies in percent, indexed by architecture.
        columns: Column → whether a larger value is better.
        what: How an error names the table.

    Raises:
        TegnasError: When fewer than 30 architectures are left, or all scores or all accuracies are equal.
    """
    rows = space[space["architecture"].isin(values.index)]
    rows = rows.assign(accuracy=rows["architecture"].map(accuracy).astype(float))
    rows = rows[rows["accuracy"].notna()]
    rows = rows.assign(**{c: rows["architecture"].map(values[c]).astype(float) for c in columns})
    rows = rows.reset_index(drop=True)
    if len(rows) < FEWEST:
        raise TegnasError(
            f"{what} scores {len(rows)} architectures whose accuracy is known; a card needs at least {FEWEST}"
        )
    found = Scored(rows, dict(columns))
    for column, numbers in (("score", better(rows, found.columns)), ("accuracy", rows["accuracy"])):
        if len(np.unique(numbers)) == 1:
            raise TegnasError(
                f"{what} gives all {len(rows)} architectures the same {column}, which orders nothing"
            )
    return found
