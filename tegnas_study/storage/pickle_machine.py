"""The stack machine that pickles are programs for, with only the instructions that build plain data.

Python's own machine imports what a pickle names and calls it. Even where that is forbidden, a few bytes can keep
it busy for ever with the hash of a key that unfolds, or make it reserve all memory for its memo. This machine
calls nothing but the stand-ins of its caller, takes only short keys, and counts its steps. A step takes time and
memory in proportion to the bytes that it reads.
"""

import codecs
import io
import pickle
import pickletools
import struct
from collections.abc import Callable, Mapping

from tegnas_core.errors import TegnasError, quoted

StandIns = Mapping[tuple[str, str], object]  # (module, name) → what is called in its place, or passed on

_LARGEST_KEY, _LONGEST_KEY = 2**31, 16
_MOST_BITS = 128


def checked_key(key: object) -> object:
    """Return a key of a dictionary or a member of a set: text, a small number, or a short tuple of these.

    Keys are hashed, which takes long for what unfolds, and for numbers that were chosen to collide.

    Raises:
        ValueError: For any other key.
    """
    parts = key if type(key) is tuple else (key,)
    if len(parts) > _LONGEST_KEY:
        raise ValueError("a key is too long")
    for part in parts:
        if type(part) is str or part is None or type(part) is bool:
            continue
        if type(part) is not int or abs(part) > _LARGEST_KEY:
            raise ValueError("a key is neither text nor a small number")
    return key


class Machine:
    """One run of one program.

    Args:
        data: The bytes in which the program lies.
        stand_ins: What the program may name.
        what: How an error names the file.
        most_steps: Number of instructions after which the program is refused.
    """

    def __init__(self, data: bytes, stand_ins: StandIns, *, what: str, most_steps: int) -> None:
        self.data, self.stand_ins, self.what, self.most_steps = data, stand_ins, what, most_steps
        self.callable = {id(stand_in) for stand_in in stand_ins.values() if callable(stand_in)}
        self.stack: list = []
        self.below: list[list] = []  # the stacks below the marks
        self.memo: dict[int, object] = {}

    def run(self, at: int) -> tuple[object, int]:
        """Run the program that begins at a position; return what it builds and where it ends.

        Raises:
            TegnasError: When the program names what it may not, or takes too many steps.
            Exception: Many kinds, when the program is damaged.
        """
        data, memo = self.data, self.memo
        for _ in range(self.most_steps):
            code = data[at]
            at += 1
            # the most frequent instructions come first, for speed
            if code == _BINGET:
                self.stack.append(memo[data[at]])
                at += 1
            elif code == _BINFLOAT:
                self.stack.append(_read_double(data, at)[0])
                at += 8
            elif code == _MEMOIZE:
                memo[len(memo)] = self.stack[-1]
            elif code == _BININT1:
                self.stack.append(data[at])
                at += 1
            elif code in _ACTIONS:
                _ACTIONS[code](self)
            elif code == _STOP:
                (value,) = self.stack
                return value, at
            else:
                argument, at = _argument(data, code, at)
                self.take(code, argument)
        raise TegnasError(f"{self.what} is refused: it takes more than {self.most_steps:,} steps to read")

    def take(self, code: int, argument: object) -> None:
        """Run an instruction that has an argument; for most, the argument is the value to push."""
        if code in _PUTS:
            self.memo[argument] = self.stack[-1]
        elif code in _GETS:
            self.push(self.memo[argument])
        elif code == _GLOBAL:
            self.push(self.named(*argument.split(" ", 1)))
        elif code not in _IGNORED:
            if type(argument) is int and argument.bit_length() > _MOST_BITS:
                raise OverflowError("a number has too many digits")
            self.push(argument)

    def push(self, value: object) -> None:
        """Put a value on the stack."""
        self.stack.append(value)

    def pop(self) -> None:
        """Drop the last value, or the last mark when nothing lies above it."""
        if self.stack:
            self.stack.pop()
        else:
            self.to_mark()

    def mark(self) -> None:
        """Begin a new stack above the present one."""
        self.below.append(self.stack)
        self.stack = []

    def to_mark(self) -> list:
        """Return everything above the last mark, and go back below it."""
        items, self.stack = self.stack, self.below.pop()
        return items

    def last(self, n: int) -> list:
        """Take the last n values off the stack."""
        items = self.stack[-n:]
        del self.stack[-n:]
        return items

    def extend(self, items: list) -> None:
        """Append items to the list on top of the stack."""
        if type(self.stack[-1]) is not list:
            raise TypeError("only lists are appended to")
        self.stack[-1].extend(items)

    def update(self, items: list) -> None:
        """Set keys and values, which take turns in the items, in the dictionary on top of the stack."""
        target = self.stack[-1]
        if type(target) is not dict or len(items) % 2:
            raise TypeError("pairs of keys and values go into dictionaries")
        for i in range(0, len(items), 2):
            key = items[i]
            target[key if type(key) is str else checked_key(key)] = items[i + 1]

    def dictionary(self) -> None:
        """Make a dictionary of everything above the last mark."""
        items = self.to_mark()
        self.push({})
        self.update(items)

    def add(self, items: list) -> None:
        """Add members to the set on top of the stack."""
        if type(self.stack[-1]) is not set:
            raise TypeError("only sets have members")
        self.stack[-1].update(map(checked_key, items))

    def named(self, module: str, name: str) -> object:
        """Return the stand-in for a name; dotted names and other spellings of a known one are refused, too."""
        try:
            return self.stand_ins[module, name]
        except KeyError:
            asked = quoted(f"{module}.{name}")
            raise TegnasError(
                f"{self.what} is refused: it asks for {asked}, which plain data do not need"
            ) from None

    def stack_named(self) -> None:
        """Replace module and name on the stack by what stands in for them."""
        module, name = self.last(2)
        if type(module) is not str or type(name) is not str:
            raise TypeError("names are text")
        self.push(self.named(module, name))

    def call(self) -> None:
        """Replace a stand-in and its tuple of arguments by what it returns."""
        function, arguments = self.last(2)
        if id(function) not in self.callable or type(arguments) is not tuple:
            raise TypeError("only stand-ins are called")
        self.push(function(*arguments))

    def build(self) -> None:
        """Give a state to an object whose class is a stand-in."""
        state, target = self.stack.pop(), self.stack[-1]
        if id(type(target)) not in self.callable:
            raise TypeError("only objects of stand-ins have a state")
        target.__setstate__(state)


