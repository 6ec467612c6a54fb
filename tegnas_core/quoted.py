"""What the paper's tables print, to stand beside what was measured here; nothing in these files was measured."""

import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_core.paths import REPOSITORY

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
