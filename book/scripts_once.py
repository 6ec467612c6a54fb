"""A Sphinx extension: every script stands on a page once.

Sphinx keeps the inline scripts of extensions in two places and writes both; one of them calls their file None, the
other the empty text. A constant that is declared twice is an error in the reader's console, on every page.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: "Sphinx") -> dict[str, bool]:
    """Register with Sphinx, after everything that adds scripts."""
    app.connect("html-page-context", _drop_repeated, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _drop_repeated(_app: "Sphinx", _page: str, _template: str, context: dict, _doctree: object) -> None:
    seen, kept = set(), []
    for script in context.get("script_files", []):
        key = (getattr(script, "filename", script) or "", repr(sorted(getattr(script, "attributes", {}).items())))
        if key not in seen:
            kept.append(script)
        seen.add(key)
    context["script_files"] = kept
