"""The paper's tables are there as printed."""

import pandas as pd
import pytest

from tegnas_core.errors import TegnasError
from tegnas_study.data.quoted import fits, quoted_table


@pytest.mark.parametrize(("name", "n_rows"), [("table-2", 16), ("table-3", 19), ("table-4", 20), ("table-5", 8)])
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


def test_numbers_of_the_darts_tables_are_the_printed_ones():
    cifar = quoted_table("table-3").set_index("row")
    assert cifar.loc["FP-NAS + TEG", ["test_error", "parameters", "gpu_days"]].tolist() == [2.66, 4.42, 0.13]
    imagenet = quoted_table("table-4").set_index("row")
    assert imagenet.loc["TE-NAS", ["top1_error", "top5_error", "parameters"]].tolist() == [26.2, 8.3, 6.3]
    assert imagenet["gpu_days"].isna().sum() == 1  # MnasNet's is not printed
    assert pd.concat([cifar, imagenet])["parameters"].between(2, 8).all()


def test_an_unknown_table_is_named():
    with pytest.raises(TegnasError, match="no quoted table 'table-9'; there are table-2"):
        quoted_table("table-9")


@pytest.mark.parametrize(
    "counted, printed, same",
    [(3.558, 3.6, True), (3.649, 3.6, True), (3.651, 3.6, False), (4.138, 4.42, False), (4.424, 4.42, True)],
)
def test_a_number_fits_as_far_as_it_is_printed(counted, printed, same):
    assert fits(counted, printed) == same
