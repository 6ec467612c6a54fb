"""The tables quoted from the paper: readable, complete, and refused when they are not there."""

import pytest

from tegnas_core.errors import TegnasError
from tegnas_core.quoted import fits, quoted_table


@pytest.mark.parametrize("name, rows, numbers", [("table-3", 19, 3), ("table-4", 20, 4)])
def test_the_darts_tables_are_there_row_by_row(name, rows, numbers):
    table = quoted_table(name)
    assert table["row"].is_unique and len(table) == rows
    assert (table.select_dtypes("number").columns != "note").sum() == numbers
    assert table["note"].map(type).eq(str).all()
    assert (table["parameters"].between(2, 8)).all()


def test_numbers_are_those_of_the_paper():
    cifar = quoted_table("table-3").set_index("row")
    assert cifar.loc["FP-NAS + TEG", ["test_error", "parameters", "gpu_days"]].tolist() == [2.66, 4.42, 0.13]
    imagenet = quoted_table("table-4").set_index("row")
    assert imagenet.loc["TE-NAS", ["top1_error", "top5_error", "parameters"]].tolist() == [26.2, 8.3, 6.3]
    assert imagenet["gpu_days"].isna().sum() == 1  # MnasNet's is not printed


@pytest.mark.parametrize("name", ["table-9", "../README", ""])
def test_an_unknown_table_is_told_in_one_line(name):
    with pytest.raises(TegnasError, match=r"no table .* is quoted; known are .*table-3, table-4"):
        quoted_table(name)


@pytest.mark.parametrize("content", ["", "row,parameters\na,1\n", b"\xff\xfe\x00"])
def test_a_damaged_table_is_told_in_one_line(tmp_path, content):
    file = tmp_path / "table-3.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(TegnasError, match=r"table-3\.csv among the quoted tables is damaged"):
        quoted_table("table-3", tmp_path)


@pytest.mark.parametrize(
    "counted, printed, same",
    [(3.558, 3.6, True), (3.649, 3.6, True), (3.651, 3.6, False), (4.138, 4.42, False), (4.424, 4.42, True)],
)
def test_a_number_fits_as_far_as_it_is_printed(counted, printed, same):
    assert fits(counted, printed) == same
