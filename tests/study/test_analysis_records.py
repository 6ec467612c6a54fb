"""Records come back as they were written, appear whole or not at all, and say what is wrong with them."""

import json
import math

import pandas as pd
import pytest

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.records import ResultRecord, read_record, record_path, write_record

PROVENANCE = {"command": "tegnas atlas report", "coverage": "7 classes", "date": "2026-01-02", "seed": 3}


@pytest.fixture
def record():
    table = pd.DataFrame({"name": ["κ", "R"], "tau": [-0.123456789, math.nan], "n": [3, 15_625]})
    empty = pd.DataFrame(columns=["first", "second"])
    return ResultRecord("made-up", PROVENANCE, {"numbers": table, "empty": empty})


def test_a_record_comes_back(tmp_path, record):
    path = write_record(record, tmp_path / "new")
    assert path == record_path("made-up", tmp_path / "new")
    found = read_record("made-up", tmp_path / "new")
    assert found.provenance == PROVENANCE
    numbers = found.tables["numbers"]
    assert numbers["name"].tolist() == ["κ", "R"]
    assert numbers["tau"].tolist() == pytest.approx([-0.123457, math.nan], nan_ok=True)
    assert numbers["n"].tolist() == [3, 15_625]
    assert found.tables["empty"].columns.tolist() == ["first", "second"]
    assert found.tables["empty"].empty


def test_a_row_is_a_line_and_the_file_is_strict_json(tmp_path, record):
    text = write_record(record, tmp_path).read_text(encoding="utf-8")
    assert '    ["R", null, 15625]\n' in text
    json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert list(tmp_path.iterdir()) == [record_path("made-up", tmp_path)]


def test_a_record_says_where_it_comes_from(record):
    assert str(record) == "recorded 2026-01-02 from 7 classes"
    assert "- **command:** `tegnas atlas report`" in record._repr_markdown_().splitlines()


def test_a_failed_write_leaves_the_old_record(tmp_path, record, monkeypatch):
    write_record(record, tmp_path)
    before = record_path("made-up", tmp_path).read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tegnas_study.storage.atomic.os.replace", full)
    with pytest.raises(TegnasError, match="No space left on device"):
        write_record(ResultRecord("made-up", {}, {}), tmp_path)
    assert record_path("made-up", tmp_path).read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    "content, told",
    [
        (None, r"nothing is recorded as whole-space-made-up\.json; run tegnas atlas report$"),
        ("{", "is damaged"),
        ("[]", "is damaged"),
        ('{"provenance": {}}', "is damaged"),
        ('{"provenance": {}, "tables": {"a": {"columns": ["x"], "rows": [[1, 2]]}}}', "is damaged"),
    ],
)
def test_a_bad_record_is_told_in_one_line(tmp_path, content, told):
    if content is not None:
        record_path("made-up", tmp_path).write_text(content, encoding="utf-8")
    with pytest.raises(TegnasError, match=told) as caught:
        read_record("made-up", tmp_path)
    assert "\n" not in str(caught.value)
