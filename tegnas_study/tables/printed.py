"""Numbers as pages print them: with a true minus sign, and without the sign when nothing but zeros is left."""

from collections.abc import Mapping

import pandas as pd


def printed(value: float, spec: str) -> str:
    """Return a number in a format, with a true minus sign and no sign before a zero.

    >>> printed(-0.512, "+.2f"), printed(-0.004, "+.2f"), printed(59776.0, ",.0f")
    ('−0.51', '0.00', '59,776')
    """
    text = format(value, spec)
    if not any(digit in text for digit in "123456789") and "0" in text:
        return text.lstrip("+-")
    return text.replace("-", "−")


def printed_table(table: pd.DataFrame, formats: Mapping[str, str]) -> pd.DataFrame:
    """Return the columns that have a format, each of their numbers printed; a missing number is an empty cell.

    Args:
        table: A table of numbers.
        formats: The format of each column, such as ``{"number": ",.0f"}``, in the order of the columns.
    """
    columns = {
        name: ["" if pd.isna(value) else printed(value, spec) for value in table[name]]
        for name, spec in formats.items()
    }
    return pd.DataFrame(columns, index=table.index)
