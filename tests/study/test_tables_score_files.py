"""Scores from outside: what was written is read, and whatever else a file holds is refused in one line."""

import math

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hostile_bytes import BUSY, one_line_or_nothing, refused
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tegnas_core.errors import TegnasError
from tegnas_core.spaces import NASBench201
from tegnas_study.tables.score_files import read_scores

CELLS = [str(architecture) for architecture in NASBench201().sample_many(40, seed=1)]
SCORES = np.random.default_rng(0).normal(size=len(CELLS))
TABLE = pd.DataFrame({"architecture": CELLS, "score": SCORES})


def write(folder, table, name="mine.csv"):
    path = folder / name
    table.to_csv(path, index=False) if path.suffix == ".csv" else table.to_parquet(path)
    return path


@pytest.mark.parametrize("name", ["mine.csv", "mine.parquet", "MINE.CSV"])
def test_what_was_written_is_read_and_other_columns_are_not(tmp_path, name):
    table = TABLE.assign(note="a, b\nc")[["note", "score", "architecture"]]
    path = tmp_path / name
    table.to_parquet(path) if name.endswith("parquet") else table.to_csv(path, index=False)
    found = read_scores(path)
    assert found.index.tolist() == CELLS
    assert found.tolist() == pytest.approx(SCORES.tolist(), abs=0)


@pytest.mark.parametrize("name", ["mine.csv", "mine.parquet"])
def test_what_is_not_finite_is_kept_and_an_empty_cell_is_a_failure(tmp_path, name):
    numbers = [math.inf, -math.inf, math.nan, None]
    found = read_scores(write(tmp_path, TABLE.head(4).assign(score=numbers), name))
    assert found.tolist()[:2] == [math.inf, -math.inf] and found.isna().tolist()[2:] == [True, True]


def test_whole_numbers_and_a_byte_order_mark_are_read(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("\ufeff architecture , score \n" + f"{CELLS[0]}, 3 \n\n{CELLS[1]},1e-3\n", encoding="utf-8")
    assert read_scores(path).tolist() == [3, 1e-3]
    assert read_scores(write(tmp_path, TABLE.assign(score=range(40)), "mine.parquet")).tolist() == [*range(40)]


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (TABLE[["architecture"]], "has no column 'score'"),
        (TABLE[["score"]], "has no column 'architecture'"),
        (TABLE.replace(CELLS[3], "|nonsense~0|"), r"row 4: '\|nonsense~0\|' is no architecture"),
        (TABLE.replace(CELLS[3], CELLS[2]), "row 4: the architecture .* is there twice"),
        (TABLE.head(0), "has no rows"),
    ],
)
@pytest.mark.parametrize("name", ["mine.csv", "mine.parquet"])
def test_a_wrong_table_is_told_in_one_line(tmp_path, table, told, name):
    if table.empty and name.endswith("parquet"):
        table = table.astype({"architecture": "str"})
    with pytest.raises(TegnasError, match=told):
        read_scores(write(tmp_path, table, name))


@pytest.mark.parametrize("text", ["high", "1_000", "1,5", "0x10", "1 2", "٣x", "--1"])
def test_text_for_a_number_is_told_with_its_row(tmp_path, text):
    path = write(tmp_path, TABLE.assign(score=[*SCORES[:-1], text]))
    with pytest.raises(TegnasError, match=r"the table mine\.csv, row 40: the score .* is no number"):
        read_scores(path)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b"\n", "is empty"),
        (b"architecture,score,score\n", "two columns 'score'"),
        (b"architecture,score\na\n", "row 1: 1 cells under 2 column names"),
        (b'architecture,score\n"a\n', "damaged"),
        (b"\xff\xfe\x00", "damaged"),
        (b"architecture,score\n\x00,1\n", "no architecture"),
        (b"architecture," + b"x," * 5000 + b"score\n", "5,002 columns"),
    ],
)
def test_a_damaged_csv_file_is_told_in_one_line(tmp_path, content, told):
    path = tmp_path / "mine.csv"
    path.write_bytes(content)
    assert told in refused(read_scores, path)


@pytest.mark.parametrize("name", ["mine.txt", "mine", "mine.csv.gz", "mine.pkl"])
def test_another_kind_of_file_is_refused(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"architecture,score\n")
    assert "neither a .csv nor a .parquet file" in refused(read_scores, path)


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"architecture": pa.array(CELLS), "score": pa.array(["1"] * 40)}, "score holds string"),
        ({"architecture": pa.array(CELLS), "score": pa.array([True] * 40)}, "score holds bool"),
        ({"architecture": pa.array(CELLS), "score": pa.array([[1.0]] * 40)}, "score holds list"),
        ({"architecture": pa.array(range(40)), "score": pa.array(SCORES)}, "architecture holds int64"),
        ({"architecture": pa.array([*CELLS[:-1], None]), "score": pa.array(SCORES)}, "has empty rows"),
        ({"architecture": pa.array(["x" * 5000] * 40), "score": pa.array(SCORES)}, "more than 1000 bytes"),
        ({"architecture": pa.array(["x"] * 20_000), "score": pa.array([1.0] * 20_000)}, "more than 15,625 rows"),
    ],
)
def test_a_parquet_file_with_other_content_is_refused(tmp_path, columns, told):
    path = tmp_path / "mine.parquet"
    pq.write_table(pa.table(columns), path)
    assert told in refused(read_scores, path)


@pytest.mark.parametrize("name", ["mine.csv", "mine.parquet"])
@pytest.mark.parametrize("content", [*BUSY.values()], ids=[*BUSY])
def test_what_keeps_other_readers_busy_is_refused_at_once(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    refused(read_scores, path)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    return {name: write(folder, TABLE, name).read_bytes() for name in ("mine.csv", "mine.parquet")}


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_damage_is_read_or_refused_in_one_line(files, tmp_path, data):
    name = data.draw(st.sampled_from([*files]))
    content = bytearray(files[name])
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    path = tmp_path / name
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))] if data.draw(st.booleans()) else content)
    one_line_or_nothing(read_scores, path)
