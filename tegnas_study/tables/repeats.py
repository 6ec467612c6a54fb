"""Single repeats of a table: what one draw of weights and images says, where the table averages over several."""

import pandas as pd

from tegnas_core.errors import TegnasError
from tegnas_study.tables.ranking import TEG


def of_repeat(table: pd.DataFrame, rows: pd.DataFrame, repeat: int) -> pd.DataFrame:
    """Return the table with the indicators of one repeat in place of the averages.

    Args:
        table: The table that `atlases.atlas` returns.
        rows: The table that `atlases.atlas_repeats` returns.
        repeat: The number of the repeat; architectures that lack it are left out.

    Raises:
        TegnasError: When no architecture has this repeat.
    """
    chosen = rows[rows["repeat"] == repeat].set_index("architecture")
    if chosen.empty:
        known = ", ".join(str(number) for number in sorted(rows["repeat"].unique()))
        raise TegnasError(f"there is no repeat {repeat}; there are {known}")
    there = table[table["representative"].isin(chosen.index)]
    replaced = {name: there["representative"].map(chosen[name]) for name in (*TEG, "status")}
    return there.assign(**replaced)
