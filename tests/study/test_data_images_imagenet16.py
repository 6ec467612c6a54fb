"""ImageNet16-120 from batches in the official format, made small here."""

import pickle

import numpy as np
import pytest
from images_on_disk import Evil, write_imagenet16

from tegnas_core.errors import TegnasError
from tegnas_study.data.images.imagenet16 import TRAIN_BATCHES, imagenet16_source


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "ImageNet16"


def replace(folder, entry, name="val_data"):
    (folder / name).write_bytes(pickle.dumps(entry))
    return imagenet16_source(folder)


@pytest.mark.parametrize("protocol", [2, 3, 5])
def test_the_first_120_classes_are_kept_as_images(folder, protocol):
    entries = write_imagenet16(folder, protocol=protocol)
    source = imagenet16_source(folder)
    assert (source.name, source.n_classes, source.size, source.stand_in_for) == (
        "imagenet16-120",
        120,
        16,
        None,
    )
    assert (len(source.train), len(source.test)) == (30, 3)
    third = entries["train_data_batch_2"]["data"][2]  # the second kept image of the second batch: number 4
    np.testing.assert_array_equal(source.train.images([4])[0, :, :, 1].ravel(), third[256:512])
    assert source.train.labels[4] == entries["train_data_batch_2"]["labels"][2] - 1
    assert source.mean[2] == pytest.approx(104.01 / 255)


def test_opening_reads_no_batch(folder, monkeypatch):
    write_imagenet16(folder)
    monkeypatch.setattr("tegnas_study.data.images.imagenet16.load_arrays", lambda *_, **__: pytest.fail("read"))
    assert imagenet16_source(folder).digest


def test_missing_batches_are_named(folder):
    write_imagenet16(folder)
    (folder / TRAIN_BATCHES[6]).unlink()
    with pytest.raises(TegnasError, match="incomplete: train_data_batch_7 missing"):
        imagenet16_source(folder)


def test_a_hostile_batch_executes_nothing(folder, tmp_path):
    write_imagenet16(folder)
    source = replace(folder, {"data": Evil(tmp_path / "executed"), "labels": [1]})
    with pytest.raises(TegnasError, match=r"val_data was not loaded: it asks for"):
        source.test.images([0])
    assert not (tmp_path / "executed").exists()


PIXELS = np.zeros((2, 768), np.uint8)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ([1, 2], "no uint8 array 'data' of 768 columns"),
        ({"labels": [1, 2]}, "no uint8 array"),
        ({"data": PIXELS.astype(float), "labels": [1, 2]}, "no uint8 array"),
        ({"data": PIXELS[:, :700], "labels": [1, 2]}, "no uint8 array"),
        ({"data": PIXELS}, "one entry of 'labels' for each image"),
        ({"data": PIXELS, "labels": [1]}, "one entry of 'labels' for each image"),
        ({"data": PIXELS, "labels": [0, 1]}, r"whole numbers in 1\.\.1000"),
        ({"data": PIXELS, "labels": [1, "2"]}, r"whole numbers in 1\.\.1000"),
        ({"data": PIXELS, "labels": [500, 600]}, "holds no images"),
    ],
)
def test_other_contents_are_refused(folder, entry, said):
    write_imagenet16(folder)
    with pytest.raises(TegnasError, match=said):
        len(replace(folder, entry).test)


def test_labels_may_be_an_array(folder):
    write_imagenet16(folder)
    source = replace(folder, {"data": PIXELS, "labels": np.array([120, 121])})
    np.testing.assert_array_equal(source.test.labels, [119])


def test_a_truncated_batch_is_refused(folder):
    write_imagenet16(folder)
    path = folder / "val_data"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(TegnasError, match="val_data is damaged"):
        len(imagenet16_source(folder).test)


def test_the_digest_follows_the_batches(folder):
    write_imagenet16(folder)
    first = imagenet16_source(folder).digest
    write_imagenet16(folder, seed=1)
    assert imagenet16_source(folder).digest != first


def test_a_pickled_copy_leaves_the_pixels_behind(folder):
    write_imagenet16(folder)
    source = imagenet16_source(folder)
    images = source.train.images([0])
    packed = pickle.dumps(source)
    assert len(packed) < 2000
    np.testing.assert_array_equal(pickle.loads(packed).train.images([0]), images)