def _argument(data: bytes, code: int, at: int) -> tuple[object, int]:
    """Return the argument of an instruction that begins at a position, and the position after it.

    Raises:
        LookupError: When there is no such instruction, or data for plain values never need it.
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


_LONGEST_LINE = 1_000


def _code(name: str) -> int:
    return getattr(pickle, name)[0]


def _codes(*names: str) -> frozenset[int]:
    return frozenset(map(_code, names))


_BINGET, _BINFLOAT, _MEMOIZE, _BININT1 = map(_code, ("BINGET", "BINFLOAT", "MEMOIZE", "BININT1"))
_STOP, _GLOBAL, _STRING, _UNICODE = map(_code, ("STOP", "GLOBAL", "STRING", "UNICODE"))
_PUTS = _codes("PUT", "BINPUT", "LONG_BINPUT")
_GETS = _codes("GET", "LONG_BINGET")
_IGNORED = _codes("PROTO", "FRAME")
_read_double = struct.Struct(">d").unpack_from

# What a pickle may do without an argument; other instructions plain data never need.
_ACTIONS: dict[int, Callable[[Machine], object]] = {
    _code("MARK"): Machine.mark,
    _code("POP"): Machine.pop,
    _code("POP_MARK"): Machine.to_mark,
    _code("NONE"): lambda m: m.push(None),
    _code("NEWTRUE"): lambda m: m.push(True),
    _code("NEWFALSE"): lambda m: m.push(False),
    _code("EMPTY_TUPLE"): lambda m: m.push(()),
    _code("EMPTY_LIST"): lambda m: m.push([]),
    _code("EMPTY_DICT"): lambda m: m.push({}),
    _code("EMPTY_SET"): lambda m: m.push(set()),
    _code("TUPLE"): lambda m: m.push(tuple(m.to_mark())),
    _code("TUPLE1"): lambda m: m.push(tuple(m.last(1))),
    _code("TUPLE2"): lambda m: m.push(tuple(m.last(2))),
    _code("TUPLE3"): lambda m: m.push(tuple(m.last(3))),
    _code("LIST"): lambda m: m.push(m.to_mark()),
    _code("DICT"): Machine.dictionary,
    _code("FROZENSET"): lambda m: m.push(frozenset(map(checked_key, m.to_mark()))),
    _code("APPEND"): lambda m: m.extend(m.last(1)),
    _code("APPENDS"): lambda m: m.extend(m.to_mark()),
    _code("SETITEM"): lambda m: m.update(m.last(2)),
    _code("SETITEMS"): lambda m: m.update(m.to_mark()),
    _code("ADDITEMS"): lambda m: m.add(m.to_mark()),
    _code("STACK_GLOBAL"): Machine.stack_named,
    _code("REDUCE"): Machine.call,
    _code("NEWOBJ"): Machine.call,
    _code("BUILD"): Machine.build,
}

_FIXED = {
    _code(name): struct.Struct(form)
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
    _code(name): (struct.Struct(form), decode)
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
