"""The book: its configuration, its build on a small book, the pages of the real one where it was built."""

import contextlib
import importlib
import inspect
import operator
import re
from hashlib import sha256
from pathlib import Path

import browser
import nbformat
import pytest
import small_book
import yaml
from jupyter_book.config import PATH_YAML_DEFAULT

from book import card_pages
from book.build import render
from book.errors import BuildError
from book.execute import execute, key_of, workers
from tegnas_core.settings import PRESETS, IndicatorSettings
from tegnas_study.experiments.presets import METHODS as SEARCH_METHODS
from tegnas_study.experiments.presets import SPACES as SEARCH_SPACES

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "book"
BUILT = ROOT / "_build" / "html"
WIDTHS = (1280, 390)

needs_chromium = pytest.mark.skipif(browser.CHROMIUM is None, reason="Chromium is not installed")


# Sources


def test_config_has_only_keys_that_jupyter_book_reads():
    """A misspelt key would build silently."""
    known = yaml.safe_load(PATH_YAML_DEFAULT.read_text(encoding="utf-8"))
    known["bibtex_bibfiles"] = []
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    for key, value in config.items():
        assert key in known
        if isinstance(value, dict):
            assert set(value) <= set(known[key]), key


def test_config_leaves_execution_to_papermill_and_stops_at_stderr():
    execution = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["execute"]
    assert execution == {"execute_notebooks": "off", "stderr_output": "remove-warn"}


def toc_pages() -> list[str]:
    toc = yaml.safe_load((SOURCES / "_toc.yml").read_text(encoding="utf-8"))
    return [toc["root"], *(chapter["file"] for part in toc["parts"] for chapter in part["chapters"])]


def test_contents_list_every_page_once_and_nothing_else():
    pages = {page.stem for page in SOURCES.glob("*.md")}
    chapters = {f"notebooks/{script.stem}" for script in (ROOT / "notebooks").glob("*.py")}
    assert sorted(toc_pages()) == sorted(pages | chapters)


def test_chapters_stand_in_the_order_of_their_numbers():
    chapters = [page for page in toc_pages() if page.startswith("notebooks/")]
    assert chapters == sorted(chapters)


def test_readme_lists_every_chapter():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    chapters = [page for page in toc_pages() if page.startswith("notebooks/")]
    assert [chapter for chapter in chapters if f"]({chapter}.ipynb)" not in readme] == []


