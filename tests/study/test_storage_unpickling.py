"""Plain data come back exactly, and everything else that a pickle can do is refused before it happens."""

import collections
import pickle
import pickletools

import numpy as np
import pytest
from benchmark_files import ATTACKS, attacks
from hostile_bytes import BUSY, one_line_or_nothing, refused
from hypothesis import given
from hypothesis import strategies as st

from tegnas_core.errors import TegnasError
from tegnas_study.storage.unpickling import Limits, read_pickle, read_pickles


def read(data: bytes, **options) -> object:
    return read_pickle(data, {}, what="the file", **options)


KEYS = st.text() | st.integers(-(2**31), 2**31) | st.booleans() | st.none()
KEYS |= st.tuples(st.text(), st.integers(0, 999))
ATOMS = KEYS | st.integers(-(2**127), 2**127 - 1) | st.floats(allow_nan=False) | st.binary()
VALUES = st.recursive(
    ATOMS | st.sets(KEYS),
    lambda inner: st.lists(inner) | st.tuples(inner, inner, inner, inner) | st.dictionaries(KEYS, inner),
    max_leaves=30,
)


@given(VALUES, st.integers(0, pickle.HIGHEST_PROTOCOL))
def test_plain_data_come_back_exactly(value, protocol):
    loaded = read(pickle.dumps(value, protocol=protocol))
    assert loaded == value and repr(loaded) == repr(pickle.loads(pickle.dumps(value)))


def test_shared_parts_stay_shared():
    part = [1.5]
    first, second = read(pickle.dumps((part, part)))
    assert first is second == part


def test_ordered_dictionaries_keep_their_order():
    ordered = collections.OrderedDict([("b", 1), ("a", 2)])
    assert list(read(pickle.dumps(ordered)).items()) == [("b", 1), ("a", 2)]


def test_pickles_that_follow_one_another_are_read_in_turn():
    data = b"??" + b"".join(pickle.dumps(value) for value in ("a", [2], 3.0))
    assert read_pickles(data, {}, n=3, start=2, what="the file") == ["a", [2], 3.0]
    with pytest.raises(TegnasError, match="damaged"):
        read_pickles(data, {}, n=4, start=2, what="the file")


@pytest.mark.parametrize("name", ATTACKS)
def test_the_attacks_are_real(name, tmp_path):
    """Loaded without care, each of them runs, so the tests of refusal could fail."""
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
    with pytest.raises(TegnasError, match="the file is refused: it asks for '"):
        read(data)
    assert not marker.exists()


@pytest.mark.parametrize("name", BUSY)
@pytest.mark.slow
def test_what_would_keep_a_reader_busy_is_refused_at_once(name):
    assert refused(read, BUSY[name]).startswith("the file is ")


def test_limits_are_said():
    thousand = pickle.dumps([1.0] * 1000)
    assert refused(lambda: read(thousand, limits=Limits(steps=500))).endswith("takes more than 500 steps to read")
    assert refused(lambda: read(thousand, limits=Limits(values=500))).endswith("unfolds to more than 500 values")
    deep = pickle.dumps([[[[1]]]])
    assert refused(lambda: read(deep, limits=Limits(depth=3))).endswith("nests deeper than 3 levels")
    assert read(deep, limits=Limits(depth=4)) == [[[[1]]]]


def test_a_part_counts_as_often_as_it_is_used():
    part = [0] * 10
    data = pickle.dumps([part] * 100)
    assert len(read(data, limits=Limits(values=1_200))) == 100
    with pytest.raises(TegnasError, match="unfolds to more than 900 values"):
        read(data, limits=Limits(values=900))


def test_depth_counts_along_the_longest_way():
    """A part that was measured near the top lies deeper the second time."""
    part = [[[1]]]
    data = pickle.dumps([part, [[[part]]]])
    with pytest.raises(TegnasError, match="deeper than 6 levels"):
        read(data, limits=Limits(depth=6))
    assert read(data, limits=Limits(depth=7))


SOUND = pickle.dumps({("a", 1): [1.5, "b", b"c", {2: (None, True)}, {3}, 10**20]}, protocol=4)


@given(st.integers(0, len(SOUND) - 1), st.binary(min_size=1, max_size=4))
def test_scrambled_pickles_never_raise_anything_else(where, change):
    one_line_or_nothing(read, SOUND[:where] + change + SOUND[where + len(change) :])


@given(st.binary(max_size=60))
def test_any_bytes_never_raise_anything_else(data):
    one_line_or_nothing(read, data)


INSTRUCTIONS = [opcode.code.encode("latin1") for opcode in pickletools.opcodes]


@given(st.lists(st.sampled_from([*INSTRUCTIONS, b"\x00", b"\x01", b"\n", b"ccollections\nOrderedDict\n"])))
def test_any_program_never_raises_anything_else(instructions):
    one_line_or_nothing(read, b"".join(instructions) + b".")


@pytest.mark.parametrize("data", [b"", b"hello", pickle.dumps([1.0, 2.0])[:-3], b"\x80\x04}\x85R.", b"N"])
def test_damaged_pickles_are_one_line(data):
    with pytest.raises(TegnasError, match=r"^the file is damaged or not a pickle \(\w+\)$"):
        read(data)


def test_a_foreign_name_cannot_break_the_line():
    message = refused(read, b"\x80\x04\x8c\x08os\nevil\n\x8c\x02\x1b[\x93.")
    assert r"'os\nevil\n.\x1b['" in message


def test_numpy_is_not_needed_to_refuse_its_objects():
    with pytest.raises(TegnasError, match="asks for 'numpy"):
        read(pickle.dumps(np.float64(1.0)))


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        (pickle.dumps({(1,) * 17: 0}), "ValueError"),  # a long key
        (b"}(\x8c\x02ab\x90.", "TypeError"),  # members for a dictionary
        (b"](Ne(K\x00K\x01u.", "TypeError"),  # keys for a list
        (b"K\x01K\x02\x93.", "TypeError"),  # a name that is a number
        (b"T\xfb\xff\xff\xff.", "EOFError"),  # a text of -5 bytes, which would begin again
        (b"I" + b"0" * 2_000 + b"1\n.", "ValueError"),  # a number with too many digits, whatever its value
    ],
)
def test_nonsense_is_refused_and_not_guessed(program, reason):
    assert refused(read, program) == f"the file is damaged or not a pickle ({reason})"


class Spy:
    def __setstate__(self, state):
        raise AssertionError("its class is no stand-in")

    def __call__(self):
        raise AssertionError("it is no stand-in")


@pytest.mark.parametrize("what_for", [b"}b.", b")R.", b")\x81."])
def test_only_stand_ins_are_called_and_given_a_state(what_for):
    program = b"cspy\nmake\n)R" + what_for
    with pytest.raises(TegnasError, match=r"\(TypeError\)"):
        read_pickle(program, {("spy", "make"): lambda: Spy()}, what="the file")
