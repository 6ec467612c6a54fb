"""A release: what is said of the project in several files agrees, the wheel is whole, and nothing is invented."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

from book.errors import BuildError
from book.release import build_wheel, by_hand, newest_entry, project

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("reproducibility", "checklist")
ROLE = re.compile(r"\{\w+(?::\w+)?\}`[^`]*`")
GLUED = re.compile(r"\{glue:text\}`notebooks/(\w+)\.ipynb::([^`]+):s`")
# names that the page of claims puts together from letters, methods and splits
FROM_A_LOOP = {
    *("each R verdict", "each M verdict", "fp-nas CIFAR-10 validation"),
    *("reinforce CIFAR-10 validation", "evolution CIFAR-10 validation"),
}
DISCONNECTED = "|none~0|+|none~0|none~1|+|none~0|none~1|none~2|"  # no loop need be compiled for it
FROM_FILES = ("pyproject.toml", "CHANGELOG.md", "CITATION.cff", "_config.yml")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


PYPROJECT = tomllib.loads(read("pyproject.toml"))["project"]
CITATION = yaml.safe_load(read("CITATION.cff"))
ZENODO = json.loads(read(".zenodo.json"))
CONFIG = yaml.safe_load(read("_config.yml"))


def plain(title: str) -> str:
    return re.sub(r"[^a-z]", "", title.lower().removeprefix("the "))


def test_the_title_is_one():
    assert CITATION["title"] == ZENODO["title"] == CONFIG["title"]
    assert plain(PYPROJECT["name"]) == plain(CITATION["title"])
    assert CITATION["abstract"] == ZENODO["description"] == PYPROJECT["description"] + "."


def test_the_version_is_one():
    assert PYPROJECT["version"] == CITATION["version"] == ZENODO["version"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", PYPROJECT["version"])


def test_the_licence_is_one():
    assert PYPROJECT["license"] == CITATION["license"] == ZENODO["license"]
    assert read("LICENSE").startswith(f"{PYPROJECT['license']} License")


def test_authors_are_the_same():
    names = [author["name"] for author in PYPROJECT["authors"]]
    assert names == [author["name"] for author in CITATION["authors"]]
    assert names == [creator["name"] for creator in ZENODO["creators"]]
    assert names == [CONFIG["author"]]


def test_keywords_are_the_same():
    assert PYPROJECT["keywords"] == CITATION["keywords"] == ZENODO["keywords"]


def test_the_paper_is_the_same():
    (paper,) = CITATION["references"]
    cited = [identifier["value"] for identifier in paper["identifiers"]]
    assert cited == [related["identifier"] for related in ZENODO["related_identifiers"]]
    assert f"title         = {{{paper['title']}}}" in read("book/references.bib")


def test_the_changelog_begins_with_this_version_and_its_day():
    version, date = newest_entry(read("CHANGELOG.md"))
    assert version == PYPROJECT["version"]
    assert date == str(CITATION.get("date-released", "unreleased"))
    assert date == "unreleased" or re.fullmatch(r"\d{4}-\d\d-\d\d", date)


@pytest.mark.parametrize("text", ["# Changelog\n", "## 1.0.0\n", "## [Unreleased]\n"])
def test_a_changelog_without_an_entry_is_told(text):
    with pytest.raises(BuildError, match=r'has no entry; write a heading such as "## \[1\.0\.0\] - unreleased"'):
        newest_entry(text)


@pytest.fixture
def fresh(tmp_path) -> Path:
    for name in FROM_FILES:
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_what_is_done_is_not_asked_for_again(fresh):
    config, changes, citation = (fresh / name for name in ("_config.yml", "CHANGELOG.md", "CITATION.cff"))
    version = project(fresh)["version"]
    config.write_text('repository: {url: ""}\n', encoding="utf-8")
    changes.write_text(f"## [{version}] - unreleased\n", encoding="utf-8")
    before = by_hand(fresh)
    words = ("repository.url", "unreleased", f"git tag -a v{version}", "upload", "DOI")
    assert [word in step for word, step in zip(words, before, strict=True)] == [True] * 5
    config.write_text("repository: {url: https://github.com/owner/name}\n", encoding="utf-8")
    changes.write_text(f"## [{version}] - 2030-01-31\n", encoding="utf-8")
    citation.write_text("doi: 10.0000/made-up-for-this-test\n", encoding="utf-8")
    assert by_hand(fresh) == before[2:4]


def test_a_version_that_the_changelog_does_not_know_is_told(fresh):
    replace(fresh / "pyproject.toml", f'version = "{PYPROJECT["version"]}"', 'version = "9.9.9"')
    with pytest.raises(BuildError, match=r"pyproject\.toml has 9\.9\.9; make them agree"):
        by_hand(fresh)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    before = {path.name for path in ROOT.iterdir()}
    built = build_wheel(ROOT, tmp_path_factory.mktemp("wheels"))
    assert {path.name for path in ROOT.iterdir()} == before
    return built


@pytest.mark.slow
def test_the_wheel_holds_both_packages_the_tables_and_nothing_else(wheel):
    assert wheel.name == f"tegnas_study-{PYPROJECT['version']}-py3-none-any.whl"
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert tops == {"tegnas_core", "tegnas_study", f"tegnas_study-{PYPROJECT['version']}.dist-info"}
    packages = (ROOT / "tegnas_core", ROOT / "tegnas_study")
    sources = {str(path.relative_to(ROOT)) for package in packages for path in package.rglob("*.py")}
    sources |= {str(path.relative_to(ROOT)) for package in packages for path in package.rglob("*.json")}
    assert sources <= {*names}
    tables = {path.relative_to(ROOT) for path in (ROOT / "data").rglob("*.parquet")}
    assert {f"tegnas_study/shipped/{path.as_posix()}" for path in tables} <= {*names}
    assert wheel.stat().st_size < 30e6  # what an index takes without asking is 100 MB


@pytest.mark.slow
@pytest.mark.long
def test_the_wheel_works_from_any_folder_without_the_repository(wheel, tmp_path):
    """The packages that it needs are those of this environment; its own code and tables are those in the wheel."""
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    (tmp_path / "elsewhere").mkdir()
    commands = [
        ["evaluate", DISCONNECTED, "--repeats", "1", "--batch-size", "8"],
        ["search", "random", "--steps", "5"],
        ["atlas", "report"],
    ]
    code = f"""
