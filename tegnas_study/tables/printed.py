"""Numbers as pages print them: a true minus sign, none before a zero, powers of ten, a space before a percent."""

import re
from collections.abc import Iterable, Mapping

import pandas as pd

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def printed(value: float | str, spec: str) -> str:
    """Return a number in a format, as a page prints it; a text stays as it is.

    >>> printed(-0.512, "+.2f"), printed(-0.004, "+.2f"), printed(59776.0, ",.0f")
    ('−0.51', '0.00', '59,776')
    >>> printed(5e-6, ".0e"), printed(1.04e-5, ".3g"), printed(0.0, ".1e"), printed(0.47, ".0%")
    ('5·10⁻⁶', '1.04·10⁻⁵', '0', '47 %')
    """
    if isinstance(value, str):
        return value
    text = format(value, spec).replace("%", " %")
    if not re.search("[1-9]", text.partition("e")[0]) and "0" in text:
        return "0" if "e" in text else text.lstrip("+-")
    text = re.sub(r"e([+-]\d+)", lambda found: f"·10{str(int(found[1])).translate(_RAISED)}", text)
    return text.replace("-", "−")


def printed_table(table: pd.DataFrame, formats: Mapping[str, str] | str) -> pd.DataFrame:
    """Return the columns that have a format, each of their numbers printed; a missing number is an empty cell.

    Args:
        table: A table of numbers; texts in it stay as they are.
        formats: The format of each column, such as ``{"number": ",.0f"}``, in the order of the columns; or one for
            all of them.
    """
    formats = dict.fromkeys(table, formats) if isinstance(formats, str) else formats
    columns = {
        name: ["" if pd.isna(value) else printed(value, spec) for value in table[name]]
        for name, spec in formats.items()
    }
    return pd.DataFrame(columns, index=table.index)


def record_table(record: Mapping[str, object], heading: str) -> pd.DataFrame:
    """Return what a file says about how it was made: a row for each entry, its lists and mappings in words.

    >>> print(record_table({"seeds": [0, 1], "versions": {"torch": "2.1"}}, "record").to_string())
                   record
    seeds            0, 1
    versions    torch 2.1
    """
    return pd.DataFrame({heading: {name: _in_words(value) for name, value in record.items()}})


def _in_words(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_in_words(inner)}" for name, inner in value.items() if inner is not None)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(map(_in_words, value))
    return str(value)
