"""`tegnas data`: what is where, and the conversion of official files."""

import pickle

import benchmark_files as files
import numpy as np
import pandas as pd
import pytest
from command_line import run, run_alone, small_images

from tegnas_study.data.benchmark import find_benchmarks
from tegnas_study.data.images.loading import IMAGE_NAMES


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setenv("TEGNAS_DATA", str(tmp_path))
    return tmp_path


def lines(text: str) -> dict[str, str]:
    """The line about each source, by its name."""
    return {line.split()[0]: line.strip() for line in text.splitlines() if line.startswith("  ")}


def test_every_benchmark_and_image_source_has_a_readable_line(capsys, root):
    said = run(capsys, "data")
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[0] == f"TEGNAS_DATA: {root}"
    found = lines(said.out)
    assert found.keys() == {*IMAGE_NAMES, *(source.name for source in find_benchmarks())}
    assert not any(sign in said.out for sign in ("BenchmarkSource(", "PosixPath", "None"))
    assert found["table"].endswith("not found; put nas_bench_201.parquet into the folder TEGNAS_DATA names")
    assert "CIFAR-10 test accuracy" in found["analog"] and found["analog"].endswith("]")
    assert found["synthetic"].endswith("[built in]")
    assert "not found; put its Parquet files into TEGNAS_DATA/cifar10" in found["cifar10"]


def test_what_is_there_is_listed_with_its_place(capsys, root):
    small_images(root / "cifar10", size=32)
    files.write_nats(root / "NATS-tss-v1_0-3ffb9-simple", [0, 5])
    table = root / "nas_bench_201.parquet"
    assert run(capsys, "data", "convert", root / "NATS-tss-v1_0-3ffb9-simple", table).code == 0
    files.write_pth(root / "NAS-Bench-201-v1_1-096897.pth", [0])
    found = lines(run(capsys, "data").out)
    assert found["cifar10"].endswith(f"[{root}]") and "40 training and 40 test images" in found["cifar10"]
    assert found["table"].endswith(f"[{table}]") and found["nats-bench"].endswith("simple]")
    assert not any("cannot be used" in line for line in found.values())


def test_damaged_accuracies_are_listed_as_such(capsys, root):
    for name in ("nas_bench_201.parquet", "NATS-tss-v1_0-3ffb9-simple"):
        (root / name).touch()
    (root / "NAS-Bench-201-v1_1-096897.pth").write_bytes(b"<html>")
    found = lines(run(capsys, "data").out)
    assert "cannot be used: the table nas_bench_201.parquet is damaged" in found["table"]
    assert "cannot be used: NATS-tss-v1_0-3ffb9-simple is no folder" in found["nats-bench"]
    assert "096897.pth is damaged or not a file of PyTorch" in found["nas-bench-201"]
    (root / "NATS-tss-v1_0-3ffb9-simple").unlink()
    (root / "NATS-tss-v1_0-3ffb9-simple").mkdir()
    assert (
        "meta.pickle.pbz2 cannot be read (there is no such file)" in lines(run(capsys, "data").out)["nats-bench"]
    )


def test_official_images_that_are_not_all_there_are_listed_as_such(capsys, root):
    (root / "cifar-100-python").mkdir()
    (root / "cifar-100-python" / "train").write_bytes(b"x")
    assert "cannot be used: test, meta missing or empty in" in lines(run(capsys, "data").out)["cifar100"]


def test_a_folder_that_is_none_is_told(capsys, root, monkeypatch):
    (root / "file").touch()
    for name, told in (("gone", ": this folder does not exist"), ("file", " is a file and should be a folder")):
        monkeypatch.setenv("TEGNAS_DATA", str(root / name))
        said = run(capsys, "data")
        assert said.code == 0 and said.out.splitlines()[0] == f"TEGNAS_DATA: {root / name}{told}"


def test_damaged_images_are_listed_as_such(capsys, root):
    small_images(root / "cifar10", size=32, damage="everything")
    said = run(capsys, "data")
    assert said.code == 0 and "cannot be used: " in lines(said.out)["cifar10"]


def test_without_a_folder_it_says_so(capsys, monkeypatch):
    monkeypatch.delenv("TEGNAS_DATA", raising=False)
    said = run(capsys, "data")
    assert said.code == 0 and "TEGNAS_DATA: not set" in said.out and "[built in]" in said.out


# Conversion


@pytest.fixture
def official(tmp_path):
    pytest.importorskip("nats_bench")
    folder = tmp_path / "NATS-tss-v1_0-3ffb9-simple"
    files.write_nats(folder, [0, 5, 7])
    return folder


def test_converting_writes_a_table_and_says_what_is_in_it(capsys, official, tmp_path):
    output = tmp_path / "table.parquet"
    said = run(capsys, "data", "convert", official, output)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"{output}: 3 architectures. ")
    assert len(pd.read_parquet(output)) == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Missing argument 'SOURCE'"),
        (["{here}/file"], "Missing argument 'OUTPUT'"),
        (
            ["{here}/nothing", "{here}/t.parquet"],
            "Invalid value for 'SOURCE': Path '{here}/nothing' does not exist.",
        ),
        (
            ["{here}/file", "{here}/t.parquet"],
            "file is no benchmark: expected .parquet, .pth or a NATS-Bench folder",
        ),
        (["{here}", "{here}/t.parquet"], ""),
        (["{here}/damaged.pth", "{here}/t.parquet"], ""),
        (["{here}/hostile.pth", "{here}/t.parquet"], ""),
        (["{here}/empty.parquet", "{here}/t.parquet"], ""),
        (["{here}/file", "{here}"], "Invalid value for 'OUTPUT': File '{here}' is a directory."),
    ],
    ids=lambda value: "-".join(value) or "nothing" if isinstance(value, list) else None,
)
def test_a_conversion_that_cannot_be_is_one_line(capsys, tmp_path, arguments, said):
    (tmp_path / "file").write_text("text")
    (tmp_path / "damaged.pth").write_bytes(np.random.default_rng(0).bytes(1000))
    marker = tmp_path / "marker"
    (tmp_path / "hostile.pth").write_bytes(pickle.dumps(files.attacks(marker)["os.system"]))
    (tmp_path / "empty.parquet").touch()
    found = run(capsys, "data", "convert", *(argument.format(here=tmp_path) for argument in arguments))
    assert found.mistake.startswith(said.format(here=tmp_path))
    assert not (tmp_path / "t.parquet").exists() and not marker.exists()


def test_an_output_that_is_there_stays(capsys, official, tmp_path):
    output = tmp_path / "table.parquet"
    output.write_bytes(b"precious")
    assert run(capsys, "data", "convert", official, output).mistake
    assert output.read_bytes() == b"precious"


@pytest.mark.slow
def test_as_a_user_runs_it(tmp_path):
    said = run_alone("data", folder=tmp_path)
    assert (said.code, said.err) == (0, "") and "accuracies" in said.out and "images" in said.out
    assert run_alone("data", "convert", "nothing", "t.parquet", folder=tmp_path).mistake
