"""Folded cells in a row become one, and what shows something, or is not folded, stays where it is."""

from docutils import nodes
from docutils.utils import new_document

from book.folds import JoinFolds


def cell(code: str, *, hide: str | None = "input", output: str = "") -> nodes.container:
    made = nodes.container(nb_element="cell_code")
    if hide:
        made["hide_mode"] = hide
    made += nodes.container("", nodes.literal_block(code, code), nb_element="cell_code_source")
    if output:
        made += nodes.container("", nodes.paragraph(output, output), nb_element="cell_code_output")
    return made


def joined(*parts: nodes.Node) -> list[list[str]]:
    """Return what each part says after the transform, code by code."""
    document = new_document("page")
    section = nodes.section("", *parts)
    document += section
    JoinFolds(document).run()
    return [[child.astext() for child in part.findall(nodes.TextElement)] for part in section]


def test_silent_folds_join_the_fold_behind_them():
    found = joined(cell("a"), cell("b"), cell("c", output="figure"), cell("d"))
    assert found == [["a", "b", "c", "figure"], ["d"]]


def test_what_shows_something_stays():
    assert joined(cell("a", output="table"), cell("b")) == [["a", "table"], ["b"]]


def test_prose_and_open_cells_part_them():
    prose = nodes.paragraph("words", "words")
    assert joined(cell("a"), prose, cell("b")) == [["a"], ["words"], ["b"]]
    assert joined(cell("a"), cell("b", hide=None), cell("c")) == [["a"], ["b"], ["c"]]
    assert joined(cell("a", hide="all"), cell("b")) == [["a"], ["b"]]
