"""Pickles of arrays come back exactly; everything else a pickle can do is refused before it happens."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from images_on_disk import Evil

from tegnas_core.errors import TegnasError
from tegnas_study.data.images.pickled_arrays import PickledArray, load_arrays


def load(tmp_path, data: bytes):
    path = tmp_path / "batch"
    path.write_bytes(data)
    return load_arrays(path, largest=2**20)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("kind", ["u1", "<i8", ">i4", "f4"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_arrays_come_back_exactly(tmp_path, protocol, kind, order):
    array = np.asarray(np.arange(12).reshape(3, 4), dtype=kind, order=order)
    entry = load(tmp_path, pickle.dumps({"data": array, "labels": [1, 2], "name": "x"}, protocol=protocol))
    assert entry["labels"] == [1, 2] and entry["name"] == "x"
    assert entry["data"].values.dtype == array.dtype
    np.testing.assert_array_equal(entry["data"].values, array)


def test_a_pickle_of_python_2_is_read(tmp_path):
    """Its bytes are text to Python 3; this is what ``cPickle.dumps(array, 2)`` writes."""
    old = (
        b"\x80\x02cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R(K\x01K\x03\x85cnumpy\n"
        b"dtype\nU\x02u1K\x00K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89U\x03\x01\x80\xfftb."
    )
    np.testing.assert_array_equal(load(tmp_path, old).values, np.array([1, 128, 255], np.uint8))


@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_nothing_is_executed(tmp_path, protocol):
    trace = tmp_path / "executed"
    with pytest.raises(TegnasError, match=r"it asks for .*, which is not data"):
        load(tmp_path, pickle.dumps({"data": Evil(trace)}, protocol=protocol))
    assert not trace.exists()


@pytest.mark.parametrize(
    "name",
    [
        "os.system",
        "builtins.eval",
        "builtins.getattr",
        "numpy.core.multiarray.fromfile",
        "numpy.load",
        "numpy.f2py",
    ],
)
def test_other_names_are_refused(tmp_path, name):
    module, _, attribute = name.rpartition(".")
    with pytest.raises(TegnasError, match=f"asks for {name}"):
        load(tmp_path, f"c{module}\n{attribute}\n(S'x'\ntR.".encode())


def test_arrays_of_objects_are_refused(tmp_path):
    with pytest.raises(TegnasError, match="an array of type O"):
        load(tmp_path, pickle.dumps(np.array([{}, []], dtype=object)))


def test_other_text_encodings_are_refused(tmp_path):
    with pytest.raises(TegnasError, match="text in encoding zlib"):
        load(tmp_path, b"c_codecs\nencode\n(Vabc\nVzlib\ntR.")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        pickle.dumps(np.zeros(9))[:-20],
        pickle.dumps(np.zeros(9), protocol=3).replace(b"K\x09", b"K\x08"),  # shape and bytes disagree
        b"cnumpy\nndarray\n(I1000000000000\ntR.",  # called, it would reserve memory
        b"cnumpy.core.multiarray\n_reconstruct\n}S'values'\nI1\nsb.",  # changes the class itself
        b"\x80\x05\x8e\xff\xff\xff\xff\xff\xff\xff\x0fab.",  # claims 2^60 bytes
    ],
)
def test_damaged_pickles_are_refused(tmp_path, data):
    with pytest.raises(TegnasError, match="is damaged"):
        load(tmp_path, data)
    assert len(PickledArray.values) == 0


def test_too_large_a_file_is_refused(tmp_path):
    path = tmp_path / "batch"
    path.write_bytes(bytes(11))
    with pytest.raises(TegnasError, match="larger than the limit of 10 bytes"):
        load_arrays(path, largest=10)


SOUND = pickle.dumps({"data": np.zeros((2, 3), np.uint8), "labels": [1, 2]}, protocol=3)


@given(st.integers(0, len(SOUND) - 1), st.binary(min_size=1, max_size=3))
def test_scrambled_pickles_never_raise_anything_else(tmp_path_factory, where, change):
    data = bytearray(SOUND)
    data[where : where + len(change)] = change
    try:
        load(tmp_path_factory.mktemp("scrambled"), bytes(data))
    except TegnasError as error:
        assert "\n" not in str(error)
