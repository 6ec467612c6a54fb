"""Pickles made to keep a reader busy or to fill the memory, and what a reader must do with any bytes at all."""

import pickle
import time
from collections.abc import Callable

from tegnas_core.errors import TegnasError


def doubled(n: int, begin: bytes, double: bytes) -> bytes:
    """Return a pickle of a few bytes that unfolds to 2^n values: every part holds the part before it twice."""
    parts = (double.replace(b"?", bytes([i])) for i in range(n))
    return b"\x80\x04" + begin + b"\x940" + b"0".join(parts) + b"."


def colliding(n: int) -> bytes:
    """Return a pickle of a dictionary of n keys of one hash, put together by hand: Python needs seconds."""
    longs = (pickle.encode_long(i * (2**61 - 1)) for i in range(n))
    items = b"".join(b"\x8a" + bytes([len(long)]) + long + b"K\x01" for long in longs)
    return b"\x80\x04}(" + items + b"u."


BUSY = {
    "a key that unfolds": b"})" + b"22\x87" * 13 + b"Ns.",
    "a member that unfolds": b"\x80\x04\x8f()" + b"2\x86" * 40 + b"\x90.",
    "tuples that unfold": doubled(60, b")", b"h?h?\x86\x94"),
    "lists that unfold": doubled(29, b"]", b"]\x94(h?h?e"),
    "a list in itself": b"\x80\x04]\x94h\x00a.",
    "a dictionary in itself": b"\x80\x04}\x94NNsNh\x00s.",
    "deep tuples": b"\x80\x04)" + b"\x85" * 900_000 + b".",
    "a deep key": b"\x80\x04})" + b"\x85" * 900_000 + b"Ns.",
    "deep lists": b"\x80\x04" + b"]" * 400_000 + b"a" * 399_999 + b".",
    "many steps": b"\x80\x04" + b"N0" * 5_000_000 + b"N.",
    "many marks": b"(" * 2_000_000,
    "a huge number": pickle.dumps(1 << 10_000_000),
    "a number of many digits": b"L" + b"9" * 100_000 + b"L\n.",
    "a number too long to print": pickle.dumps(10**400),
    "a huge place in the memo": b"\x80\x04N0" + b"Nr\xff\xff\xff\xff0" * 1000,
    "more bytes than there are": b"\x80\x05\x8e\xff\xff\xff\xff\xff\xff\xff\x0fab.",
    "a buffer of all memory": b"\x80\x05\x96\xff\xff\xff\xff\x0f\x00\x00\x00ab.",
    "keys that collide": colliding(30_000),
    "zeros": bytes(2**24),
    "nothing": b"",
}


def refused(read: Callable, *arguments: object, seconds: float = 2.0) -> str:
    """Return the one line with which a reader refuses its input; fails when it does not, or not in time."""
    begin = time.process_time()
    try:
        read(*arguments)
    except TegnasError as error:
        message = str(error)
    else:
        raise AssertionError("it was read")
    assert time.process_time() - begin < seconds
    assert message.isprintable() and len(message) < 500, message
    return message


def one_line_or_nothing(read: Callable, *arguments: object) -> None:
    """Call a reader on any bytes: it may read them or refuse them in one line, and must do nothing else."""
    try:
        read(*arguments)
    except TegnasError as error:
        assert str(error).isprintable(), error
