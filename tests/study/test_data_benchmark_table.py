import os
import pickle

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from benchmark_files import ATTACKS, EVERY, attacks
from hostile_bytes import one_line_or_nothing, refused
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tegnas_core.errors import TegnasError
from tegnas_study.data.benchmark import Benchmark
from tegnas_study.data.benchmark.table import load_table, save_table
from tegnas_study.data.benchmark.value import COLUMN_NAMES, checked_table
from tegnas_study.paths import data_root

INDICES = (0, 11, 284)


def frame(**changes):
    columns = {
        "index": np.array(INDICES, dtype=np.int32),
        "arch_str": [str(EVERY[i]) for i in INDICES],
        "cifar10_test_200": [85.0, 91.5, np.nan],
        "cifar10_test_12_epoch_01": [30.0, 40.0, 50.0],
    }
    return pd.DataFrame({name: value for name, value in (columns | changes).items() if value is not None})


def write(path, **changes):
    frame(**changes).to_parquet(path)
    return path


@pytest.fixture
def path(tmp_path):
    return tmp_path / "some.parquet"


def test_a_table_is_read_with_all_columns(path):
    benchmark = load_table(write(path, notes=["ignored", "also", "this"]))
    assert list(benchmark.table.columns) == ["architecture", *COLUMN_NAMES]
    assert tuple(benchmark.table.index) == INDICES
    assert benchmark.available == ("cifar10_test_200", "cifar10_test_12_epoch_01")
    assert benchmark.accuracy()[str(EVERY[11])] == 91.5
    assert np.isnan(benchmark.accuracy()[str(EVERY[284])])
    assert benchmark.accuracy(epochs=1)[str(EVERY[284])] == 50.0
    assert "some.parquet" in benchmark.description


def test_the_full_table():
    file = data_root() / "nas_bench_201.parquet" if data_root() else None
    if file is None or not file.is_file():
        pytest.skip("needs nas_bench_201.parquet in the folder TEGNAS_DATA")
    benchmark = load_table(file)
    assert len(benchmark) == 15_625
    # the best of the benchmark, as its authors report them (NATS-Bench, row "optimal")
    best = {"cifar10": 94.37, "cifar100": 73.51, "ImageNet16-120": 47.31}
    for dataset, accuracy in best.items():
        assert benchmark.accuracy(dataset).max() == pytest.approx(accuracy, abs=0.005)
    assert benchmark.accuracy("cifar10", "valid").max() == pytest.approx(91.61, abs=0.005)
    for epoch in range(1, 13):
        assert benchmark.accuracy(epochs=epoch).notna().all()


def test_saving_and_loading_is_the_identity(path):
    table = checked_table(frame().set_index("index").rename(columns={"arch_str": "architecture"}), what="x")
    saved = Benchmark("made-up", "Where it is from; protocol.", table)
    save_table(saved, path)
    loaded = load_table(path)
    pd.testing.assert_frame_equal(loaded.table, saved.table, check_index_type=False)
    assert loaded.description == saved.description
    assert pq.read_schema(path).names == ["index", "arch_str", "cifar10_test_200", "cifar10_test_12_epoch_01"]


@pytest.mark.parametrize("failing", ["write", "replace"])
def test_a_failed_save_leaves_the_old_file_and_nothing_else(path, monkeypatch, failing):
    benchmark = load_table(write(path))
    before = path.read_bytes()

    def fail(*_arguments, **_options):
        raise OSError("disk full")

    monkeypatch.setattr(*{"write": (pq, "write_table"), "replace": (os, "replace")}[failing], fail)
    with pytest.raises(TegnasError, match="disk full"):
        save_table(benchmark, path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_description_that_is_no_line_is_not_shown(path):
    for text in ("two\nlines", "\x1b[31mred", "x" * 1000):
        table = pa.Table.from_pandas(frame()).replace_schema_metadata({"tegnas.description": text})
        pq.write_table(table, path)
        assert load_table(path).description.startswith("NAS-Bench-201 / NATS-Bench accuracies from some.parquet")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"index": None}, "has no column index; it has arch_str, cifar10_test_200"),
        ({"arch_str": None}, "has no column arch_str"),
        ({"index": ["0", "11", "284"]}, "column index holds .*; it should hold plain integers"),
        ({"arch_str": [1, 2, 3]}, "column arch_str holds int64; it should hold plain text"),
        (
            {"cifar10_test_200": ["85", "91", "90"]},
            "column cifar10_test_200 holds .*; it should hold plain floats",
        ),
        ({"cifar10_test_200": [pickle.dumps(1)] * 3}, "column cifar10_test_200 holds binary"),
        (
            {"cifar10_test_200": [85.0, 100.5, 90.0]},
            "column cifar10_test_200 holds 100.5; it should be between",
        ),
        (
            {"index": [0, 11, 11], "arch_str": [str(EVERY[i]) for i in (0, 11, 11)]},
            "lists architecture 11 twice",
        ),
        ({"index": [0, 11, 285]}, "calls architecture 285 "),
        ({"index": [0, 11, -1]}, "index -1; it should be 0 … 15624"),
        ({"arch_str": ["x", "y", None]}, "calls architecture 0 'x'"),
        ({"cifar10_test_200": None, "cifar10_test_12_epoch_01": None}, "holds no accuracy"),
    ],
)
def test_wrong_content_is_refused(changes, message, path):
    with pytest.raises(TegnasError, match=message):
        load_table(write(path, **changes))


