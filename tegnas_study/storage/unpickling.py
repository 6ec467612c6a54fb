"""Reading pickles from outside: plain data only, and never for long.

A pickle is a program. `pickle_machine` runs it with nothing but instructions that build plain data, and with
stand-ins for the few names it may ask for. What it builds is then measured: data that contain themselves, nest too
deep, or unfold to too much because one part is used many times, are refused as well.
"""

import contextlib
import gc
import pickle
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tegnas_core.errors import TegnasError
from tegnas_study.storage.pickle_machine import Machine, StandIns, checked_key

# what reading damaged or nonsensical data may raise
DAMAGED = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, MemoryError, RecursionError,
    SyntaxError, TypeError, ValueError, pickle.UnpicklingError, struct.error,
)  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """How much a pickle may ask for.

    Attributes:
        steps: Instructions of the program; a million of them take less than a second.
        values: What the data unfold to, where a part that is used twice counts twice.
        depth: Levels of containers within containers.
    """

    steps: int = 1_000_000
    values: int = 10_000_000
    depth: int = 32


def read_pickle(data: bytes, stand_ins: StandIns, *, what: str, limits: Limits = Limits()) -> object:
    """Return what a pickle holds, made of plain data and of what the stand-ins return.

    >>> read_pickle(pickle.dumps({"accuracy": [91.5, 94.4]}), {}, what="the file")
    {'accuracy': [91.5, 94.4]}

    Args:
        data: A pickle of any protocol, from Python 2 or 3.
        stand_ins: What is called, or passed on, in place of the names that the pickle may use, besides `PLAIN`.
        what: How an error names the file.
        limits: How much the pickle may ask for.

    Raises:
        TegnasError: When the pickle uses any other name, exceeds a limit, or is damaged.
    """
    return read_pickles(data, stand_ins, n=1, what=what, limits=limits)[0]


def read_pickles(
    data: bytes, stand_ins: StandIns, *, n: int, start: int = 0, what: str, limits: Limits = Limits()
) -> list[object]:
    """Return what n pickles hold that follow one another in the data; all else is as in `read_pickle`.

    Args:
        data: The bytes in which they lie.
        stand_ins: As in `read_pickle`.
        n: Number of pickles.
        start: Position of the first.
        what: How an error names the file.
        limits: How much each pickle may ask for.

    Raises:
        TegnasError: As in `read_pickle`.
    """
    values = []
    try:
        with _without_garbage_collection():
            for _ in range(n):
                value, start = Machine(data, {**PLAIN, **stand_ins}, what=what, most_steps=limits.steps).run(start)
                _check_size(value, what, limits)
                values.append(value)
    except TegnasError:
        raise
    except DAMAGED as error:
        raise TegnasError(f"{what} is damaged or not a pickle ({type(error).__name__})") from error
    return values


@contextlib.contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Pause the collector, which would walk through all that was read again and again; it doubles the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _ordered_dictionary(pairs: Sequence = (), /) -> dict:
    return {checked_key(key): value for key, value in pairs}  # plain dictionaries keep their order, too


def _set(members: Sequence = (), /) -> set:
    return {checked_key(member) for member in members}


def _no_bytes() -> bytes:
    return b""


def _bytes_of_text(text: str, encoding: str, /) -> bytes:
    if encoding != "latin1":
        raise ValueError("bytes are written in the encoding latin1")
    return text.encode("latin1")


# Old protocols write some plain data with the help of names.
PLAIN: StandIns = {
    ("collections", "OrderedDict"): _ordered_dictionary,
    ("builtins", "set"): _set,
    ("__builtin__", "set"): _set,
    ("__builtin__", "bytes"): _no_bytes,
    ("_codecs", "encode"): _bytes_of_text,
}

_ATOMS = frozenset((str, int, float, bool, bytes, type(None)))


def _check_size(value: object, what: str, limits: Limits) -> None:
    """Refuse data that contain themselves, nest too deep, or unfold to too much."""
    known: dict[int, tuple[int, int]] = {}  # what was measured already → its height and number of values

    def measure(container: object, depth: int) -> tuple[int, int]:
        if depth > limits.depth:
            raise TegnasError(f"{what} is refused: it nests deeper than {limits.depth} levels")
        height, n_values = 1, 1
        for part in _parts(container):
            if type(part) in _ATOMS:
                n_values += 1
            else:
                height_of_part, n_of_part = known.get(id(part)) or measure(part, depth + 1)
                height, n_values = max(height, 1 + height_of_part), n_values + n_of_part
        if depth + height > limits.depth + 1:
            raise TegnasError(f"{what} is refused: it nests deeper than {limits.depth} levels")
        if n_values > limits.values:
            raise TegnasError(f"{what} is refused: it unfolds to more than {limits.values:,} values")
        known[id(container)] = height, n_values
        return height, n_values

    measure(value, 1)


def _parts(value: object) -> Sequence:
    if type(value) in (tuple, list, set, frozenset):
        return value
    if type(value) is dict:
        return [*value, *value.values()]
    return () if isinstance(value, type) else [*getattr(value, "__dict__", {}).values()]
