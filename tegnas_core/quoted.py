"""What the paper's tables print, for setting it beside what comes out here: quoted, nothing measured.

Source: Chen et al., TEG-NAS (arXiv 2108.11939), Tables 2 to 5.
"""

from pathlib import Path

import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_core.paths import QUOTED


def quoted_table(name: str, folder: Path = QUOTED) -> pd.DataFrame:
    """Return a table of the paper, its rows in the paper's order.

    Args:
        name: Such as "table-3".
        folder: Where the quoted tables lie.

    Returns:
        A column ``row`` with the paper's name of the row, columns of numbers (nan where the paper prints none),
        and ``note``, what the paper or we say of the row, often empty. ``data/README.md`` explains the columns.

    Raises:
        TegnasError: When no table of this name is quoted, or its file is damaged.
    """
    known = sorted(path.stem for path in folder.glob("table-*.csv"))
    if name not in known:
        raise TegnasError(f"no table {name!r} is quoted; known are {', '.join(known) or 'none'}")
    try:
        table = pd.read_csv(folder / f"{name}.csv", encoding="utf-8")
        return table.assign(note=table["note"].fillna("").astype(str))[list(table.columns)]
    except (ValueError, KeyError, OSError) as error:
        raise TegnasError(
            f"{name}.csv among the quoted tables is damaged; restore it from the repository"
        ) from error


def fits(counted: float, printed: float) -> bool:
    """Say whether a number, rounded to as many decimals as the paper prints, is the paper's.

    Args:
        counted: Ours, in the paper's unit.
        printed: The paper's; one decimal at least, so 10 counts as 10.0.
    """
    decimals = len(repr(float(printed)).partition(".")[2])
    return abs(counted - printed) <= 0.5 * 10**-decimals + 1e-9
