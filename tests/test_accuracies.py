"""The page of accuracies names every column as the code defines it, and every figure that shows an accuracy."""

import re
from functools import cache
from pathlib import Path

import jupytext
import pytest

from tegnas_study.data.benchmark.value import COLUMNS

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "book" / "accuracies.md").read_text(encoding="utf-8")
ON_OTHER_PAGES = {"fig-headline", "fig-cards"}  # of the start page, and of the page of cards
TWELVE = re.compile(r"cifar10_test_12_epoch_\d\d")


@cache
def captions() -> dict[str, str]:
    """Return the caption of every figure of the chapters by its name."""
    found = {}
    for script in sorted((ROOT / "notebooks").glob("*.py")):
        for cell in jupytext.read(script).cells:
            figure = cell.metadata.get("mystnb", {}).get("figure")
            if figure:
                found[figure["name"]] = figure["caption"]
    return found


def rows() -> dict[str, list[str]]:
    lines = [
        line.strip("| ").split(" | ")
        for line in PAGE.splitlines()
        if line.startswith("| `") and line.count("|") == 5
    ]
    return {cells[0]: cells[1:] for cells in lines}


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)
def test_a_column_is_described_as_it_is_defined(column):
    assert f"`{column.name}`" in PAGE or TWELVE.fullmatch(column.name)
    if column.quantity != "accuracy" or column.retrained or TWELVE.fullmatch(column.name):
        return
    assert rows()[f"`{column.name}`"] == [
        f"`{column.protocol}`",
        column.split,
        f"{column.epoch} of {column.schedule}",
    ]


def test_no_column_is_named_that_does_not_exist():
    known = {column.name for column in COLUMNS}
    assert {*re.findall(r"`((?:cifar10|cifar100|imagenet16_120)_[a-z0-9_]+)`", PAGE)} <= known


def test_figures_on_the_page_exist_and_each_stands_once():
    named = re.findall(r"\{numref\}`(fig-[a-z0-9-]+)`", PAGE)
    assert len(named) == len({*named}) and {*named} <= captions().keys() | ON_OTHER_PAGES


def test_every_figure_whose_caption_speaks_of_accuracy_is_on_the_page():
    speaking = {name for name, caption in captions().items() if "accura" in caption.lower()}
    missing = sorted(name for name in speaking if f"`{name}`" not in PAGE)
    assert missing == [], "say on book/accuracies.md which accuracy these figures show"
