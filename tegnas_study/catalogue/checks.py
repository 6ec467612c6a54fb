"""Every value of a table is held against its contract, by pandera."""

from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pandera

from tegnas_core.errors import TegnasError
from tegnas_study.catalogue.column import Column
from tegnas_study.catalogue.contents import DataFile
from tegnas_study.paths import DATA

_DTYPES = {"text": str, "whole": "int64", "number": "float64", "vector": object}


def schema(columns: tuple[Column, ...]) -> pandera.DataFrameSchema:
    """Return the contracts of a table's columns as a schema, which knows no other columns."""
    return pandera.DataFrameSchema({column.name: _checked(column) for column in columns}, strict=True)


def check_values(table: pd.DataFrame, columns: tuple[Column, ...], where: str) -> None:
    """Check every value of a table.

    Args:
        table: The rows.
        columns: The contracts of its columns.
        where: How an error names the table.

    Raises:
        TegnasError: When a column is missing or unknown, has another type, or holds what it must not; one line
            names the first few.
    """
    try:
        schema(columns).validate(table, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        told = [_told(case, columns) for case in cases.drop_duplicates(["column", "check"]).to_dict("records")]
        raise TegnasError(f"{where} breaks its contract: {'; '.join(told[:4])}") from None


def check_file(file: DataFile, folder: Path = DATA) -> None:
    """Check every value of a table that lies in the folder.

    Raises:
        TegnasError: When one of them breaks its contract.
    """
    path = folder / file.name
    table = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path, dtype=_dtypes(file.columns))
    check_values(table, file.columns, f"data/{file.name}")


def _dtypes(columns: tuple[Column, ...]) -> dict[str, object]:
    return {column.name: _DTYPES[column.kind] for column in columns}


def _checked(column: Column) -> pandera.Column:
    checks = {"text": _among, "vector": _vectors}.get(column.kind, _numbers)(column)
    return pandera.Column(_DTYPES[column.kind], checks, nullable=column.missing)


def _among(column: Column) -> list[pandera.Check]:
    return [pandera.Check.isin(column.values)] if column.values else []


def _numbers(column: Column) -> list[pandera.Check]:
    def inside(values: pd.Series) -> pd.Series:
        return pd.Series(_inside(values.to_numpy(float), column), index=values.index)

    return [pandera.Check(inside, error="range")]


def _vectors(column: Column) -> list[pandera.Check]:
    return [
        pandera.Check(lambda vector: bool(_inside(np.asarray(vector, float), column).all()), element_wise=True)
    ]


def _inside(numbers: np.ndarray, column: Column) -> np.ndarray:
    lowest = -np.inf if column.lowest is None else column.lowest
    highest = np.inf if column.highest is None else column.highest
    good = np.isfinite(numbers) & (numbers >= lowest) & (numbers <= highest)
    good |= np.isnan(numbers) & column.missing
    return good if column.failed is None else good | (numbers == column.failed)


def _told(case: dict, columns: tuple[Column, ...]) -> str:
    if case["check"] == "column_in_dataframe":
        return f"there is no column {case['failure_case']}"
    if case["check"] == "column_in_schema":
        return f"the column {case['failure_case']} is unknown"
    allowed = {column.name: column.allowed for column in columns}.get(case["column"], "")
    at = "" if pd.isna(case.get("index")) else f" in row {int(case['index'])}"
    return f"{case['column']}{at} is {str(case['failure_case'])[:60]}, and must be: {allowed}"
