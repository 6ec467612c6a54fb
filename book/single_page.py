"""A Sphinx extension: the whole book on one page knows every node that the book of many pages knows.

Sphinx asks the handlers of a builder's name first, and those of all HTML builders only when there are none. One
extension registers a few handlers for "singlehtml" by name, which would hide those of all others.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: "Sphinx") -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("builder-inited", _share_handlers)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _share_handlers(app: "Sphinx") -> None:
    known = app.registry.translation_handlers
    if app.builder.name == "singlehtml":
        known["singlehtml"] = {**known.get("html", {}), **known.get("singlehtml", {})}
