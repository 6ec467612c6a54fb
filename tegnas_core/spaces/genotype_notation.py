"""Read the notation in which the literature prints genotypes, without executing it.

The text is parsed to a syntax tree of which only names, strings, small whole numbers, lists, tuples and
``range(a, b)`` are understood. Source of the notation: the code of Liu, Simonyan & Yang, DARTS (ICLR 2019).
"""

import ast
import warnings

from tegnas_core.errors import TegnasError

FIELDS = ("normal", "normal_concat", "reduce", "reduce_concat")
LONGEST_TEXT = 10_000  # characters; a genotype in full has about 550
EXAMPLE = "Genotype(normal=[('sep_conv_3x3', 0), …], normal_concat=[2, 3, 4, 5], reduce=[…], reduce_concat=[…])"

Value = str | int | tuple["Value", ...]


def read_fields(text: str) -> dict[str, Value]:
    """Return the four fields of a printed genotype as nested tuples of strings and whole numbers.

    Whether they describe a genotype is for the caller to check. The two ``…_concat`` may be left out.

    Raises:
        TegnasError: When the text is not of the form ``Genotype(normal=…, normal_concat=…, reduce=…,
            reduce_concat=…)``, or holds anything but lists, tuples, strings, whole numbers and ``range``.
    """
    if len(text) > LONGEST_TEXT:
        raise TegnasError(f"not a genotype: the text has {len(text):,} characters; it should read {EXAMPLE}")
    call = _call(text)
    names = [*FIELDS[: len(call.args)], *(keyword.arg for keyword in call.keywords)]
    wrong = [name for name in names if name not in FIELDS or names.count(name) > 1]
    missing = [name for name in ("normal", "reduce") if name not in names]
    if wrong or missing or len(call.args) > len(FIELDS):
        raise TegnasError(f"not a genotype: the fields of {shorten(text)} should be once each {', '.join(FIELDS)}")
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    return {name: _value(value, text) for name, value in zip(names, values, strict=True)}


def shorten(value: object, limit: int = 80) -> str:
    """Return a value as it may stand in a one-line message: printable, and not much longer than `limit`."""
    if isinstance(value, str):
        return repr(value if len(value) <= limit else value[:limit] + "…")
    return repr(value)[:limit]


def _call(text: str) -> ast.Call:
    try:
        with warnings.catch_warnings():  # about odd literals: they are refused anyway
            warnings.simplefilter("ignore")
            tree = ast.parse(text.strip(), mode="eval").body
    # the ways in which Python's parser refuses a text; the last two: brackets nested too deeply
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _not_a_genotype(text) from error
    if not (isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id == "Genotype"):
        raise _not_a_genotype(text)
    return tree


def _value(node: ast.expr, text: str, depth: int = 0) -> Value:
    """Read one value; a cell is a list of pairs, so nothing is nested deeper than two brackets."""
    match node:
        case ast.Constant(value=str() as value):
            return value
        case ast.Constant(value=int() as value) if type(value) is int and value < 100:
            return value
        case ast.List(elts=items) | ast.Tuple(elts=items) if depth < 2:
            return tuple(_value(item, text, depth + 1) for item in items)
        case ast.Call(func=ast.Name(id="range"), args=[ast.Constant(), ast.Constant()] as ends, keywords=[]):
            first, last = (_value(end, text, depth + 1) for end in ends)
            if isinstance(first, int) and isinstance(last, int) and 0 <= last - first <= 10:
                return tuple(range(first, last))
        case ast.Call(func=ast.Name(id="list" | "tuple"), args=[inner], keywords=[]) if depth < 2:
            return _value(inner, text, depth + 1)
    raise _not_a_genotype(text)


def _not_a_genotype(text: str) -> TegnasError:
    return TegnasError(f"not a genotype: {shorten(text)}; it should read {EXAMPLE}")