def test_presets_on_the_page_are_those_of_the_code():
    text = (SOURCES / "conventions.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in re.findall(r"^\| `.*$", text, re.M)]
    order = ("teg", "paper", "released")
    expected = {
        f"`{field}`": [str(getattr(PRESETS[name], field)) for name in order]
        for field in IndicatorSettings.model_fields
        if field != "name"
    }
    assert {row[0]: row[1:] for row in rows} == expected


def test_every_setting_is_explained():
    explained = (SOURCES / "conventions.md").read_text(encoding="utf-8").split("(sec-presets)=")[0]
    fields = set(IndicatorSettings.model_fields) - {"name"}
    assert {field for field in fields if f"`{field}`" not in explained} == set()


def test_every_option_of_a_search_is_explained():
    text = (SOURCES / "conventions.md").read_text(encoding="utf-8").split("(sec-search-presets)=")[1]
    tables = [*SEARCH_METHODS.values(), *SEARCH_SPACES.values()]
    options = {option for table in tables for preset in table.values() for option in preset}
    assert {"optimiser", "mutation"} <= options
    assert {option for option in options if f"`{option}`" not in text} == set()


def leads_to(name: str) -> object:
    """Return the function or class that a dotted name leads to."""
    parts = (name if name.startswith("tegnas_") else f"tegnas_core.{name}").split(".")
    for n in range(len(parts) - 1, 0, -1):
        with contextlib.suppress(ModuleNotFoundError):
            return operator.attrgetter(".".join(parts[n:]))(importlib.import_module(".".join(parts[:n])))
    raise AssertionError(f"{name} leads nowhere")


def exists(name: str) -> bool:
    """Whether a dotted name leads to a module, a function, a class, or a member or field of a class."""
    name = name if name.startswith("tegnas_") else f"tegnas_core.{name}"
    found, *rest = [importlib.import_module(name.partition(".")[0]), *name.split(".")[1:]]
    for i, part in enumerate(rest):
        with contextlib.suppress(ModuleNotFoundError):
            importlib.import_module(".".join([found.__name__, part])) if inspect.ismodule(found) else None
        if i == len(rest) - 1 and part in getattr(found, "__annotations__", {}):
            return True
        if not hasattr(found, part):
            return False
        found = getattr(found, part)
    return True


def test_names_in_the_notation_exist():
    text = (SOURCES / "notation.md").read_text(encoding="utf-8")
    names = re.findall(r"`([a-zA-Z_]\w*(?:\.\w+)+)`", text)
    assert len(names) > 30
    assert [name for name in names if not exists(name)] == []
    assert not exists("spaces.architecture.Nothing") and not exists("no_such_room.thing")


def test_every_equation_of_the_paper_leads_to_code():
    table = (SOURCES / "notation.md").read_text(encoding="utf-8").split(":class: equations")[1].split("```")[0]
    found = set()
    for row in re.findall(r"^\| (Eqs?\. .*?) \|", table, re.M):
        first, *last = map(int, re.findall(r"\d+", row))
        found |= set(range(first, (last or [first])[-1] + 1)) if " to " in row else {first, *last}
    assert found == set(range(1, 21)) and "| Algorithm 1 |" in table
    for row in re.findall(r"^\| (?:Eqs?\.|Algorithm) .*$", table, re.M):
        names = re.findall(r"`([\w.]+)`", row.split("|")[-2])
        assert names, row
        for name in names:
            assert callable(leads_to(name)), row


def test_places_in_the_guide_for_contributors_exist():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    places = re.findall(r"`((?:tegnas_core|tegnas_study|data|tests)/[\w/.]*)`", text)
    assert len(places) > 15
    assert [place for place in places if not (ROOT / place).exists()] == []


# Rendering a small book


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    root = tmp_path_factory.mktemp("small")
    source = small_book.write_notebook(root / "notebooks")
    small_book.write_book(root)
    target = root / "book" / "notebooks" / source.name
    with workers(1) as pool:
        pool.submit(execute, source, target, {}, key="abc").result()
    assert key_of(target) == "abc"
    return render(root).parent


@pytest.mark.long
def test_small_book_has_its_pages_and_its_numbers(small):
    intro = (small / "intro.html").read_text(encoding="utf-8")
    notebook = nbformat.read(small.parents[1] / "book" / "notebooks" / "01_small.ipynb", as_version=4)
    glued = next(o for cell in notebook.cells for o in cell.get("outputs", []) if "scrapbook" in o.metadata)
    mean = float(glued.data["application/papermill.record/text/plain"])
    assert f">{mean:.2f}<" in intro
    assert "Fig. 1.1" in intro
    assert "Kendall" in intro
    page = (small / "notebooks" / "01_small.html").read_text(encoding="utf-8")
    assert 'alt="Ten points."' in page
    assert "colab" not in page and "source-repository-button" not in page  # it has no address


@pytest.mark.long
def test_a_figure_says_where_it_comes_from(small):
    page = (small / "notebooks" / "01_small.html").read_text(encoding="utf-8")
    (line,) = re.findall(r'<details class="origin">.*?</details>', page, re.DOTALL)
    assert page.index("</figure>") < page.index(line)
    assert "Cell 4 of <code>notebooks/01_small.ipynb</code>" in line
    content = (ROOT / "data" / "quoted" / "table-5.csv").read_bytes()
    assert f"<code>data/quoted/table-5.csv</code>, SHA-256 <code>{sha256(content).hexdigest()[:12]}…" in line
    assert line.count("<li>") == 1


@pytest.mark.long
def test_small_book_has_every_script_once(small):
    page = (small / "intro.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script[^>]*>.*?</script>", page, re.DOTALL)
    assert len(scripts) > 5
    assert [script for script in scripts if scripts.count(script) > 1] == []
    assert page.count("const THEBE_JS_URL") == 1


@pytest.mark.long
def test_small_book_needs_nothing_from_outside(small):
    assert from_outside(small) == []


@needs_chromium
@pytest.mark.long
def test_small_book_is_whole_in_a_browser_without_network(small, tmp_path):
    pages = [(small / name).as_uri() for name in ("intro.html", "notebooks/01_small.html")]
    search = f"{(small / 'search.html').as_uri()}?q=ornithorhynchus"
    looks = browser.look_at([*pages, search], WIDTHS, tmp_path)
    assert faults(looks) == []
    assert [look.formulas for look in looks if "01_small" in look.page] == [1, 1]
    assert [look.search_results for look in looks if look.page == search] == [1, 1]


@pytest.mark.long
def test_a_warning_stops_the_build(tmp_path):
    (tmp_path / "book" / "notebooks").mkdir(parents=True)
    small_book.write_book(tmp_path, intro="# A book\n\n{ref}`nowhere`\n")
    (tmp_path / "book" / "_toc.yml").write_text("format: jb-book\nroot: intro\n", encoding="utf-8")
    with pytest.raises(BuildError, match="undefined label: 'nowhere'"):
        render(tmp_path)


@needs_chromium
@pytest.mark.long
def test_the_browser_sees_what_is_wrong(tmp_path):
    bad = tmp_path / "bad.html"
    wide, raw = '<div style="width: 2000px">wide</div>', '<span class="math">x</span>'
    bad.write_text(f'<!doctype html>{wide}{raw}<img src="none.png">', encoding="utf-8")
    (look,) = browser.look_at([bad.as_uri()], (390,), tmp_path)
    assert look.overflow >= 1600
    assert (look.unrendered, look.broken_images) == (1, 1)
    assert faults([look]) == [look]


# The book itself, where `make book` has built it


def why_not_built() -> str | None:
    if not (BUILT / "index.html").exists():
        return "the book is not built: make book"
    sources = [
        ROOT / "_config.yml",
        *SOURCES.glob("*.*"),
        *(SOURCES / "_static").glob("*.css"),
        *(SOURCES / "explorer").glob("*.*"),
    ]
    newest = max(path.stat().st_mtime for path in (*sources, *(ROOT / "notebooks").glob("*.py")))
    if newest > (BUILT / "intro.html").stat().st_mtime:  # index.html only leads here and is not written again
        return "the built book is older than its sources: make book"
    return None


WHY_NOT_BUILT = why_not_built()
needs_book = pytest.mark.skipif(WHY_NOT_BUILT is not None, reason=str(WHY_NOT_BUILT))


def built_pages(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*.html") if not {"_static", "_sources"} & set(path.parts))


def from_outside(root: Path) -> list[str]:
    """Return every script, picture and style sheet that a page would fetch from another host."""
    tags = r"<(?:script|img|iframe|source|video|audio|embed)\b[^>]*\ssrc=[\"'](?:https?:)?//[^>]*>"
    links = r"<link\b[^>]*\bhref=[\"'](?:https?:)?//[^>]*>"
    found = []
    for page in built_pages(root):
        found += re.findall(f"{tags}|{links}", page.read_text(encoding="utf-8"))
    for style in root.rglob("*.css"):
        found += re.findall(r"(?:url\(|@import)\s*[\"']?https?:[^)]*", style.read_text(encoding="utf-8"))
    return found


def faults(looks: list[browser.Look]) -> list[browser.Look]:
    return [look for look in looks if look.overflow > 0 or look.unrendered or look.errors or look.broken_images]


@needs_book
def test_built_book_has_every_page():
    assert [page for page in toc_pages() if not (BUILT / f"{page}.html").exists()] == []


@needs_book
def test_built_book_needs_nothing_from_outside():
    assert from_outside(BUILT) == []


@needs_book
@needs_chromium
def test_built_book_is_whole_in_a_browser_without_network(tmp_path):
    pages = [page.as_uri() for page in built_pages(BUILT)]
    search = f"{(BUILT / 'search.html').as_uri()}?q=kernel"
    looks = browser.look_at([*pages, search], WIDTHS, tmp_path)
    assert len(looks) == 2 * len(pages) + 2
    assert faults(looks) == []
    assert sum(look.formulas for look in looks) > 0
    assert all(look.search_results for look in looks if look.page == search)


@needs_book
def test_every_figure_of_the_built_book_has_a_name_a_caption_and_words_for_those_who_cannot_see_it():
    cells = [
        cell
        for path in sorted((SOURCES / "notebooks").glob("*.ipynb"))
        for cell in nbformat.read(path, as_version=4).cells
    ]
    assert sum("image/png" in output.get("data", {}) for cell in cells for output in cell.get("outputs", [])) > 50
    for cell in cells:
        images = [output for output in cell.get("outputs", []) if "image/png" in output.get("data", {})]
        hidden = {"remove-cell", "remove-output"} & set(cell.metadata.get("tags", []))
        if images and not hidden:
            described = cell.metadata.get("mystnb", {})
            figure, image = described.get("figure", {}), described.get("image", {})
            assert figure.get("name", "").startswith("fig-"), cell.source
            assert len(figure.get("caption", "")) > 10, cell.source
            assert len(image.get("alt", "")) > 10, cell.source
        for block in re.findall(r"\{glue:figure\}.*?(?:```|:::)", cell.source, re.DOTALL):
            assert ":name: fig-" in block, block
            assert ":alt: " in block, block


# Indicator cards


def test_every_measured_indicator_has_a_card_and_the_contents_find_them():
    names = card_pages.measured_names()
    assert {"rank_sum", "condition_number", "parameters", "naswot"} <= {*names}
    toc = yaml.safe_load((SOURCES / "_toc.yml").read_text(encoding="utf-8"))
    (cards,) = [c for part in toc["parts"] for c in part["chapters"] if c["file"] == "cards"]
    assert cards["sections"] == [{"glob": "cards/*"}]


class InThisProcess:
    """A pool that computes here."""

    map = staticmethod(map)


@pytest.mark.long
def test_cards_are_written_once_and_their_pages_render(tmp_path, monkeypatch):
    monkeypatch.setattr(card_pages, "N_DRAWS", 2)
    monkeypatch.setattr(card_pages, "measured_names", lambda: ("n_convolutions", "log_synflow"))
    small_book.write_book(tmp_path, intro="# A book\n\n(ch-choices)=\n## Choices\n\n```{bibliography}\n```\n")
    folder = tmp_path / "book" / "cards"
    assert card_pages.write_cards(folder, InThisProcess(), shared="a") == 2
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert {"n_convolutions.md", "log_synflow.png", "overview.png", "overview.txt"} <= first.keys()
    card_pages.write_cards(folder, InThisProcess(), shared="a")  # unchanged
    (folder / "log_synflow.md").unlink()
    card_pages.write_cards(folder, InThisProcess(), shared="b")
    again = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert {name for name in first if again[name] != first[name]} == {card_pages.KEY}
    (tmp_path / "book" / "cards.md").write_bytes((SOURCES / "cards.md").read_bytes())
    toc = small_book.TOC.replace("file: notebooks/01_small", "file: cards\n        sections: [{glob: cards/*}]")
    (tmp_path / "book" / "_toc.yml").write_text(toc, encoding="utf-8")
    built = render(tmp_path).parent
    page = (built / "cards" / "log_synflow.html").read_text(encoding="utf-8")
    assert "prints it." in page and "Random search at equal evaluations" in page
    assert "cards/n_convolutions.html" in (built / "cards.html").read_text(encoding="utf-8")


@needs_book
def test_built_book_has_the_card_of_every_measured_indicator():
    assert [n for n in card_pages.measured_names() if not (BUILT / "cards" / f"{n}.html").exists()] == []
