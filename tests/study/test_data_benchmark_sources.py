import os

import pandas as pd
import pytest
from benchmark_files import write_nats, write_pth

from tegnas_core.errors import TegnasError
from tegnas_study.data.benchmark import convert_benchmark, find_benchmarks, load_benchmark, sources

INDICES = (0, 11, 284)


@pytest.fixture
def data(tmp_path, monkeypatch):
    """An empty folder that TEGNAS_DATA names."""
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setenv("TEGNAS_DATA", str(folder))
    return folder


@pytest.fixture
def nats(tmp_path):
    return write_nats(tmp_path / "small", INDICES)


def test_without_data_the_packaged_table_is_the_default(monkeypatch):
    monkeypatch.delenv("TEGNAS_DATA", raising=False)
    for name in (None, "auto", "analog"):
        assert load_benchmark(name).name == "analog-nasbench"
    assert [source.name for source in find_benchmarks() if source.found] == ["analog"]


def test_what_is_in_the_data_folder_is_found_and_loaded_by_name(data, nats):
    convert_benchmark(nats, data / "nas_bench_201.parquet")
    write_pth(data / "NAS-Bench-201-v1_1-096897.pth", INDICES)
    write_nats(data / "NATS-tss-v1_0-3ffb9-simple", INDICES)
    found = {source.name: source.path for source in find_benchmarks()}
    assert list(found) == ["table", "analog", "nas-bench-201", "nats-bench"]
    assert all(path.exists() for path in found.values())
    names = {name: load_benchmark(name).name for name in (None, "auto", *found)}
    assert names == {
        None: "nas-bench-201-table",
        "auto": "nas-bench-201-table",
        "table": "nas-bench-201-table",
        "analog": "analog-nasbench",
        "nas-bench-201": "nas-bench-201",
        "nats-bench": "nats-bench",
    }


def test_a_damaged_table_is_an_error_and_not_a_silent_fallback(data):
    (data / "nas_bench_201.parquet").write_bytes(b"PAR1")
    with pytest.raises(TegnasError, match=r"the table nas_bench_201\.parquet is damaged"):
        load_benchmark()


def test_small_tables_are_remembered_until_the_file_changes(data, nats):
    path = data / "nas_bench_201.parquet"
    convert_benchmark(nats, path)
    first = load_benchmark()
    assert load_benchmark() is first
    os.utime(path, ns=(1, 1))
    assert load_benchmark() is not first


@pytest.mark.parametrize("kind", ["pth", "nats"])
def test_conversion_keeps_every_number_and_the_origin(kind, tmp_path):
    source = write_pth(tmp_path / "a.pth", INDICES) if kind == "pth" else write_nats(tmp_path / "a", INDICES)
    converted = convert_benchmark(source, tmp_path / "table.parquet")
    loaded = load_benchmark(tmp_path / "table.parquet")
    assert len(loaded) == len(INDICES)
    pd.testing.assert_frame_equal(loaded.table, converted.table, check_index_type=False)
    assert loaded.description == converted.description


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "nats-bench",
            "the benchmark nats-bench is not here; put NATS-tss-v1_0-3ffb9-simple into the folder TEG",
        ),
        (
            "nothing",
            "no benchmark 'nothing': neither a file or folder nor one of auto, table, analog, nas-bench",
        ),
    ],
)
def test_what_is_not_here_is_said(data, name, message):
    with pytest.raises(TegnasError, match=message):
        load_benchmark(name)


def test_an_uninstalled_package_is_said(data, monkeypatch):
    monkeypatch.setattr(sources, "find_analog", lambda: None)
    with pytest.raises(
        TegnasError, match=r"the benchmark analog is not here; pip install analog-nasbench==0\.1\.3"
    ):
        load_benchmark()


def test_another_kind_of_file_is_refused(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("index,accuracy\n")
    with pytest.raises(TegnasError, match=r"table\.csv is no benchmark: expected \.parquet, \.pth or a NATS"):
        load_benchmark(path)


def test_conversion_refuses_to_overwrite_unless_told(tmp_path, nats):
    output = tmp_path / "table.parquet"
    convert_benchmark(nats, output)
    before = output.stat().st_mtime_ns
    with pytest.raises(TegnasError, match="exists already"):
        convert_benchmark(nats, output)
    assert output.stat().st_mtime_ns == before
    assert len(convert_benchmark(nats, output, overwrite=True)) == len(INDICES)


def test_conversion_checks_the_output_before_reading_the_source(tmp_path):
    with pytest.raises(TegnasError, match=r"is a \.parquet file, got 'table\.csv'"):
        convert_benchmark("nothing", tmp_path / "table.csv")
    with pytest.raises(TegnasError, match=r"the folder .* does not exist"):
        convert_benchmark("nothing", tmp_path / "no" / "table.parquet")
