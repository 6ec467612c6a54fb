"""From names and folders to sources: what is found where, and what is said when nothing is."""

import os
from pathlib import Path

import numpy as np
import pytest
from images_on_disk import encoded, random_pixels, write_imagenet16, write_parquet
from torchvision import datasets

from tegnas_core.errors import TegnasError
from tegnas_study.data.images import IMAGE_NAMES, find_images, load_images

PNG = encoded(random_pixels(1)[0])
REAL = os.environ.get("TEGNAS_DATA")
REAL_NAMES = ("cifar10", "cifar100-sample", "tiny-imagenet-16-120", "tiny-imagenet-32-100")
needs_data = pytest.mark.skipif(not REAL, reason="TEGNAS_DATA is not set: the real images are not there")


@pytest.fixture
def data(tmp_path, monkeypatch):
    """An empty TEGNAS_DATA."""
    monkeypatch.setenv("TEGNAS_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def test_the_default_needs_nothing(monkeypatch):
    monkeypatch.delenv("TEGNAS_DATA", raising=False)
    source = load_images()
    assert source.name == "synthetic" and source.train.images([0]).shape == (1, 32, 32, 3)


def test_parquet_files_are_found_by_name(data):
    write_parquet(data / "cifar100" / "train-0.parquet", [PNG] * 2, [0, 99])
    assert load_images("cifar100").n_classes == 100


def test_an_explicit_root_comes_before_the_environment(data, tmp_path):
    write_parquet(data / "cifar10" / "train.parquet", [PNG] * 2, [0, 1])
    write_parquet(tmp_path / "mine" / "cifar10" / "train.parquet", [PNG] * 3, [0, 1, 2])
    assert len(load_images("cifar10").train) == 2
    assert len(load_images("cifar10", root=tmp_path / "mine").train) == 3


def test_parquet_files_come_before_official_ones(data):
    write_parquet(data / "cifar10" / "train.parquet", [PNG], [0])
    (data / "cifar-10-batches-py").mkdir()
    assert "Parquet" in load_images("cifar10").description


@pytest.mark.parametrize("below", ["", "torchvision", "cifar.python"])
def test_a_torchvision_root_is_found(data, below):
    (data / below / "cifar-100-python").mkdir(parents=True)
    source = load_images("cifar100")
    assert "official files" in source.description and source.train.root == data / below


@pytest.mark.parametrize("below", ["", "ImageNet16", "cifar.python/ImageNet16"])
def test_official_imagenet16_batches_are_found(data, below):
    write_imagenet16(data / below)
    assert "official batches" in load_images("imagenet16-120").description


@pytest.mark.parametrize(
    ("name", "stand_in"), [("cifar100", "cifar100-sample"), ("imagenet16-120", "tiny-imagenet-16-120")]
)
def test_a_stand_in_never_replaces_the_real_thing(data, name, stand_in):
    size = 16 if "16" in name else 32
    write_parquet(data / stand_in / "test.parquet", [encoded(random_pixels(1, size=size)[0])], [0])
    assert load_images(stand_in).stand_in_for == name
    with pytest.raises(TegnasError, match=f"^{name} was not found under .*; available now: synthetic.*{stand_in}"):
        load_images(name)


def test_the_error_is_one_line_and_says_how_to_get_the_images(monkeypatch):
    monkeypatch.delenv("TEGNAS_DATA", raising=False)
    with pytest.raises(TegnasError) as caught:
        load_images("cifar10")
    said = str(caught.value)
    assert "\n" not in said
    for part in ("TEGNAS_DATA", "torchvision root", "download", "synthetic16-120"):
        assert part in said


def test_nothing_is_downloaded_unless_asked_for(data, monkeypatch):
    asked = []
    monkeypatch.setattr(datasets.CIFAR10, "download", lambda self: asked.append(Path(self.root)))
    with pytest.raises(TegnasError, match="not found"):
        load_images("cifar10")
    assert asked == []
    with pytest.raises(TegnasError, match="could not be downloaded"):
        load_images("cifar10", root=data / "here", download=True)
    assert asked == [data / "here"]


def test_folders_are_told_apart_by_what_they_hold(tmp_path):
    write_parquet(tmp_path / "p" / "train.parquet", [PNG], [3])
    write_parquet(tmp_path / "cifar10" / "train.parquet", [PNG], [3])
    write_imagenet16(tmp_path / "i")
    (tmp_path / "t" / "cifar-10-batches-py").mkdir(parents=True)
    (tmp_path / "f" / "cats").mkdir(parents=True)
    (tmp_path / "f" / "cats" / "1.png").write_bytes(PNG)
    found = [
        load_images(tmp_path / name).name for name in ("p", "cifar10", "i", "t", "t/cifar-10-batches-py", "f")
    ]
    assert found == ["folder:p", "cifar10", "imagenet16-120", "cifar10", "cifar10", "folder:f"]
    assert load_images(str(tmp_path / "f")) == load_images(tmp_path / "f")


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(TegnasError, match="holds no Parquet files"):
        load_images(tmp_path)


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(TegnasError, match=r"no images called 'cifar11': .*synthetic, .*tiny-imagenet-32-100"):
        load_images("cifar11")


def test_find_images_says_what_is_where(data):
    write_parquet(data / "cifar10" / "train.parquet", [PNG], [3])
    write_parquet(data / "cifar100" / "train.parquet", [b"damaged"], [3])
    found = {entry.name: entry for entry in find_images()}
    assert tuple(found) == IMAGE_NAMES
    assert found["synthetic"].place == "built in"
    assert found["cifar10"].place == str(data) and "1 images" in found["cifar10"].description
    assert found["cifar100"].place == "" and found["cifar100"].description.startswith("cannot be used: ")
    assert found["imagenet16-120"].place == "" and "train_data_batch_1" in found["imagenet16-120"].description


def test_descriptions_hold_no_paths(data):
    write_parquet(data / "cifar10" / "train.parquet", [PNG], [3])
    assert str(data) not in load_images("cifar10").description
    assert str(data) not in load_images(data / "cifar10").description


@needs_data
@pytest.mark.parametrize("name", REAL_NAMES)
def test_the_real_files_open_and_are_normalised(name):
    source = load_images(name)
    rng = np.random.default_rng(0)
    pixels = source.train.images(rng.permutation(len(source.train))[:600]) / 255
    np.testing.assert_allclose(pixels.mean(axis=(0, 1, 2)), source.mean, atol=0.04)
    np.testing.assert_allclose(pixels.std(axis=(0, 1, 2)), source.std, atol=0.04)
    assert np.bincount(source.train.labels, minlength=source.n_classes).min() > 0
    assert ("stand-in" in source.description) == (name != "cifar10")
