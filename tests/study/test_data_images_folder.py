"""Folders of class folders."""

import pickle

import numpy as np
import pytest
from images_on_disk import encoded, random_pixels

from tegnas_core.errors import TegnasError
from tegnas_study.data.images.folder import folder_source, has_image_folders

PIXELS = random_pixels(6)


def write_classes(root, images):
    """Write {"class/file": pixels or bytes}."""
    for name, content in images.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content if isinstance(content, bytes) else encoded(content))
    return root


def test_class_folders_are_numbered_by_name(tmp_path):
    images = {
        "b/2.png": PIXELS[0],
        "a/1.PNG": PIXELS[1],
        "b/1.png": PIXELS[2],
        "b/readme.txt": b"x",
        ".git/x.png": b"",
    }
    source = folder_source(write_classes(tmp_path / "pets", images))
    assert (source.n_classes, source.size, source.test) == (2, 32, None)
    assert source.description == "folder pets: 3 training images and no test split, image files, 2 classes, 32×32"
    np.testing.assert_array_equal(source.train.labels, [0, 1, 1])
    np.testing.assert_array_equal(source.train.images([2, 0]), PIXELS[[0, 1]])


@pytest.mark.parametrize("test_name", ["test", "val"])
def test_train_and_test_folders_are_splits(tmp_path, test_name):
    images = {
        "train/a/1.png": PIXELS[0],
        f"{test_name}/a/1.png": PIXELS[1],
        f"{test_name}/a/2.png": PIXELS[2],
    }
    source = folder_source(write_classes(tmp_path, images))
    assert (len(source.train), len(source.test)) == (1, 2)
    np.testing.assert_array_equal(source.test.images([1]), PIXELS[[2]])


def test_large_images_are_fitted(tmp_path):
    images = {
        "train/a/1.jpg": encoded(random_pixels(1, size=100)[0], "JPEG"),
        "test/a/1.png": random_pixels(1, size=16)[0],
    }
    source = folder_source(write_classes(tmp_path, images))
    assert source.size == 32
    assert source.train.images([0]).shape == source.test.images([0]).shape == (1, 32, 32, 3)


def test_splits_must_have_the_same_classes(tmp_path):
    write_classes(tmp_path, {"train/a/1.png": PIXELS[0], "test/b/1.png": PIXELS[1]})
    with pytest.raises(TegnasError, match="other class folders"):
        folder_source(tmp_path)


def test_images_without_class_folders_are_not_taken(tmp_path):
    write_classes(tmp_path, {"1.png": PIXELS[0], "a/notes.txt": b"x"})
    assert not has_image_folders(tmp_path)
    with pytest.raises(TegnasError, match="no images"):
        folder_source(tmp_path)


def test_what_only_calls_itself_an_image_is_refused(tmp_path):
    source = folder_source(write_classes(tmp_path, {"a/1.png": PIXELS[0], "a/2.png": b"#!/bin/sh"}))
    with pytest.raises(TegnasError, match=r"a/2\.png is not a PNG"):
        source.train.images([1])


def test_an_image_that_has_gone_is_an_error(tmp_path):
    source = folder_source(write_classes(tmp_path, {"a/1.png": PIXELS[0], "a/2.png": PIXELS[1]}))
    (tmp_path / "a" / "2.png").unlink()
    with pytest.raises(TegnasError, match=r"2\.png cannot be read: No such file"):
        source.train.images([1])


def test_the_digest_follows_names_and_content(tmp_path):
    digests = set()
    for change in ({"a/1.png": PIXELS[0]}, {"a/2.png": PIXELS[1]}, {"a/1.png": PIXELS[2]}):
        digests.add(folder_source(write_classes(tmp_path, change)).digest)
    assert len(digests) == 3


def test_a_pickled_copy_reads_the_same_files(tmp_path):
    source = folder_source(write_classes(tmp_path, {"a/1.png": PIXELS[0]}))
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(source)).train.images([0]), PIXELS[:1])