def test_too_many_rows_are_refused_before_they_are_read(path):
    n = 15_626
    pd.DataFrame({"index": range(n), "arch_str": ["x"] * n}).to_parquet(path)
    with pytest.raises(TegnasError, match="has 15,626 rows; NAS-Bench-201 has 15,625"):
        load_table(path)


def test_damaged_files_are_refused(path):
    whole = write(path).read_bytes()
    for data in (b"", whole[:4], whole[: len(whole) // 2], whole[:-1], whole[len(whole) // 2 :], b"PAR1" * 9):
        path.write_bytes(data)
        with pytest.raises(TegnasError, match="damaged or no Parquet file"):
            load_table(path)


@pytest.mark.parametrize("name", ATTACKS)
def test_a_pickle_under_another_name_is_refused_and_runs_nothing(name, path, tmp_path):
    marker = tmp_path / "marker"
    path.write_bytes(pickle.dumps(attacks(marker)[name]))
    with pytest.raises(TegnasError, match="damaged or no Parquet file"):
        load_table(path)
    assert not marker.exists()


@pytest.mark.parametrize("column", ["index", "arch_str", "cifar10_test_200"])
def test_a_pickle_in_an_extension_type_is_refused_and_runs_nothing(column, path, tmp_path):
    """Arrow before version 14.0.1 unpickled what this type carries."""
    marker = tmp_path / "marker"
    table = pa.Table.from_pandas(frame(), preserve_index=False)
    extension = {
        b"ARROW:extension:name": b"arrow.py_extension_type",
        b"ARROW:extension:metadata": pickle.dumps(attacks(marker)["os.system"]),
    }
    position = table.schema.get_field_index(column)
    pq.write_table(
        table.cast(table.schema.set(position, table.schema.field(column).with_metadata(extension))), path
    )
    with pytest.raises(
        TegnasError, match=f"column {column} holds .* arrow.py_extension_type; it should hold plain"
    ):
        load_table(path)
    assert not marker.exists()


def test_one_long_text_for_thousands_of_rows_is_refused_at_once(tmp_path):
    """A dictionary page of one text and a run of references: a small file that would fill all memory."""
    path, n = tmp_path / "t.parquet", 15_625
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * n, pa.int32()), pa.array(["x" * 10**6]))
    rows = pa.table({"index": range(n), "arch_str": texts, COLUMN_NAMES[0]: [50.0] * n})
    pq.write_table(rows, path, compression="zstd", store_schema=False)
    assert path.stat().st_size < 500_000
    assert "texts of more than 1000 bytes" in refused(load_table, path)


def test_texts_that_are_no_utf8_are_refused(tmp_path):
    path = tmp_path / "t.parquet"
    texts = pa.array([str(EVERY[0]).encode(), b"\x80" * 20], pa.binary())
    broken = pa.Array.from_buffers(pa.string(), 2, texts.buffers())
    pq.write_table(pa.table({"index": [0, 1], "arch_str": broken, COLUMN_NAMES[0]: [50.0, 60.0]}), path)
    assert "is damaged" in refused(load_table, path)


@settings(max_examples=50)
@given(where=st.floats(0, 1), change=st.binary(min_size=1, max_size=8))
@example(where=0.09375, change=b"\x80")
def test_scrambled_tables_never_raise_anything_else(tmp_path_factory, where, change):
    folder = tmp_path_factory.mktemp("scrambled")
    rows = {"index": [0, 1], "arch_str": [str(EVERY[0]), str(EVERY[1])], COLUMN_NAMES[0]: [50.0, 60.0]}
    pq.write_table(pa.table(rows), folder / "t.parquet")
    data = bytearray((folder / "t.parquet").read_bytes())
    begin = int(where * (len(data) - 1))
    data[begin : begin + len(change)] = change
    (folder / "t.parquet").write_bytes(data)
    one_line_or_nothing(load_table, folder / "t.parquet")
