"""The one exception a user may meet, and how its message shows text from outside."""

_LONGEST = 2_000  # characters of a message


class TegnasError(ValueError):
    """Bad input or a damaged file: one line that says what is wrong and what would be right.

    The command line prints the line and exits with code 2; nothing else of the package raises on purpose.

    Args:
        message: The line. Line breaks and other characters that cannot be printed are escaped, and the middle of a
            very long message is left out, so that every message is one line whatever a file or a user put into it.
    """

    def __init__(self, message: str) -> None:
        super().__init__(_one_line(message, _LONGEST))


def quoted(value: object, longest: int = 80) -> str:
    r"""Return how a message shows a value from outside: quoted, escaped, cut; containers by their type only.

    >>> quoted("a\nb"), quoted(10**30), quoted([1, 2])
    ("'a\\nb'", 'a number of 100 bits', 'a list')
    """
    if isinstance(value, int) and value.bit_length() > 64:
        return f"a number of {value.bit_length():,} bits"
    if isinstance(value, str | bytes):
        value = value if len(value) <= longest else value[:longest]
        return _one_line(repr(value), 4 * longest)
    if value is None or isinstance(value, bool | int | float):
        return repr(value)
    return f"a {type(value).__name__}"


def _one_line(text: str, longest: int) -> str:
    """Escape what cannot be printed, and replace the middle of a text that is too long by an ellipsis."""
    text = str(text)
    if len(text) > longest:
        text = f"{text[: longest // 2]} … {text[-longest // 2 :]}"
    return text if text.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
