"""The paper's tables are there as printed."""

import pytest

from tegnas_core.errors import TegnasError
from tegnas_core.quoted import quoted_table


@pytest.mark.parametrize(("name", "n_rows"), [("table-2", 16), ("table-5", 8)])
def test_a_table_has_every_row_once(name, n_rows):
    table = quoted_table(name)
    assert len(table) == n_rows == table["row"].nunique()
    assert table["note"].map(type).eq(str).all()


def test_numbers_are_the_printed_ones():
    table = quoted_table("table-2").set_index("row")
    assert table.loc["REINFORCE + TEG", ["cifar10", "cifar100", "imagenet16_120"]].tolist() == [
        90.21,
        70.42,
        44.88,
    ]
    assert table.loc["FP-NAS", "cifar100_sd"] == 15.45
    assert table["cifar10"].max() == table.loc["Optimal", "cifar10"] == 94.37
    assert quoted_table("table-5").set_index("reward").loc["mse", "seconds"] == 2447.7


def test_an_unknown_table_is_named():
    with pytest.raises(TegnasError, match="no quoted table 'table-9'; there are table-2"):
        quoted_table("table-9")
