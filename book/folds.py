"""A Sphinx extension: folded cells that stand one behind the other, and show nothing, fold into one line.

A chapter keeps its cells short, so the plumbing before a figure may take several of them. Each would say "show the
code" for itself; here the code of a silent one moves to the front of the next folded cell.
"""

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class JoinFolds(SphinxPostTransform):
    """Move the code of a silent folded cell into the folded cell behind it."""

    default_priority = 198  # MyST-NB folds the cells at 199
    formats = ("html",)

    def run(self, **_kwargs: object) -> None:
        """Change the page."""
        for cell in [*self.document.findall(is_silent_fold)]:
            parent = cell.parent
            place = parent.index(cell)
            behind = parent[place + 1] if place + 1 < len(parent) else None
            if behind is not None and is_fold(behind):
                behind[0].children[:0] = cell[0].children
                for child in behind[0].children:
                    child.parent = behind[0]
                parent.remove(cell)


def is_fold(node: nodes.Node) -> bool:
    """Say whether a node is a code cell whose code folds away."""
    return (
        isinstance(node, nodes.container)
        and node.get("nb_element") == "cell_code"
        and node.get("hide_mode") == "input"
        and bool(node.children)
        and node[0].get("nb_element") == "cell_code_source"
    )


def is_silent_fold(node: nodes.Node) -> bool:
    """Say whether a folded cell shows nothing beside its code."""
    return is_fold(node) and len(node.children) == 1


def setup(app: "Sphinx") -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_post_transform(JoinFolds)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
