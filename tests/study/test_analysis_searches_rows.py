"""The rows of the chapter are rows of the study, in the order of their figure."""

import pandas as pd
import pytest

from tegnas_study.analysis.searches.estimates import mean_accuracies
from tegnas_study.analysis.searches.rows import (
    CONTROL_ROWS,
    GUIDES,
    PAPER_ROWS,
    PRESET_ROWS,
    against,
    by_guide,
    by_parts,
    draw_gaps,
    draw_totals,
    on_draws,
    usual,
)
from tegnas_study.experiments.study import row_of, table_2, table_5
from tegnas_study.tables.study_rows import (
    SEARCHED,
    SECOND_TABLE,
    TEG_PARTS,
    StudyRow,
    ValueSource,
    columns_of,
)


def known():
    return {row_of(request) for request in (*table_2(), *table_5())}


def test_every_row_is_one_of_the_study():
    rows = [*PAPER_ROWS.values(), *CONTROL_ROWS.values(), *PRESET_ROWS.values()]
    rows += [row for method in SEARCHED for pair in against(method).values() for row in pair]
    for row in rows:
        assert row.source.is_live or row in known(), row


@pytest.fixture
def found():
    """A summary in which a row's mean tells its place in the study."""
    rows = [columns_of(row) for row in sorted(known(), key=str)]
    table = pd.DataFrame(rows).assign(mean=range(len(rows)), accuracy="test")
    sources = (ValueSource(repeat=0), ValueSource(repeat=1), SECOND_TABLE)
    draws = pd.DataFrame([columns_of(StudyRow("evolution", source=source)) for source in sources])
    draws = draws.assign(mean=[-3.0, -2.0, -1.0], accuracy="test")
    return pd.concat([table, table.assign(accuracy="valid"), draws], ignore_index=True)


def test_guides_come_in_their_order_with_the_ceiling_of_their_own_data_set(found):
    shown = by_guide(found, "test", "cifar100")
    assert [*dict.fromkeys(shown["reward"])] == [*GUIDES]
    assert [*shown["method"][:5]] == [*SEARCHED]
    assert len(shown) == len(GUIDES) * len(SEARCHED)
    assert set(shown.loc[shown["reward"] == "accuracy", "dataset"]) == {"cifar100"}
    assert set(shown["accuracy"]) == {"test"} and set(shown["preset"]) == {"teg"}


def test_parts_come_in_the_order_of_table_5(found):
    shown = by_parts(found, "test")
    assert [*shown["reward"]] == 2 * [*TEG_PARTS, "teg"]
    assert {*shown.loc[shown["method"] == "random", "budget"]} == {500}


def test_draws_stand_with_their_method(found):
    shown = on_draws(found, "test")
    of_evolution = shown[shown["method"] == "evolution"]
    words = ["TEG, first table", "one epoch", "parameters", "TEG, second table"]
    assert [*of_evolution["guide"]] == words + 2 * ["TEG, one repeat"]
    assert [*of_evolution["mean"]][-3:] == [-1.0, -3.0, -2.0]
    assert [*dict.fromkeys(shown["method"])] == [*SEARCHED]


def test_gaps_stand_draw_by_draw_and_are_counted():
    values = {usual(m): 9.0 for m in SEARCHED}
    values |= {usual(m, "accuracy-1-epoch", "cifar10"): 5.0 for m in SEARCHED}
    values |= {usual(m, "params"): 7.0 for m in SEARCHED}
    values |= {StudyRow("evolution", source=ValueSource(repeat=k)): 4.5 + 2 * k for k in range(2)}
    table = pd.DataFrame([{**columns_of(row), "seed": 0, "accuracy": value} for row, value in values.items()])
    gaps = draw_gaps({"test": mean_accuracies(table, "accuracy", seed=0, n_draws=3)}, SEARCHED)
    assert {*gaps["method"]} == {"evolution"} and {*gaps["source"]} == {ValueSource(repeat=k) for k in range(2)}
    assert [*gaps.loc[gaps["than"] == "one epoch", "gap"]] == [-0.5, 1.5]
    assert [*gaps.loc[gaps["than"] == "parameters", "gap"]] == [-2.5, -0.5]
    totals = draw_totals(gaps).set_index(["accuracy", "than"])
    assert [*totals.loc[("test", "one epoch")]] == [1, 2]
    assert [*totals.loc[("test", "parameters")]] == [0, 2]
