"""The stack machine that pickles are programs for, with only the instructions that build plain data.

Python's own machine imports what a pickle names and calls it. Even where that is forbidden, a few bytes can keep
it busy for ever with the hash of a key that unfolds, or make it reserve all memory for its memo. This machine
calls nothing but the stand-ins of its caller, takes only short keys, and counts its steps. A step takes time and
memory in proportion to the bytes that it reads.
"""

import struct
from collections.abc import Callable, Mapping

from tegnas_core.errors import TegnasError, quoted
from tegnas_study.storage.pickle_arguments import argument_of, code_of, codes_of

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
                argument, at = argument_of(data, code, at)
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


_BINGET, _BINFLOAT, _MEMOIZE, _BININT1 = map(code_of, ("BINGET", "BINFLOAT", "MEMOIZE", "BININT1"))
_STOP, _GLOBAL = map(code_of, ("STOP", "GLOBAL"))
_PUTS = codes_of("PUT", "BINPUT", "LONG_BINPUT")
_GETS = codes_of("GET", "LONG_BINGET")
_IGNORED = codes_of("PROTO", "FRAME")
_read_double = struct.Struct(">d").unpack_from

# What a pickle may do without an argument; plain data need no other instructions.
_ACTIONS: dict[int, Callable[[Machine], object]] = {
    code_of("MARK"): Machine.mark,
    code_of("POP"): Machine.pop,
    code_of("POP_MARK"): Machine.to_mark,
    code_of("NONE"): lambda m: m.push(None),
    code_of("NEWTRUE"): lambda m: m.push(True),
    code_of("NEWFALSE"): lambda m: m.push(False),
    code_of("EMPTY_TUPLE"): lambda m: m.push(()),
    code_of("EMPTY_LIST"): lambda m: m.push([]),
    code_of("EMPTY_DICT"): lambda m: m.push({}),
    code_of("EMPTY_SET"): lambda m: m.push(set()),
    code_of("TUPLE"): lambda m: m.push(tuple(m.to_mark())),
    code_of("TUPLE1"): lambda m: m.push(tuple(m.last(1))),
    code_of("TUPLE2"): lambda m: m.push(tuple(m.last(2))),
    code_of("TUPLE3"): lambda m: m.push(tuple(m.last(3))),
    code_of("LIST"): lambda m: m.push(m.to_mark()),
    code_of("DICT"): Machine.dictionary,
    code_of("FROZENSET"): lambda m: m.push(frozenset(map(checked_key, m.to_mark()))),
    code_of("APPEND"): lambda m: m.extend(m.last(1)),
    code_of("APPENDS"): lambda m: m.extend(m.to_mark()),
    code_of("SETITEM"): lambda m: m.update(m.last(2)),
    code_of("SETITEMS"): lambda m: m.update(m.to_mark()),
    code_of("ADDITEMS"): lambda m: m.add(m.to_mark()),
    code_of("STACK_GLOBAL"): Machine.stack_named,
    code_of("REDUCE"): Machine.call,
    code_of("NEWOBJ"): Machine.call,
    code_of("BUILD"): Machine.build,
}
