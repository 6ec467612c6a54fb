"""Paths that a user gives, and the folder TEGNAS_DATA."""

from pathlib import Path

import pytest
from command_line import RICH, run

from tegnas_core.errors import TegnasError
from tegnas_study import paths
from tegnas_study.data.benchmark import convert_benchmark, load_benchmark
from tegnas_study.data.images import find_images, load_images
from tegnas_study.paths import data_root, given_path

IMPOSSIBLE = {
    "5,000 characters": ("x" * 5000, "File name too long"),
    "deep": ("x/" * 3000, "File name too long"),
    "an unknown user": ("~nosuchuser/x", "home"),
    "nothing": ("", "is empty"),
    "blanks": ("  ", "is empty"),
    "a null byte": ("a\0b", "null"),
}
impossible = pytest.mark.parametrize(("text", "said"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)


@impossible
@pytest.mark.parametrize("read", [load_images, load_benchmark])
def test_what_cannot_be_a_path_is_refused_in_one_short_line(read, text, said):
    with pytest.raises(TegnasError, match=said) as caught:
        read(text)
    assert str(caught.value).isprintable() and len(str(caught.value)) < 300


@impossible
def test_an_impossible_root_or_output_is_refused(text, said, tmp_path):
    with pytest.raises(TegnasError, match=said):
        find_images(root=text)
    with pytest.raises(TegnasError, match=said):
        convert_benchmark(tmp_path, text)


def test_the_home_folder_is_known(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert given_path("~/images", "it") == tmp_path / "images"


def test_nothing_need_be_there_yet(tmp_path):
    assert given_path(str(tmp_path / "a" / "b"), "it") == tmp_path / "a" / "b"


def test_an_empty_variable_is_as_good_as_none(monkeypatch):
    monkeypatch.setenv("TEGNAS_DATA", " ")
    assert data_root() is None


def test_records_go_into_the_repository_and_never_into_an_installed_package(monkeypatch, tmp_path):
    assert paths.own_records() == paths.REPOSITORY / "data" / "results"
    monkeypatch.setattr(paths, "SHIPPED", tmp_path)
    with pytest.raises(TegnasError, match="no repository to write into: name a folder with --out"):
        paths.own_records()


@pytest.mark.parametrize("name", ["5,000 characters", "deep", "an unknown user"])
def test_an_impossible_data_folder_is_said_before_anything_else(capsys, monkeypatch, name):
    text, said = IMPOSSIBLE[name]
    monkeypatch.setenv("TEGNAS_DATA", text)
    mistake = run(capsys, "data").mistake  # which has no output besides
    assert mistake.startswith("TEGNAS_DATA names '") and said in mistake
    assert "TEGNAS_DATA names" in run(capsys, "evaluate", RICH, "--images", "cifar10").mistake


def test_a_data_folder_near_the_longest_path_is_just_empty(monkeypatch):
    monkeypatch.setenv("TEGNAS_DATA", "/" + "x/" * 2040)
    assert {entry.place for entry in find_images()} == {"built in", ""}


def test_a_source_in_the_present_folder_must_be_named(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TegnasError, match=r"^the source of images is empty"):
        load_images("")
    with pytest.raises(TegnasError, match=r"^\. holds no Parquet files"):
        load_images(".")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_a_device_is_never_replaced(tmp_path):
    device = tmp_path / "full.parquet"
    device.symlink_to("/dev/full")
    with pytest.raises(TegnasError, match="no regular file"):
        convert_benchmark("analog", device, overwrite=True)
    assert device.is_symlink() and not device.is_file()
