import pickle
import struct

import numpy as np
import pytest
from benchmark_files import ATTACKS, Evil, attacks

from tegnas_core.errors import TegnasError
from tegnas_study.data.benchmark.pickles import load_restricted, plain_stand_ins


@pytest.mark.parametrize("name", ATTACKS)
def test_the_attacks_are_real(name, tmp_path):
    """Loaded without care, each of them runs: the tests of refusal could fail."""
    marker = tmp_path / "marker"
    result = pickle.loads(pickle.dumps(attacks(marker)[name]))
    assert marker.exists()
    if name == "open":
        result.close()


@pytest.mark.parametrize("protocol", [0, 2, 4])
@pytest.mark.parametrize("name", ATTACKS)
def test_every_attack_is_refused_and_runs_nothing(name, protocol, tmp_path):
    marker = tmp_path / "marker"
    data = pickle.dumps({"fine": [1.0, attacks(marker)[name]]}, protocol=protocol)
    with pytest.raises(TegnasError, match="the file is refused: it asks for"):
        load_restricted(data, plain_stand_ins(), what="the file")
    assert not marker.exists()


def test_names_below_an_allowed_one_are_refused():
    below = b"\x80\x04\x8c\x05numpy\x8c\x0edtype.__init__\x93."  # a dotted name, legal since protocol 4
    with pytest.raises(TegnasError, match=r"numpy\.dtype\.__init__"):
        load_restricted(below, plain_stand_ins(), what="the file")


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
    loaded = load_restricted(data, plain_stand_ins(), what="the file")
    assert type(loaded) in (float, int, bool)
    np.testing.assert_equal(loaded, number.item())


def test_big_endian_scalars_keep_their_value():
    scalar = np.float64(0).__reduce__()[0]
    data = pickle.dumps(Evil(scalar, np.dtype(">f8"), struct.pack(">d", 2.5)), protocol=4)
    assert load_restricted(data, plain_stand_ins(), what="the file") == 2.5


def test_object_scalars_are_refused():
    data = pickle.dumps(np.float64(1), protocol=4).replace(b"\x8c\x02f8", b"\x8c\x02O8")
    with pytest.raises(TegnasError, match="damaged"):
        load_restricted(data, plain_stand_ins(), what="the file")


@pytest.mark.parametrize("data", [b"", b"hello", pickle.dumps([1.0, 2.0])[:-3], b"\x80\x04}\x85R."])
def test_damaged_pickles_are_one_line(data):
    with pytest.raises(TegnasError, match=r"^the file is damaged or not a pickle \(\w+\)$"):
        load_restricted(data, plain_stand_ins(), what="the file")