import contextlib
from tegnas_study.cli import main
for command in {commands!r}:
    with contextlib.suppress(SystemExit):
        main(command)
"""
    here = {name: value for name, value in os.environ.items() if name != "TEGNAS_DATA"}
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=tmp_path / "elsewhere",
        env={**here, "PYTHONPATH": str(tmp_path / "installed")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "disconnected" in done.stdout and "cifar10 test" in done.stdout
    assert done.stderr.splitlines()[-1] == "tegnas: there is no repository to write into: name a folder with --out"
    assert [*(tmp_path / "elsewhere").iterdir()] == []


@pytest.mark.slow
def test_a_wheel_that_cannot_be_built_is_told_in_one_line(tmp_path):
    for name in ("tegnas_core", "tegnas_study", "data", "book"):
        (tmp_path / name).mkdir()
    for name in ("setup.py", "README.md", "LICENSE", "book/claims.yml"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "pyproject.toml").write_text("[project", encoding="utf-8")
    with pytest.raises(BuildError, match=r"the wheel cannot be built: [^\n]+$"):
        build_wheel(tmp_path, tmp_path / "wheels")


# The pages for reviewers


@pytest.mark.parametrize("name", PAGES)
def test_a_page_for_reviewers_is_in_the_contents(name):
    toc = yaml.safe_load(read("book/_toc.yml"))
    (part,) = [part for part in toc["parts"] if part["caption"] == "To look things up"]
    assert name in [chapter["file"] for chapter in part["chapters"]]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_for_reviewers_types_no_result(name):
    text = ROLE.sub("", read(f"book/{name}.md"))
    assert re.findall(r"\d+[.,]\d+|\d+ ?%|[=≈] ?[−-]?\d", text) == []


@pytest.mark.parametrize("name", PAGES)
def test_labels_and_files_that_a_page_for_reviewers_names_exist(name):
    text = read(f"book/{name}.md")
    pages = [*(ROOT / "book").glob("*.md"), *(ROOT / "notebooks").glob("*.py")]
    labels = {
        label for page in pages for label in re.findall(r"^(?:# )?\((.+)\)=$", page.read_text("utf-8"), re.M)
    }
    asked = [re.sub(r".*<(.*)>", r"\1", found) for found in re.findall(r"\{ref\}`([^`]+)`", text)]
    assert asked and set(asked) <= labels
    files = [found for found in re.findall(r"`([^`\n]+)`", ROLE.sub("", text)) if "/" in found]
    assert files and [found for found in files if not (ROOT / found).exists()] == []


def test_glued_numbers_of_the_summary_are_those_of_other_pages():
    glued = set(GLUED.findall(read("book/reproducibility.md")))
    assert {page for page, _ in glued} == {"00_claims"}
    others = set(GLUED.findall(read("book/intro.md")))
    script = read("notebooks/00_claims.py")
    new = {key for _, key in glued - others}
    assert [key for key in new if f'note("{key}"' not in script and key not in FROM_A_LOOP] == []


def test_every_item_of_the_checklist_has_one_of_four_answers():
    rows = re.findall(r"^\* - (.+)\n  - (.+)\n  - (.+(?:\n    .+)*)$", read("book/checklist.md"), re.M)
    rows = [row for row in rows if row[0] != "Item"]
    assert len(rows) == read("book/checklist.md").count("\n* - ") - 3 == 16
    assert {answer for _, answer, _ in rows} <= {"yes", "no", "in part", "not applicable"}
    assert [item for item, _, shown in rows if "{ref}" not in shown and "`" not in shown] == []
