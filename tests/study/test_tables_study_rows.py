"""Rows of a study: values with fields in memory, texts in a file."""

import pandas as pd
import pytest

from tegnas_core.errors import TegnasError
from tegnas_study.experiments.study_file import STUDY, read_study
from tegnas_study.tables.study_rows import (
    LIVE,
    MAIN_TABLE,
    ROW,
    SECOND_TABLE,
    StudyRow,
    ValueSource,
    columns_of,
    format_sources,
    parse_sources,
    row_of_each,
)

TEXTS = {
    "atlas": MAIN_TABLE,
    "live": LIVE,
    "teg-cifar10-seed1": SECOND_TABLE,
    "teg-cifar10 repeat 2": ValueSource("teg-cifar10", 2),
    "teg-cifar10-seed1 repeat 10": ValueSource("teg-cifar10-seed1", 10),
}


@pytest.mark.parametrize("text", TEXTS)
def test_a_source_is_written_and_read_back(text):
    assert ValueSource.parse(text) == TEXTS[text]
    assert str(TEXTS[text]) == text


def test_sources_know_what_they_are():
    assert LIVE.is_live and not MAIN_TABLE.is_live
    assert [source.is_one_draw for source in TEXTS.values()] == [False, False, False, True, True]
    with pytest.raises(TegnasError, match="without a source"):
        ValueSource.parse("")


def test_a_table_keeps_its_rows_through_a_file():
    rows = [StudyRow("random", budget=25, source=source) for source in TEXTS.values()]
    table = pd.DataFrame([columns_of(row) for row in rows])
    written = format_sources(table)
    assert written["source"].tolist() == [*TEXTS]
    assert row_of_each(parse_sources(written)).tolist() == rows
    assert tuple(table.columns) == ROW


def test_the_committed_study_has_rows_of_every_kind():
    sources = set(row_of_each(read_study(STUDY).outcomes).map(lambda row: row.source))
    assert {LIVE, MAIN_TABLE, SECOND_TABLE} <= sources
    assert sum(source.is_one_draw for source in sources) >= 6  # a seed's table may join
