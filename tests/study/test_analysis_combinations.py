"""Combinations by their protocol: scores by hand, halves that never meet, a choice that only one half makes."""

import math
from itertools import islice

import numpy as np
import pandas as pd
import pytest
from made_up_atlas import SPACE, made_up_benchmark, made_up_row, write_newer_rivals, write_rows
from scipy import stats

from tegnas_core.errors import TegnasError
from tegnas_core.indicators.names import RIVALS
from tegnas_core.settings import make_settings
from tegnas_study.analysis import combinations as c
from tegnas_study.tables.atlases import atlas
from tegnas_study.tables.ranking import TEG


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """Two draws of 300 classes, and the rivals of 200 of them, all made up."""
    folder, settings = tmp_path_factory.mktemp("atlas"), make_settings("teg")
    cells = list(islice(SPACE.classes(), 300))
    for name, repeat in (("teg-cifar10", 0), ("teg-cifar10-seed1", 1)):
        write_rows(folder, [{**made_up_row(cell, repeat, settings), "repeat": 0} for cell in cells], name=name)
    write_newer_rivals(folder, cells[:200], name=c.BENCHMARK_TABLE)
    table = atlas("teg-cifar10", benchmark=made_up_benchmark(), folder=folder)
    return c.measured(table.assign(test_accuracy=table["cifar10_test_200"]), folder=folder)


def test_the_rows_are_the_classes_that_have_everything(rows):
    assert len(rows) == 200 and (rows["architecture"] == rows["representative"]).all()
    assert rows[[*c.INDICATORS]].notna().all(axis=None)
    cell = next(iter(SPACE.classes()))
    first, second = (made_up_row(cell, repeat, make_settings("teg")) for repeat in (0, 1))
    row = rows[rows["architecture"] == str(cell)].iloc[0]
    kappa = math.sqrt(first["condition_number"] * second["condition_number"])
    assert row["condition_number"] == pytest.approx(kappa)
    assert row["linear_regions"] == pytest.approx((first["linear_regions"] + second["linear_regions"]) / 2)


def test_scores_by_hand():
    rows = pd.DataFrame({"condition_number": [5.0, math.inf, 2.0], "linear_regions": [10.0, 10.0, 7.0]})
    one = c.Combination(("condition_number", "linear_regions"))
    assert one.of(rows).tolist() == [2 + 2.5, 1 + 2.5, 3 + 1]
    logs = c.Combination(one.indicators, "log-rank sum").of(rows)
    assert logs.tolist() == pytest.approx([math.log(a * b / 9) for a, b in ((2, 2.5), (1, 2.5), (3, 1))])
    assert (str(one), str(c.Combination(("meco",), "log-rank sum"))) == (
        "condition_number + linear_regions",
        "meco (log ranks)",
    )


def test_the_score_of_az_nas_is_that_of_its_authors(rows):
    parts = [stats.rankdata(rows[name]) / len(rows) for name in (*c.AZ_PARTS, "flops")]
    assert c.NAMED["AZ-NAS"].of(rows).tolist() == pytest.approx(np.log(parts).sum(0).tolist())


def test_candidates_are_all_sets_of_at_most_four_with_both_scores():
    found = c.candidates()
    assert len(c.INDICATORS) == 12 and len(found) == len({*found}) == 2 * (12 + 66 + 220 + 495)
    sets = {(frozenset(one.indicators), one.score) for one in found}
    lacking = [words for words, one in c.NAMED.items() if (frozenset(one.indicators), one.score) not in sets]
    assert lacking == ["MeCo + TEG + parameters"]  # five indicators
    assert {*c.INDICATORS} <= {*TEG, *RIVALS, "parameters", "flops"}


def test_the_factor_of_swap_is_one_for_the_largest_network():
    found = c.regularised_swap(pd.Series([10.0, 10.0, -math.inf]), pd.Series([1e6, 5e5, 1e5]))
    assert found.tolist() == pytest.approx([10, 10 * math.exp(-0.25), -math.inf])


def test_a_class_is_in_one_half_for_ever():
    names = [str(cell) for cell in islice(SPACE.classes(), 1000)]
    first = c.chooses(names)
    assert (c.chooses(reversed(names)) == first[::-1]).all() and 0.4 < first.mean() < 0.6
    sample = [str(cell) for cell in SPACE.sample_many(8, seed=0)]  # with what the protocol gave on its first day
    assert c.chooses(sample).astype(int).tolist() == [0, 0, 0, 0, 0, 1, 0, 1]


def test_the_best_of_the_half_wins_whatever_the_other_half_says(rows):
    rows = rows.assign(
        meco=rows["test_accuracy"] + np.where(c.chooses(rows["representative"]), 0, -1000 * rows["swap"])
    )
    half = rows[c.chooses(rows["representative"])]
    best, found = c.choose(half, c.candidates(("swap", "meco", "log_synflow"), most=2))
    assert best.indicators == ("meco",) and found.iloc[0] == pytest.approx(1)
    assert found.is_monotonic_decreasing and len(found) == 12
    pair = c.Combination(("swap", "meco"))
    assert found[pair] == pytest.approx(stats.kendalltau(pair.of(half), half["test_accuracy"]).statistic)
    with pytest.raises(TegnasError, match="no combination to choose from"):
        c.choose(half, [])


def test_the_report_is_about_the_other_half(rows):
    half = rows[~c.chooses(rows["representative"])]
    chosen = {"chosen": c.Combination(("swap", "meco"))}
    found = c.reported(half, chosen, seed=0, n_draws=20)
    assert {*found.value.index} == {*c.NAMED, "chosen", *c.INDICATORS, "swap_regularised"}
    for words, one in {**c.NAMED, **chosen}.items():
        expected = stats.kendalltau(one.of(half), half["test_accuracy"]).statistic
        assert found.value[words] == pytest.approx(expected)
    gap = found.estimate(lambda s: s["chosen"] - s["TEG"])
    assert gap.low < gap.value < gap.high
