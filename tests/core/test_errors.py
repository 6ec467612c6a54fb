"""Messages are one line, whatever a user or a file puts into them."""

import pickle

from hypothesis import given
from hypothesis import strategies as st

from tegnas_core.errors import TegnasError, quoted


@given(st.text())
def test_every_message_is_one_printable_line(text):
    message = str(TegnasError(text))
    assert message.isprintable()
    if text.isprintable():
        assert message == text


def test_what_cannot_be_printed_is_shown_escaped():
    assert str(TegnasError("no file a\nb\x1b[2J")) == r"no file a\nb\x1b[2J"


def test_the_middle_of_a_very_long_message_is_left_out():
    message = str(TegnasError("begin" + "x" * 10**6 + "end"))
    assert len(message) < 2_100 and message.startswith("begin") and message.endswith("end")


def test_an_error_crosses_to_another_process():
    error = pickle.loads(pickle.dumps(TegnasError("a\nb")))
    assert type(error) is TegnasError and str(error) == r"a\nb"


VALUES = st.text() | st.binary() | st.integers() | st.floats() | st.none() | st.lists(st.text())


@given(VALUES)
def test_a_quoted_value_is_short_and_printable(value):
    assert quoted(value).isprintable() and len(quoted(value, 20)) <= 100


def test_values_from_outside_are_quoted():
    values = ("it's", "a" * 99, 7, -(10**5000), {})
    assert [*map(quoted, values)] == ['"it\'s"', f"'{'a' * 80}'", "7", "a number of 16,610 bits", "a dict"]
