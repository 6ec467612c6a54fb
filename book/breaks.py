"""A Sphinx extension: a long name of the code breaks behind a dot or an underscore, where a table is narrow."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_TABLE = re.compile(r'<table class="[^"]*\b(?:choices|presets)\b[^"]*".*?</table>', re.S)
_NAME = re.compile(r'(?<=<span class="pre">)[^<]+')


def with_breaks(body: str) -> str:
    """Return a page whose tables of choices say where the names in them may break.

    >>> with_breaks('<table class="choices table"><span class="pre">kernels.ntk</span></table>')
    '<table class="choices table"><span class="pre">kernels.<wbr>ntk</span></table>'
    """
    return _TABLE.sub(lambda table: _NAME.sub(_broken, table[0]), body)


def _broken(name: re.Match[str]) -> str:
    return re.sub(r"(?<=[^\W_])([._])(?=[^\W\d_])", r"\1<wbr>", name[0])


def _page(_app: "Sphinx", _name: str, _template: str, context: dict, _doctree: object) -> None:
    if "body" in context:
        context["body"] = with_breaks(context["body"])


def setup(app: "Sphinx") -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("html-page-context", _page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
