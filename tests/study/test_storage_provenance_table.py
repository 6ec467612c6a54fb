"""A file that grows is read when it is there, and only when it was made as what is added to it."""

import pandas as pd
import pytest

from tegnas_core.errors import TegnasError
from tegnas_study.storage.provenance_table import read_with_provenance, rows_so_far, write_with_provenance


def read(path):
    return read_with_provenance(path, ("cell",), ("seed",), kind="tegnas-test", command="a test")


def test_rows_so_far_are_those_of_the_same_request(tmp_path):
    path = tmp_path / "grows.parquet"
    nothing = rows_so_far(path, read, {"seed": 1}, ("seed",), columns=("cell",))
    assert nothing.empty and [*nothing.columns] == ["cell"]
    write_with_provenance(path, pd.DataFrame({"cell": ["a", "b"]}), {"seed": 1, "card": "x"}, kind="tegnas-test")
    assert rows_so_far(path, read, {"seed": 1, "card": "y"}, ("seed",))["cell"].tolist() == ["a", "b"]
    with pytest.raises(TegnasError, match="made with seed 1, not 2"):
        rows_so_far(path, read, {"seed": 2}, ("seed",), with_values=True)
    with pytest.raises(TegnasError, match="made with other seed"):
        rows_so_far(path, read, {"seed": 2}, ("seed",))
    path.write_bytes(b"PAR1")
    with pytest.raises(TegnasError, match="damaged"):
        rows_so_far(path, read, {"seed": 1}, ("seed",))
