import pickle
import struct

import numpy as np
import pytest
from benchmark_files import Evil

from tegnas_core.errors import TegnasError
from tegnas_study.data.benchmark.official_files import STAND_INS
from tegnas_study.storage.unpickling import read_pickle


def test_names_below_an_allowed_one_are_refused():
    below = b"\x80\x04\x8c\x05numpy\x8c\x0edtype.__init__\x93."  # a dotted name, legal since protocol 4
    with pytest.raises(TegnasError, match=r"numpy\.dtype\.__init__"):
        read_pickle(below, STAND_INS, what="the file")


@pytest.mark.parametrize(
    "number", [np.float64(2.5), np.float32(2.5), np.int64(-3), np.bool_(True), np.float64(np.nan)]
)
@pytest.mark.parametrize("module", ["numpy._core.multiarray", "numpy.core.multiarray"])
def test_numpy_scalars_of_both_numpy_generations_become_python_numbers(number, module):
    data = pickle.dumps(number, protocol=4)
    data = data[:2] + data[11:]  # without the frame, whose length changes
    old = b"\x8c\x16numpy._core.multiarray"
    assert old in data
    data = data.replace(old, b"\x8c" + bytes([len(module)]) + module.encode())
    loaded = read_pickle(data, STAND_INS, what="the file")
    assert type(loaded) in (float, int, bool)
    np.testing.assert_equal(loaded, number.item())


def test_big_endian_scalars_keep_their_value():
    scalar = np.float64(0).__reduce__()[0]
    data = pickle.dumps(Evil(scalar, np.dtype(">f8"), struct.pack(">d", 2.5)), protocol=4)
    assert read_pickle(data, STAND_INS, what="the file") == 2.5


def test_object_scalars_are_refused():
    data = pickle.dumps(np.float64(1), protocol=4).replace(b"\x8c\x02f8", b"\x8c\x02O8")
    with pytest.raises(TegnasError, match="damaged"):
        read_pickle(data, STAND_INS, what="the file")
