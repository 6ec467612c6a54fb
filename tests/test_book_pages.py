"""What the build writes into pages: the reference, the index of exercises, the buttons of an address."""

import re
from pathlib import Path
from types import SimpleNamespace

import jupytext
import pytest
import small_book
import yaml
from sphinx.errors import ConfigError

from book import api_page, buttons, teaching_page
from book.build import render

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "book"


@pytest.fixture(scope="module")
def api() -> str:
    return api_page.reference(api_page.public_names())


def test_every_link_from_the_equations_has_its_entry(api):
    linked = re.findall(r"\]\(#(api-[\w-]+)\)", (SOURCES / "notation.md").read_text(encoding="utf-8"))
    assert len(linked) > 15
    assert [label for label in linked if f"({label})=" not in api] == []


def test_the_reference_describes_what_it_lists(api):
    assert "### condition_number" in api and "- `ntk`: " in api and "**Returns**" in api
    labels = re.findall(r"^\((api-[\w-]+)\)=$", api, re.M)
    assert len(labels) > 40 and len(labels) == len(set(labels))
    assert " at 0x" not in api


def test_markup_in_a_docstring_is_escaped():
    assert api_page._safe("a_b *c* [d] `e_f` $g$ {h}") == r"a\_b \*c\* \[d\] `e_f` \$g\$ \{h\}"


def test_the_index_lists_every_exercise_once():
    index = teaching_page.index(ROOT / "notebooks")
    found = re.findall(r"\{ref\}`(ex-[\w-]+)`", index)
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "notebooks").glob("*.py"))
    assert sorted(found) == sorted(re.findall(r"^# :label: (ex-\S+)", text, re.M))
    assert f"There are {len(found)} exercises." in index and len(found) >= 30


def test_half_of_the_exercises_ask_for_more_than_a_number():
    scripts = sorted((ROOT / "notebooks").glob("*.py"))
    kinds = [kind for script in scripts for _, _, kind in teaching_page.exercises(script)]
    assert sum(kind in {"write a function", "build", "predict"} for kind in kinds) >= len(kinds) / 2


def test_what_the_reader_does_is_told():
    assert teaching_page.kind_of("ex-write-weighted-naswot", "Predict, then write it.") == "write a function"
    assert teaching_page.kind_of("ex-own-wrap") == "build"
    assert teaching_page.kind_of("ex-cost-of-search", "Predict it.") == "predict"
    assert teaching_page.kind_of("ex-cutout", "Which share?") == "answer"
    assert teaching_page.kind_of("ex-none", "Why?") == "discuss"


def test_terms_that_pages_ask_for_are_in_the_glossary():
    glossary = (SOURCES / "glossary.md").read_text(encoding="utf-8")
    entries = {
        line.casefold() for line in glossary.split("```{glossary}\n")[1].splitlines() if re.match(r"\S", line)
    }
    scripts = [jupytext.read(path) for path in (ROOT / "notebooks").glob("*.py")]
    texts = [path.read_text(encoding="utf-8") for path in SOURCES.glob("*.md")]
    texts += [cell.source for script in scripts for cell in script.cells if cell.cell_type == "markdown"]
    asked = [re.sub(r".*<(.*)>", r"\1", term) for text in texts for term in re.findall(r"\{term\}`([^`]+)`", text)]
    assert asked and [term for term in asked if term.casefold() not in entries] == []
    assert {"jacobian", "cotangent", "ntk", "supernet", "nat", "policy", "entropy", "bootstrap"} <= entries


def test_badges_are_those_of_the_configuration():
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    known = config["sphinx"]["config"]["myst_substitutions"]
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "notebooks").glob("*.py"))
    used = set(re.findall(r"\{\{ *(\w+) *\}\}", text))
    assert used == set(known)
    assert "(sec-two-tables)=" in (SOURCES / "conventions.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "address, offered, colab",
    [
        ("", False, False),
        ("https://github.com/owner/name/", True, True),
        ("https://gitlab.com/owner/name", True, False),
    ],
)
def test_buttons_come_with_an_address(address, offered, colab):
    config = SimpleNamespace(html_theme_options={"repository_url": address})
    buttons._offer(None, config)
    assert config.html_theme_options.get("use_repository_button", False) == offered
    assert ("launch_buttons" in config.html_theme_options) == colab


@pytest.mark.parametrize(
    "address", ["github.com/owner/name", "http://github.com/owner/name", "https://github.com"]
)
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(ConfigError, match=r"must look like https://github\.com/OWNER/NAME"):
        buttons._offer(None, SimpleNamespace(html_theme_options={"repository_url": address}))


@pytest.mark.long
def test_a_book_with_an_address_has_its_buttons(tmp_path):
    """The small book of `test_book`, which has no address, has none."""
    (tmp_path / "book" / "notebooks").mkdir(parents=True)
    small_book.write_book(
        tmp_path, intro="# A book\n\n{bdg-ref-primary}`accuracies <sec>`\n\n(sec)=\n## Accuracies\n"
    )
    notebook = jupytext.reads("# %% [markdown]\n# # A chapter\n\n# %%\n1 + 1", fmt="py:percent")
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    jupytext.write(notebook, tmp_path / "book" / "notebooks" / "01_small.ipynb")
    config = (tmp_path / "_config.yml").read_text(encoding="utf-8")
    config = config.replace('url: ""', 'url: "https://github.com/owner/name"')
    (tmp_path / "_config.yml").write_text(config, encoding="utf-8")
    page = (render(tmp_path).parent / "notebooks" / "01_small.html").read_text(encoding="utf-8")
    assert "https://colab.research.google.com/github/owner/name/blob/main/notebooks/01_small.ipynb" in page
    assert "source-repository-button" in page
