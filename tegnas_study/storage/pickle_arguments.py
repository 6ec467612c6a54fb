"""How the instructions of a pickle are written: which have an argument, and how it is read from the bytes."""

import codecs
import io
import pickle
import pickletools
import struct
from collections.abc import Callable

_LONGEST_LINE = 1_000  # bytes of a number or a name


def code_of(name: str) -> int:
    """Return the byte of an instruction, such as "MARK"."""
    return getattr(pickle, name)[0]


def codes_of(*names: str) -> frozenset[int]:
    """Return the bytes of some instructions."""
    return frozenset(map(code_of, names))


_GLOBAL, _STRING, _UNICODE = map(code_of, ("GLOBAL", "STRING", "UNICODE"))


def argument_of(data: bytes, code: int, at: int) -> tuple[object, int]:
    """Return the argument of an instruction that begins at a position, and the position after it.

    Raises:
        LookupError: When there is no such instruction, or plain data never need it.
        EOFError, ValueError, struct.error: When the argument is damaged.
    """
    if code in _FIXED:
        form = _FIXED[code]
        return form.unpack_from(data, at)[0], at + form.size
    if code in _COUNTED:
        form, decode = _COUNTED[code]
        begin = at + form.size
        end = begin + form.unpack_from(data, at)[0]
        if not begin <= end <= len(data):
            raise EOFError("the file ends within a value")
        return decode(data[begin:end]), end
    read = _LINES[code]
    end = at
    for _ in range(1 + (code == _GLOBAL)):
        end = data.find(b"\n", end) + 1
        if not end:
            raise EOFError("the file ends within a line")
    if code not in (_STRING, _UNICODE) and end - at > _LONGEST_LINE:
        raise ValueError("a number or a name is too long")
    return read(io.BytesIO(data[at:end])), end


_FIXED = {
    code_of(name): struct.Struct(form)
    for name, form in {
        "BININT": "<i", "BININT2": "<H", "BINPUT": "B", "LONG_BINPUT": "<I", "LONG_BINGET": "<I", "PROTO": "B",
        "FRAME": "<Q",
    }.items()
}  # fmt: skip


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")


def _python_2_text(data: bytes) -> str:
    return data.decode("latin1")


# how the length is written, and what is made of that many bytes
_COUNTED: dict[int, tuple[struct.Struct, Callable[[bytes], object]]] = {
    code_of(name): (struct.Struct(form), decode)
    for name, form, decode in (
        ("SHORT_BINUNICODE", "B", _text),
        ("BINUNICODE", "<I", _text),
        ("BINUNICODE8", "<Q", _text),
        ("SHORT_BINBYTES", "B", bytes),
        ("BINBYTES", "<I", bytes),
        ("BINBYTES8", "<Q", bytes),
        ("BYTEARRAY8", "<Q", bytes),
        ("SHORT_BINSTRING", "B", _python_2_text),
        ("BINSTRING", "<i", _python_2_text),
        ("LONG1", "B", lambda data: int.from_bytes(data, "little", signed=True)),
    )
}

# protocol 0 writes values as lines of text, which the standard library knows how to read
_LINES: dict[int, Callable[[io.BytesIO], object]] = {
    ord(opcode.code): opcode.arg.reader
    for opcode in pickletools.opcodes
    if opcode.name in ("INT", "LONG", "FLOAT", "UNICODE", "GET", "PUT", "GLOBAL")
}


def _python_2_line(file: io.BytesIO) -> str:
    return _python_2_text(codecs.escape_decode(pickletools.read_stringnl(file, decode=False))[0])


_LINES[_STRING] = _python_2_line
