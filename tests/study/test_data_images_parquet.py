"""Parquet files in the layout of the Hugging Face hub: lazy, exact, and safe to open."""

import os
import pickle

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from images_on_disk import encoded, random_pixels, write_parquet

from tegnas_core.errors import TegnasError
from tegnas_study.data.images import parquet_rows
from tegnas_study.data.images.catalogue import DATA_SETS
from tegnas_study.data.images.parquet import has_parquet_images, parquet_source

PIXELS = random_pixels(50)
ENCODED = [encoded(pixels) for pixels in PIXELS]
LABELS = [i % 10 for i in range(50)]
CIFAR10 = DATA_SETS["cifar10"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Forty training images in two files of several row groups, ten test images."""
    folder = tmp_path_factory.mktemp("cifar10")
    write_parquet(folder / "train-00000-of-00002.parquet", ENCODED[:25], LABELS[:25], row_group_size=7)
    write_parquet(folder / "train-00001-of-00002.parquet", ENCODED[25:40], LABELS[25:40], row_group_size=4)
    write_parquet(folder / "test-00000-of-00001.parquet", ENCODED[40:], LABELS[40:])
    return folder


def test_a_named_folder_becomes_its_source(folder):
    source = parquet_source(folder, CIFAR10)
    assert (source.name, source.n_classes, source.size, source.stand_in_for) == ("cifar10", 10, 32, None)
    assert source.description == "CIFAR-10: 40 training and 10 test images, PNG in Parquet, 10 classes, 32×32"
    assert source.mean[0] == pytest.approx(125.3 / 255)
    np.testing.assert_array_equal(source.train.labels, LABELS[:40])
    np.testing.assert_array_equal(source.test.images(np.arange(10)), PIXELS[40:])


@given(st.lists(st.integers(0, 39), max_size=60))
def test_images_come_back_in_the_order_asked_for(folder, indices):
    images = parquet_source(folder, CIFAR10).train.images(indices)
    np.testing.assert_array_equal(images, PIXELS[np.array(indices, dtype=int)])


def test_opening_decodes_nothing_and_drawing_decodes_each_image_once(folder, monkeypatch):
    from tegnas_study.data.images import parquet

    decoded = []
    monkeypatch.setattr(parquet, "decode", lambda data, *_, **__: decoded.append(data) or PIXELS[0])
    source = parquet_source(folder, CIFAR10)
    assert decoded == []
    source.train.images([3, 3, 39])
    assert decoded == [ENCODED[3], ENCODED[39]]


def test_only_row_groups_that_hold_a_wanted_image_are_read(folder, monkeypatch):
    read = []
    stream = parquet_rows._stream
    monkeypatch.setattr(
        parquet_rows, "_stream", lambda f, p, groups, c: read.extend(groups) or stream(f, p, groups, c)
    )
    list(parquet_rows.encoded_images([folder / "train-00000-of-00002.parquet"], np.array([8, 22])))
    assert read == [1, 3]


def test_jpeg_copies_are_called_lossy(tmp_path):
    write_parquet(tmp_path / "train.parquet", [encoded(PIXELS[0], "JPEG")], [0])
    assert "lossy JPEG in Parquet" in parquet_source(tmp_path, CIFAR10).description


def test_a_lone_test_split_serves_as_training_images(tmp_path):
    write_parquet(tmp_path / "test-0.parquet", ENCODED[:3], [1, 2, 3])
    source = parquet_source(tmp_path, DATA_SETS["cifar100-sample"])
    assert source.test is None and len(source.train) == 3
    assert "3 images, all from its test split" in source.description
    assert source.description.endswith("; a stand-in for cifar100")


def test_an_unknown_folder_tells_its_own_shape(tmp_path):
    small = random_pixels(4, size=20)
    other = encoded(random_pixels(1, size=30)[0])
    columns = {"image_column": "image", "label_column": "fine_label"}
    write_parquet(tmp_path / "data" / "train-0.parquet", [*map(encoded, small), other], [0, 4, 2, 1, 3], **columns)
    write_parquet(tmp_path / "data" / "validation-0.parquet", [other], [6], **columns)
    source = parquet_source(tmp_path)
    assert (source.n_classes, source.size, source.name) == (7, 20, f"folder:{tmp_path.name}")
    np.testing.assert_array_equal(source.train.images(np.arange(4)), small)
    assert source.train.images([4]).shape == source.test.images([0]).shape == (1, 20, 20, 3)


def test_the_digest_follows_the_content(folder, tmp_path):
    original = parquet_source(folder, CIFAR10).digest
    assert parquet_source(folder, CIFAR10).digest == original
    for files in ([*ENCODED[1:], ENCODED[0]], ENCODED):
        write_parquet(tmp_path / "train.parquet", files[:40], LABELS[:40])
        write_parquet(tmp_path / "test.parquet", files[40:], LABELS[40:])
        digest = parquet_source(tmp_path, CIFAR10).digest
        assert digest != original
        original = digest


def test_a_pickled_copy_reads_the_same_files(folder):
    source = parquet_source(folder, CIFAR10)
    copy = pickle.loads(pickle.dumps(source))
    assert copy == source
    np.testing.assert_array_equal(copy.train.images([5]), PIXELS[[5]])


def test_a_folder_without_split_names_is_not_taken(tmp_path):
    write_parquet(tmp_path / "accuracies.parquet", ENCODED[:1], [0])
    assert not has_parquet_images(tmp_path)


@pytest.mark.parametrize("kept", [0, 3, 100, 0.5, 0.98])
def test_truncated_files_are_refused(tmp_path, kept):
    path = write_parquet(tmp_path / "train.parquet", ENCODED, LABELS)
    data = path.read_bytes()
    path.write_bytes(data[: int(kept * len(data)) if isinstance(kept, float) else kept])
    with pytest.raises(TegnasError, match="not a whole Parquet file"):
        parquet_source(tmp_path, CIFAR10)


@given(st.integers(0, 10**9), st.binary(min_size=1, max_size=20))
def test_scrambled_files_never_raise_anything_else(tmp_path_factory, where, change):
    folder = tmp_path_factory.mktemp("scrambled")
    path = write_parquet(folder / "train.parquet", ENCODED[:4], LABELS[:4], compression="zstd")
    data = bytearray(path.read_bytes())
    data[where % len(data) : where % len(data) + len(change)] = change
    path.write_bytes(data)
    try:
        source = parquet_source(folder, CIFAR10)
        assert source.train.images(np.arange(len(source.train))).shape[1:] == (32, 32, 3)
    except TegnasError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("images", "labels", "said"),
    [
        ([b"no image"] * 2, [0, 1], "image 0 of .* is not a PNG"),
        ([None, ENCODED[0]], [0, 1], "missing"),
        (ENCODED[:2], [0, None], "label has missing values"),
        (ENCODED[:2], [0, 10], r"labels must lie in 0\.\.9, found 0\.\.10"),
        (ENCODED[:2], [0, -1], "found -1"),
        ([], [], "no images"),
    ],
)
def test_bad_rows_are_refused_at_opening(tmp_path, images, labels, said):
    write_parquet(tmp_path / "train.parquet", images, labels)
    with pytest.raises(TegnasError, match=said):
        parquet_source(tmp_path, CIFAR10)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (b"no image", "image 1 of .* is not a PNG"),
        (encoded(random_pixels(1, size=33)[0]), "33×33 pixels, expected 32×32"),
    ],
)
def test_bad_images_are_refused_when_drawn(tmp_path, bad, said):
    write_parquet(tmp_path / "train.parquet", [ENCODED[0], bad], [0, 1])
    source = parquet_source(tmp_path, CIFAR10)
    source.train.images([0])
    with pytest.raises(TegnasError, match=said):
        source.train.images([0, 1])


def test_a_wild_label_does_not_become_a_wild_number_of_classes(tmp_path):
    write_parquet(tmp_path / "train.parquet", ENCODED[:1], [2**40])
    with pytest.raises(TegnasError, match="labels must lie in"):
        parquet_source(tmp_path)


@pytest.mark.parametrize(
    "columns", [{"img": [b"x"], "label": [1]}, {"label": [1]}, {"img": [{"bytes": "text"}], "label": [1]}]
)
def test_other_columns_are_refused(tmp_path, columns):
    pq.write_table(pa.table(columns), tmp_path / "train.parquet")
    with pytest.raises(TegnasError, match="has no column img or image"):
        parquet_source(tmp_path, CIFAR10)


def test_text_labels_are_refused(tmp_path):
    pq.write_table(pa.table({"img": [{"bytes": b"x"}], "label": ["cat"]}), tmp_path / "train.parquet")
    with pytest.raises(TegnasError, match="has no column label or fine_label"):
        parquet_source(tmp_path, CIFAR10)


def test_a_dictionary_bomb_is_never_held_in_memory(tmp_path, monkeypatch):
    """One megabyte of file, three hundred times as much when every row is written out."""
    data = pa.DictionaryArray.from_arrays(np.zeros(300, np.int32), pa.array([os.urandom(900_000)]))
    table = pa.table({"img": pa.StructArray.from_arrays([data], ["bytes"]), "label": np.zeros(300, int)})
    pq.write_table(table, tmp_path / "train.parquet", store_schema=False)
    sizes, stream = [], parquet_rows._stream
    watched = lambda *args: (sizes.append(batch.nbytes) or batch for batch in stream(*args))  # noqa: E731
    monkeypatch.setattr(parquet_rows, "_stream", watched)
    with pytest.raises(TegnasError, match="is not a PNG"):
        parquet_source(tmp_path, CIFAR10)
    assert 10_000_000 < max(sizes) < 100_000_000


def test_absurd_row_counts_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet_rows, "_MOST_ROWS", 4)
    write_parquet(tmp_path / "train.parquet", ENCODED[:5], LABELS[:5])
    with pytest.raises(TegnasError, match="claims 5 rows"):
        parquet_source(tmp_path, CIFAR10)


def test_absurd_row_groups_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet_rows, "_LARGEST_GROUP", 1000)
    write_parquet(tmp_path / "train.parquet", ENCODED[:5], LABELS[:5])
    with pytest.raises(TegnasError, match="row group larger than the limit"):
        parquet_source(tmp_path, CIFAR10)
