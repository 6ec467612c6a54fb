"""``data/croissant.json`` and the columns of ``data/README.md``: valid, and in step with the tables."""

import json
import logging
import shutil
from dataclasses import replace

import pytest
from click.testing import CliRunner

from tegnas_core.errors import TegnasError
from tegnas_study.catalogue import __main__ as command
from tegnas_study.catalogue.__main__ import descriptions
from tegnas_study.catalogue.about import project
from tegnas_study.catalogue.contents import contents
from tegnas_study.catalogue.croissant import croissant
from tegnas_study.catalogue.page import BEGIN, END, with_columns
from tegnas_study.paths import DATA, REPOSITORY

FILES = contents()
PROJECT = project(REPOSITORY)


@pytest.mark.parametrize("name", ["croissant.json", "README.md"])
def test_descriptions_are_in_step_with_the_tables(name):
    fresh = descriptions(FILES)[name]
    assert (DATA / name).read_text(encoding="utf-8") == fresh, f"data/{name} is out of step; run make data"


def test_croissant_is_valid(caplog):
    mlcroissant = pytest.importorskip("mlcroissant")  # it comes with the extra "dev"
    with caplog.at_level(logging.WARNING):
        dataset = mlcroissant.Dataset(jsonld=str(DATA / "croissant.json"))  # raises on an error
    warned = [line for record in caplog.records for line in record.getMessage().splitlines() if "  -  " in line]
    assert [line for line in warned if "datePublished" not in line] == []  # there is no date before a release
    assert dataset.metadata.data_limitations and dataset.metadata.data_collection
    first = next(iter(dataset.records("rows-of/quoted/table-2")))
    assert first["rows-of/quoted/table-2/cifar10"] == pytest.approx(93.97)


def test_every_file_and_every_column_is_described():
    told = json.loads((DATA / "croissant.json").read_text(encoding="utf-8"))
    objects = {entry["@id"]: entry for entry in told["distribution"] if entry["@type"] == "cr:FileObject"}
    assert {*objects} == {file.name for file in FILES}
    sets = {entry["@id"]: entry["includes"] for entry in told["distribution"] if entry["@type"] == "cr:FileSet"}
    described = {}
    for record_set in told["recordSet"]:
        source = record_set["field"][0]["source"]
        names = sets[source["fileSet"]["@id"]] if "fileSet" in source else [source["fileObject"]["@id"]]
        described |= {name: [field["name"] for field in record_set["field"]] for name in names}
    assert described == {file.name: [column.name for column in file.columns] for file in FILES if file.kind}


def test_nothing_is_made_up_before_there_is_an_address_or_a_day():
    bare = json.loads(croissant(FILES[:3], replace(PROJECT, url="", published="")))
    assert not {"url", "datePublished", "sameAs", "identifier"} & {*bare}
    told = json.loads(croissant(FILES[:3], replace(PROJECT, url="https://example.org/x", published="2030-01-31")))
    assert (told["url"], told["datePublished"]) == ("https://example.org/x", "2030-01-31")


def test_the_command_checks_writes_and_tells(tmp_path, monkeypatch):
    monkeypatch.setattr(command, "DATA", tmp_path)
    (tmp_path / "quoted").mkdir()
    shutil.copy(DATA / "quoted" / "table-5.csv", tmp_path / "quoted")
    (tmp_path / "README.md").write_text(f"{BEGIN}\n{END}\n", encoding="utf-8")
    run = CliRunner().invoke
    done = run(command.main, ["--check"])
    assert isinstance(done.exception, TegnasError)
    assert str(done.exception) == "data/croissant.json is out of step with the tables; run make data"
    assert not (tmp_path / "croissant.json").exists()
    assert run(command.main).output.splitlines() == [
        "tables that keep their contracts: 1",
        "data/croissant.json was written",
        "data/README.md was written",
    ]
    assert "`cifar100_sd`" in (tmp_path / "README.md").read_text(encoding="utf-8")
    assert run(command.main, ["--check"]).exit_code == 0
    rows = (tmp_path / "quoted" / "table-5.csv").read_text(encoding="utf-8")
    (tmp_path / "quoted" / "table-5.csv").write_text(rows.replace("69.06", "169.06"), encoding="utf-8")
    done = run(command.main)
    assert "cifar100 in row 1 is 169.06, and must be: number, 0 to 100" in str(done.exception)


def test_a_page_without_its_marks_is_told():
    assert with_columns(f"before {BEGIN} old {END} after", FILES).endswith("after")
    for page in ("", BEGIN, END, f"{END} {BEGIN}"):
        with pytest.raises(TegnasError, match=r"data/README\.md must hold the lines"):
            with_columns(page, FILES)
