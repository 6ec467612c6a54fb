"""The reference of both packages, written from their docstrings: a part of the page `book/api.md`."""

import importlib
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

from book.offline import write

ROOT = Path(__file__).resolve().parent.parent
API = ROOT / "book" / "api"
NOTATION = ROOT / "book" / "notation.md"
_SECTION = re.compile(r"^(Args|Returns|Raises|Attributes|Yields):\n((?:(?:[ \t]+.*)?\n)*)", re.M)
_TITLES = {"Args": "Arguments", "Attributes": "Fields"}


def public_names() -> list[str]:
    """Return the dotted names of the reference: what both packages offer, and where the paper's equations lead."""
    found = []
    for package in ("tegnas_core", "tegnas_study"):
        home = vars(importlib.import_module(package))["_HOME"]
        found += [f"{package}.{place}.{name}" for name, place in home.items()]
    table = NOTATION.read_text(encoding="utf-8").split(":class: equations")[1].split("```")[0]
    for name in re.findall(r"`([\w.]+\.\w+)`", table):
        found.append(name if name.startswith("tegnas_") else f"tegnas_core.{name}")
    objects = {id(entry): (entry, name) for name in found if (entry := _object(name)) is not None}
    return [name for entry, name in sorted(objects.values(), key=lambda pair: _place(pair[0]))]


def _place(entry: type | Callable) -> tuple[str, str]:
    return entry.__module__, entry.__qualname__.lower()


def _object(name: str) -> type | Callable | None:
    """Return the function or class that a dotted name leads to, or None for a value or a method."""
    module, _, last = name.rpartition(".")
    try:
        found = getattr(importlib.import_module(module), last)
    except ModuleNotFoundError:  # a method: its class has an entry
        return _object(module)
    return found if inspect.isfunction(found) or inspect.isclass(found) else None


def label_of(found: type | Callable) -> str:
    """Return the label of an entry, such as api-trainability-condition-number."""
    return f"api-{found.__module__.rpartition('.')[2]}-{found.__qualname__}".replace("_", "-").lower()


def reference(names: list[str]) -> str:
    """Return the reference of the named functions and classes in MyST Markdown, a heading a module."""
    lines: list[str] = []
    room = ""
    for name in names:
        found = _object(name)
        if found.__module__ != room:
            room = found.__module__
            lines += [f"## {room}", ""]
        lines += [f"({label_of(found)})=", f"### {found.__qualname__}", ""]
        lines += ["```python", _signature(found), "```", "", *_described(found), ""]
    return "\n".join(lines)


def _signature(found: type | Callable) -> str:
    try:
        text = str(inspect.signature(found))
    except (TypeError, ValueError):
        text = "(...)"
    text = re.sub(r"<function \S*<lambda> at 0x[0-9a-f]+>", "...", text)
    text = re.sub(r"<(?:function|class|object) ?([\w.]*)[^>]*>", r"\1", text)  # no address in memory
    text = re.sub(
        r"\b(?:tegnas_core|tegnas_study|numpy|torch|pandas|collections|typing)(?:\.\w+)*\.(\w+)", r"\1", text
    )
    head = "class " if inspect.isclass(found) else ""
    line = f"{head}{found.__name__}{text}".replace("'", '"')
    return line if len(line) <= 80 else "\n".join(_broken(line))


def _broken(line: str) -> Iterator[str]:
    """Break a long signature at its outer commas."""
    head, _, rest = line.partition("(")
    yield f"{head}("
    depth, part = 0, ""
    for character in rest:
        if depth == 0 and character in ",)":
            if part.strip():
                yield f"    {part.strip()},"
            if character == ")":
                break
            part = ""
            continue
        depth += (character in "([{") - (character in ")]}")
        part += character
    yield f"){rest.rpartition(')')[2]}"


def _described(found: type | Callable) -> Iterator[str]:
    text = f"{inspect.getdoc(found) or ''}\n"
    rest = _SECTION.sub("", text).strip()
    yield from _prose(rest)
    for section, body in _SECTION.findall(text):
        yield from ("", f"**{_TITLES.get(section, section)}**", "")
        yield from _items(textwrap.dedent(body).strip(), listed=section not in {"Returns", "Yields"})
    if inspect.isclass(found):
        for name, method in vars(found).items():
            if not name.startswith("_") and inspect.isfunction(method) and method.__doc__:
                yield from ("", f"- `{name}{_short(method)}`: {_safe(inspect.getdoc(method).splitlines()[0])}")


def _short(method: Callable) -> str:
    return f"({', '.join(name for name in inspect.signature(method).parameters if name != 'self')})"


def _prose(text: str) -> Iterator[str]:
    """Yield paragraphs; examples and indented lines stay as they are."""
    for paragraph in re.split(r"\n\s*\n", text):
        if paragraph.lstrip().startswith(">>>"):
            yield from ("", "```pycon", paragraph, "```")
        elif paragraph.startswith("    "):
            yield from ("", "```text", textwrap.dedent(paragraph), "```")
        elif paragraph.strip():
            yield from ("", _safe(paragraph))


def _items(body: str, *, listed: bool) -> Iterator[str]:
    if not listed:
        yield _safe(" ".join(body.split()))
        return
    for item in re.split(r"\n(?=\S)", body):
        name, colon, words = item.partition(":")
        yield (
            f"- `{name.strip()}`: {_safe(' '.join(words.split()))}"
            if colon
            else f"- {_safe(' '.join(item.split()))}"
        )


def _safe(text: str) -> str:
    """Escape what Markdown would read as markup, outside code."""
    parts = re.split(r"(``?[^`]+``?)", text)
    return "".join(part if i % 2 else re.sub(r"([$*_\[\]<>{}#|])", r"\\\1", part) for i, part in enumerate(parts))


def write_api(folder: Path = API) -> Path:
    """Write the reference where the page includes it, and return its path."""
    return write(folder / "reference.txt", reference(public_names()))
