"""What the paper's tables print, to stand beside what was measured here; nothing in these files was measured."""

import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_study.paths import REPOSITORY

QUOTED = REPOSITORY / "data" / "quoted"


def quoted_table(name: str) -> pd.DataFrame:
    """Return a table of the paper, a column ``row`` in front; an empty cell is nan, an empty note the empty text.

    Args:
        name: Such as "table-2".

    Raises:
        TegnasError: When there is no such table.

    Source: Chen et al., TEG-NAS (2021), Tables 2 to 5.
    """
    known = sorted(path.stem for path in QUOTED.glob("table-*.csv"))
    if name not in known:
        raise TegnasError(f"no quoted table {name!r}; there are {', '.join(known)}")
    table = pd.read_csv(QUOTED / f"{name}.csv")
    return table.assign(note=table["note"].fillna("").astype(str))


def fits(counted: float, printed: float) -> bool:
    """Say whether a number, rounded to as many decimals as the paper prints, is the paper's.

    Args:
        counted: Ours, in the paper's unit.
        printed: The paper's; one decimal at least, so 10 counts as 10.0.
    """
    decimals = len(repr(float(printed)).partition(".")[2])
    return abs(counted - printed) <= 0.5 * 10**-decimals + 1e-9
