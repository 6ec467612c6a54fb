"""What the tables of the paper print, to be shown beside what this study measured."""

import pandas as pd

from tegnas_core.errors import TegnasError, quoted
from tegnas_study.paths import REPOSITORY

QUOTED = REPOSITORY / "data" / "quoted"


def quoted_table(name: str) -> pd.DataFrame:
    """Return a table of the paper with a column ``row`` in front.

    An empty cell is nan, and an empty note is the empty text.

    >>> quoted_table("table-2").columns[0]
    'row'

    Args:
        name: Name of the table, such as "table-2".

    Raises:
        TegnasError: When there is no such table.

    Source: Chen et al., TEG-NAS (2021), Tables 2 to 5.
    """
    known = sorted(path.stem for path in QUOTED.glob("table-*.csv"))
    if name not in known:
        raise TegnasError(f"no quoted table {quoted(name)}; there are {', '.join(known)}")
    table = pd.read_csv(QUOTED / f"{name}.csv")
    return table.assign(note=table["note"].fillna("").astype(str))


def as_printed(table: pd.DataFrame, column: str) -> pd.Series:
    """Return a column of accuracies as the paper prints it, "mean ± deviation" where it has a deviation.

    >>> as_printed(quoted_table("table-2").set_index("row"), "cifar10")["GDAS"]
    '93.61 ± 0.09'

    Args:
        table: A quoted table with the columns `column` and `column`_sd.
        column: Name of the column.
    """
    text = table[column].map("{:.2f}".format)
    spread = table[f"{column}_sd"].map(" ± {:.2f}".format)
    return text + spread.where(table[f"{column}_sd"].notna(), "")


def fits(counted: float, printed: float) -> bool:
    """Return whether a number, rounded to as many decimals as the paper prints, is the paper's number.

    >>> fits(3.314, 3.3), fits(3.36, 3.3)
    (True, False)

    Args:
        counted: Our number, in the paper's unit.
        printed: The paper's number, which has at least one decimal, so that 10 counts as 10.0.
    """
    decimals = len(repr(float(printed)).partition(".")[2])
    return abs(counted - printed) <= 0.5 * 10**-decimals + 1e-9
