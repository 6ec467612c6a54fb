"""Every value in ``data/`` keeps its contract, and one that does not is told in one line."""

import numpy as np
import pandas as pd
import pytest

from tegnas_core.errors import TegnasError
from tegnas_study.catalogue.checks import check_file, check_values
from tegnas_study.catalogue.columns import POLICY, percent
from tegnas_study.catalogue.contents import contents
from tegnas_study.catalogue.kinds import KINDS

TABLES = [file for file in contents() if file.kind is not None]
SWEEP = KINDS["tegnas"].contract(
    [*(c.name for c in KINDS["tegnas"].columns), "condition_number", "linear_regions", "naswot"], "it"
)


def rows(**columns: list) -> pd.DataFrame:
    """Return two good rows of a sweep, with some columns replaced."""
    good = {
        "architecture": ["a", "b"],
        "space": ["nas-bench-201", "darts"],
        "settings": ["teg:0", "teg:0"],
        "images": ["cifar10", "cifar10"],
        "seed": [-1, 0],
        "repeat": [0, 1],
        "status": ["ok", "disconnected"],
        "seconds": [1.5, np.nan],
        "condition_number": [12.5, np.inf],
        "linear_regions": [3.0, 3000.0],
        "naswot": [-5.0, -np.inf],
    }
    return pd.DataFrame({**good, **columns})


@pytest.mark.parametrize("file", TABLES, ids=lambda file: file.name)
def test_every_table_keeps_its_contract(file):
    check_file(file)


def test_values_that_are_allowed_pass():
    check_values(rows(), SWEEP, "it")


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        (
            {"condition_number": [0.5, 2.0]},
            r"condition_number in row 0 is 0\.5, and must be: number, at least 1; \+∞",
        ),
        ({"condition_number": [2.0, -np.inf]}, "condition_number in row 1 is -inf"),
        ({"condition_number": [2.0, np.nan]}, "condition_number in row 1 is nan"),
        ({"linear_regions": [1.0, np.inf]}, r"linear_regions in row 1 is inf, and must be: number, 1 to 3,000"),
        ({"naswot": [1.0, np.inf]}, "naswot in row 1 is inf, and must be: number; −∞ when it failed"),
        ({"status": ["ok", "fine"]}, "status in row 1 is fine, and must be: one of `ok`"),
        ({"images": ["cifar10", None]}, "images in row 1 is (None|nan), and must be: text"),
        ({"images": [1, 2]}, "images in row 0 is 1, and must be: text"),
        ({"seed": [0.5, 1.0]}, "seed is float64, and must be: whole number"),
        ({"repeat": [0, -1]}, "repeat in row 1 is -1, and must be: whole number, at least 0"),
        ({"seconds": ["1", "2"]}, "seconds is (str|object), and must be: number"),
        ({"guess": [1.0, 2.0]}, "the column guess is unknown"),
    ],
)
def test_a_broken_contract_is_told_in_one_line(columns, told):
    with pytest.raises(TegnasError, match=f"^it breaks its contract: {told}[^\n]*$"):
        check_values(rows(**columns), SWEEP, "it")


def test_a_missing_column_is_told():
    with pytest.raises(TegnasError, match="there is no column seed"):
        check_values(rows().drop(columns="seed"), SWEEP, "it")


@pytest.mark.parametrize(("vector", "good"), [([0.0, 1.0], True), (None, True), ([0.0, 1.5], False)])
def test_numbers_of_a_vector_are_checked(vector, good):
    table = pd.DataFrame({"mean": pd.Series([vector, [0.5]], dtype=object)})
    if good:
        check_values(table, (POLICY,), "it")
    else:
        with pytest.raises(TegnasError, match="mean in row 0 is"):
            check_values(table, (POLICY,), "it")


def test_a_percentage_has_both_bounds():
    assert percent("x", "accuracy").allowed == "number, 0 to 100"
    with pytest.raises(TegnasError, match=r"x in row 1 is 100\.5"):
        check_values(pd.DataFrame({"x": [100.0, 100.5]}), (percent("x", "accuracy"),), "it")
