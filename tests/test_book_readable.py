"""A chapter by itself: no role and no directive is left, and what the book hides is folded."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from book.offline import as_slides
from book.readable import plain_markdown, readable, titles

pytestmark = pytest.mark.slow


def glued(name, text):
    data = {"application/papermill.record/text/plain": text}
    return new_output("display_data", data, metadata={"scrapbook": {"name": name}})


def chapter() -> nbformat.NotebookNode:
    figure = {"mystnb": {"figure": {"name": "fig-a", "caption": "Some {glue:text}`mean:.1f`."}}}
    return new_notebook(
        cells=[
            new_markdown_cell(
                "(ch-a)=\n# Is it so?\n\n$$\nx = 1\n$$ (eq-a)\n\nBy {eq}`eq-a`, {glue:text}`mean:.2f`."
            ),
            new_code_cell("n = 3", metadata={"tags": ["parameters"]}),
            new_code_cell("glue('mean', m)", metadata={"tags": ["hide-input"]}, outputs=[glued("mean", "0.126")]),
            new_code_cell(
                "plt.show()", metadata=figure, outputs=[new_output("display_data", {"text/plain": "x"})]
            ),
            new_markdown_cell("{numref}`fig-a` and {glue:text}`words`; {{ recorded }} {cite:t}`kendall1938`"),
            new_markdown_cell(
                "## A part\n\n```{list-table}\n:header-rows: 1\n\n* - a | b\n  - c\n* - d\n  - e\n    f\n```"
            ),
            new_markdown_cell("## Exercises\n\n```{exercise}\n:label: ex-a\nHow many?\n```"),
            new_markdown_cell("````{solution} ex-a\n:class: dropdown\nOne.\n\n```python\nanswer = 1\n```\n````"),
        ]
    )


def test_numbers_and_names_stand_in_place_of_roles():
    text = "\n".join(cell.source for cell in readable(chapter()).cells if cell.cell_type == "markdown")
    assert "By (1), 0.13." in text and "\\tag{1} $$" in text and "(ch-a)=" not in text
    assert "**Fig. 1.** Some 0.1." in text and "Fig. 1 and (words); `accuracies: recorded`" in text
    assert "Kendall (1938)" in text
    assert "| a \\| b | c |\n|---|---|\n| d | e f |" in text
    assert "**Exercise 1.** How many?" in text
    assert "<details><summary>Solution of exercise 1</summary>\n\nOne.\n\n```python\nanswer = 1\n```" in text
    assert "{" not in text.replace("\\tag{1}", "")


def test_what_is_hidden_is_folded_and_what_carries_numbers_is_dropped():
    cells = [cell for cell in readable(chapter()).cells if cell.cell_type == "code"]
    assert [cell.metadata.get("jupyter", {}).get("source_hidden", False) for cell in cells] == [False, True, False]
    assert [len(cell.outputs) for cell in cells] == [0, 0, 1]


def test_the_original_stays_as_it_is():
    original = chapter()
    before = nbformat.writes(original)
    readable(original)
    assert nbformat.writes(original) == before


def test_labels_of_the_book_lead_to_titles_and_notebooks():
    assert titles()["ch-indicators"][1] == "02_indicators.ipynb"
    assert plain_markdown("{ref}`ch-indicators`").endswith("(02_indicators.ipynb)")
    assert plain_markdown("{ref}`the conventions <ch-conventions>`") == "*the conventions*"
    assert plain_markdown("{ref}`nowhere`") == "*nowhere*"
    assert plain_markdown("{eq}`eq-kappa`") == "“kappa” (Notation)"


def test_slides_open_at_headings_and_leave_out_exercises_and_parameters():
    cells = as_slides(readable(chapter())).cells
    kinds = [(cell.metadata["slideshow"]["slide_type"], cell.source.splitlines()[0]) for cell in cells]
    assert [kind for kind, _ in kinds] == ["slide", "subslide", "-", "subslide", "slide"]
    assert [line for _, line in kinds if "Exercise" in line or "n = 3" in line] == []
