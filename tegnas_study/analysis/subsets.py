"""Which architectures a number is about, and what competes with the indicators."""

from typing import Literal, get_args

import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_core.indicators import names
from tegnas_core.indicators.names import RANK_SUM
from tegnas_study.tables.atlases import MISSING
from tegnas_study.tables.ranking import TEG, rank_sum, ranks, top_fraction
from tegnas_study.tables.sizes import complexity_table

Subset = Literal["all", "connected", "classes", "top tenth", "above 90"]
SUBSETS: tuple[Subset, ...] = get_args(Subset)

SIZES = ("parameters", "flops")
COUNTS = (*SIZES, "n_convolutions")  # the same for all architectures with equally many parameters
PREDICTORS = (*TEG, RANK_SUM, *SIZES)
RIVALS = tuple(names.RIVALS)
DIRECTIONS = {name: known.higher_is_better for name, known in names.INDICATORS.items()} | {RANK_SUM: False}


def evaluated(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of an atlas that have indicators."""
    return table[table["status"] != MISSING]


def with_predictors(table: pd.DataFrame) -> pd.DataFrame:
    """Return the evaluated rows with the two numbers that need no evaluation: ``parameters`` and ``flops``.

    Both are those of the benchmark's own network (see `complexity`).

    Args:
        table: The table that `atlases.atlas` returns.
    """
    rows = evaluated(table)
    sizes = complexity_table().set_index("architecture")[[*SIZES]]
    return rows.assign(**{name: rows["architecture"].map(sizes[name]).astype(float) for name in SIZES})


def subset(table: pd.DataFrame, name: Subset = "all", accuracy: str = "test_accuracy") -> pd.DataFrame:
    """Return the rows of a subset, with their ``rank_sum`` among themselves.

    * ``all``: every evaluated architecture whose accuracy is known;
    * ``connected``: without those that have no path from input to output, whose indicators fail;
    * ``classes``: one architecture for each class of equal functions, its representative;
    * ``top tenth``: the best 10 % by this accuracy;
    * ``above 90``: more than 90 % accurate.

    Args:
        table: One row for each architecture, as in the atlas.
        name: Name of the subset.
        accuracy: The column of accuracies, in percent.

    Raises:
        TegnasError: When the subset is unknown or empty, or the table has no such accuracy.
    """
    if name not in SUBSETS:
        raise TegnasError(f"unknown subset {name!r}; known are {', '.join(SUBSETS)}")
    if accuracy not in table.columns:
        raise TegnasError(f"the table has no accuracy {accuracy!r}; join a benchmark first")
    known = evaluated(table)
    known = known[known[accuracy].notna()]
    if name == "connected":
        known = known[known["connected"]]
    elif name == "classes":
        known = known[known["architecture"] == known["representative"]]
    elif name == "top tenth":
        known = known[top_fraction(known[accuracy], 0.1, higher_is_better=True)]
    elif name == "above 90":
        known = known[known[accuracy] > 90]
    if known.empty:
        raise TegnasError(f"no architecture with indicators and {accuracy} is in the subset {name!r}")
    return known.assign(rank_sum=rank_sum(known))


def oriented(table: pd.DataFrame, column: str) -> pd.Series:
    """Return a predictor turned so that larger is better; failures share the worst place.

    Only the order has a meaning: what comes out are ranks, turned round.

    Raises:
        TegnasError: When no direction is known for the column.
    """
    if column not in DIRECTIONS:
        raise TegnasError(f"no direction is known for {column!r}; known are {', '.join(DIRECTIONS)}")
    return pd.Series(-ranks(table[column], higher_is_better=DIRECTIONS[column]), index=table.index, name=column)
