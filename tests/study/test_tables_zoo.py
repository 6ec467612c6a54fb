"""The zoo's files are read with suspicion."""

import pandas as pd
import pytest

from tegnas_core.errors import TegnasError
from tegnas_study.storage.provenance_table import write_with_provenance
from tegnas_study.tables.zoo import COLUMNS, KIND, read_trained_a_little, read_zoo


def test_a_missing_a_foreign_and_a_damaged_file_are_told(tmp_path):
    path = tmp_path / "zoo.parquet"
    with pytest.raises(TegnasError, match="there is no file"):
        read_zoo(path)
    path.write_bytes(b"PAR1 nothing PAR1")
    with pytest.raises(TegnasError, match="not from python"):
        read_zoo(path)
    rows = pd.DataFrame({name: [0] for name in COLUMNS})
    write_with_provenance(path, rows, {"command": "", "protocols": {}}, kind=KIND)
    assert len(read_zoo(path)[0]) == 1
    with pytest.raises(TegnasError, match="trained_a_little"):
        read_trained_a_little(path)
