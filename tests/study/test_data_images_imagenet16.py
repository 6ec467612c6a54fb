"""ImageNet16-120 from batches in the official format, made small here."""

import pickle

import numpy as np
import pytest
from hostile_bytes import one_line_or_nothing
from hypothesis import given
from hypothesis import strategies as st
from images_on_disk import Evil, write_imagenet16

from tegnas_core.errors import TegnasError
from tegnas_study.data.images.imagenet16 import TRAIN_BATCHES, PickledArray, imagenet16_source, read_arrays


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
    monkeypatch.setattr("tegnas_study.data.images.imagenet16.read_arrays", lambda *_, **__: pytest.fail("read"))
    assert imagenet16_source(folder).digest


def test_missing_batches_are_named(folder):
    write_imagenet16(folder)
    (folder / TRAIN_BATCHES[6]).unlink()
    with pytest.raises(TegnasError, match="incomplete: train_data_batch_7 missing"):
        imagenet16_source(folder)


def test_a_hostile_batch_executes_nothing(folder, tmp_path):
    write_imagenet16(folder)
    source = replace(folder, {"data": Evil(tmp_path / "executed"), "labels": [1]})
    with pytest.raises(TegnasError, match=r"val_data is refused: it asks for"):
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


# the arrays of a batch


def load(tmp_path, data: bytes):
    path = tmp_path / "batch"
    path.write_bytes(data)
    return read_arrays(path)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("kind", ["u1", "<i8", ">i4", "f4"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_arrays_come_back_exactly(tmp_path, protocol, kind, order):
    array = np.asarray(np.arange(12).reshape(3, 4), dtype=kind, order=order)
    entry = load(tmp_path, pickle.dumps({"data": array, "labels": [1, 2], "name": "x"}, protocol=protocol))
    assert entry["labels"] == [1, 2] and entry["name"] == "x"
    assert entry["data"].values.dtype == array.dtype
    np.testing.assert_array_equal(entry["data"].values, array)


@pytest.mark.parametrize("text", [b"U\x03\x01\x80\xff", b"S'\\x01\\x80\\xff'\n"], ids=["protocol 2", "protocol 0"])
def test_a_pickle_of_python_2_is_read(tmp_path, text):
    """Its bytes are text to Python 3; this is what ``cPickle.dumps(array, 2)`` writes."""
    old = (
        b"\x80\x02cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R(K\x01K\x03\x85cnumpy\n"
        b"dtype\nU\x02u1K\x00K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89"
        + text
        + b"tb."
    )
    np.testing.assert_array_equal(load(tmp_path, old).values, np.array([1, 128, 255], np.uint8))


@pytest.mark.parametrize("name", ["numpy.core.multiarray.fromfile", "numpy.load", "numpy.f2py", "os.system"])
def test_other_names_are_refused(tmp_path, name):
    module, _, attribute = name.rpartition(".")
    with pytest.raises(TegnasError, match=f"asks for '{name}'"):
        load(tmp_path, f"c{module}\n{attribute}\n(S'x'\ntR.".encode())


@pytest.mark.parametrize(
    "data",
    [
        pickle.dumps(np.array([{}, []], dtype=object)),
        b"c_codecs\nencode\n(Vabc\nVzlib\ntR.",  # what it returns need not be small
        pickle.dumps(np.zeros(9))[:-20],
        pickle.dumps(np.zeros(9), protocol=3).replace(b"K\x09", b"K\x08"),  # shape and bytes disagree
        b"cnumpy\nndarray\n(I1000000000000\ntR.",  # called, it would reserve memory
        b"cnumpy.core.multiarray\n_reconstruct\n}S'values'\nI1\nsb.",  # changes the class itself
        pickle.dumps(np.zeros(9), protocol=2).replace(b"f8", b"\x01\n"),  # once, the message had two lines
    ],
)
def test_damaged_arrays_are_refused(tmp_path, data):
    with pytest.raises(TegnasError, match=r"^.*batch is damaged or not a pickle \(\w+\)$"):
        load(tmp_path, data)
    assert len(PickledArray().values) == 0


def test_too_large_a_batch_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("tegnas_study.data.images.imagenet16._LARGEST_BATCH", 10)
    with pytest.raises(TegnasError, match="batch has 11 bytes, more than the limit of 10"):
        load(tmp_path, bytes(11))


SOUND = pickle.dumps({"data": np.zeros((2, 3), np.uint8), "labels": [1, 2]}, protocol=3)


@given(st.integers(0, len(SOUND) - 1), st.binary(min_size=1, max_size=3))
def test_scrambled_batches_never_raise_anything_else(tmp_path_factory, where, change):
    data = bytearray(SOUND)
    data[where : where + len(change)] = change
    one_line_or_nothing(load, tmp_path_factory.mktemp("scrambled"), bytes(data))
