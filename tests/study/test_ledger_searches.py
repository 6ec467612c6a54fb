"""Searches in the ledger: pairs by seed, units by draw, and the rows of the paper."""

from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from tegnas_core.errors import TegnasError
from tegnas_study.analysis.searches import rows
from tegnas_study.bench import epochs
from tegnas_study.ledger import searches
from tegnas_study.ledger.finding import DRAWS
from tegnas_study.tables.study_rows import LIVE, StudyRow, ValueSource


def reached(values, accuracy: str = "cifar10 test") -> pd.DataFrame:
    return pd.DataFrame({f"derived {accuracy}": values}, index=pd.Index(range(len(values)), name="seed"))


@pytest.fixture
def sources():
    found = {
        StudyRow("reinforce", source=ValueSource("t", 0)): reached([93.0, 93.2, 93.4, 93.6]),
        StudyRow("reinforce", source=ValueSource("t", 1)): reached([50.0] * 4),
        StudyRow("reinforce", source=ValueSource("t-seed1", 0)): reached([94.0, 94.2]),
        StudyRow("reinforce", source=ValueSource("t")): reached([93.0, 95.0]),
        StudyRow("reinforce", source=ValueSource("t-seed1")): reached([94.0, 94.0]),
        StudyRow("reinforce", "kappa", source=ValueSource("t", 0)): reached([92.0] * 4),
        rows.usual("reinforce", **rows.ONE_EPOCH): reached([92.0, 92.2, 92.4, 92.6]),
        rows.usual("random", source=ValueSource("t", 0)): reached([94.0] * 4),
        rows.PAPER_ROWS["TE-NAS"]: reached([93.0, 94.0]),
        rows.PAPER_ROWS["TE-NAS + TEG"]: reached([93.5, 93.0]),
    }
    return SimpleNamespace(found=found, resampling={"seed": 0, "n_draws": 1000})


def test_a_draw_is_the_first_repeat_of_a_seed_s_table(sources):
    assert list(searches.draws_of(sources, "reinforce")) == ["t", "t-seed1"]


def test_a_draw_is_compared_with_all_searches_that_know_no_draw(sources):
    found = searches.search_gap(sources, method="reinforce", against="one epoch", accuracy="cifar10 test")
    assert found.each.to_dict() == pytest.approx({"t": 1.0, "t-seed1": 94.1 - 92.3})
    assert found.unit == DRAWS
    assert found.estimate.value == pytest.approx(1.4)


def test_averages_of_draws_are_another_unit(sources):
    options = {"method": "reinforce", "against": "one epoch", "accuracy": "cifar10 test"}
    found = searches.search_gap(sources, averages=True, **options)
    assert found.each.to_dict() == pytest.approx({"t": 94.0 - 92.3, "t-seed1": 94.0 - 92.3})
    assert found.unit == "averages of three draws"


def test_random_search_is_told_the_same_draw(sources):
    found = searches.search_gap(sources, method="reinforce", against="random", accuracy="cifar10 test")
    assert found.each.to_dict() == pytest.approx({"t": 93.3 - 94.0})


def test_parts_are_compared_on_the_draws_that_both_have(sources):
    found = searches.part_gap(sources, first="teg", second="kappa", accuracy="cifar10 test")
    assert found.each.to_dict() == pytest.approx({"t": 1.3})


def test_a_mean_takes_the_tables_that_average_draws(sources):
    found = searches.part_mean(sources, reward="teg", accuracy="cifar10 test")
    assert found.each.to_dict() == {"t": 94.0, "t-seed1": 94.0}
    assert found.estimate.low >= 93.0 and found.estimate.high <= 95.0


def test_live_searches_have_weights_of_their_own(sources):
    assert rows.PAPER_ROWS["TE-NAS"].source == LIVE
    found = searches.search_mean(sources, row="TE-NAS", accuracy="cifar10 test")
    assert (found.n, found.estimate.value) == (2, 93.5)
    gap = searches.te_nas_gap(sources, accuracy="cifar10 test")
    assert gap.each.tolist() == pytest.approx([0.5, -1.0])


def test_a_row_that_was_not_searched_is_told(sources):
    with pytest.raises(TegnasError, match=r"there is no row \(random, teg, teg, 500, atlas\) among the searches"):
        searches.reached(sources, rows.usual("random"), "cifar10 test")


@pytest.mark.parametrize("n, ends", [(49, False), (50, True)])
def test_a_ratio_of_costs_has_an_interval_when_enough_cells_are_timed(monkeypatch, n, ends):
    seconds = pd.DataFrame(
        {"teg_plain": 1.0, "teg_fast": 0.5, "epoch_plain": 30.0, "epoch_fast": 15.0}, index=range(n)
    )
    monkeypatch.setattr(epochs, "read_epoch_costs", lambda path: (seconds, {}))
    sources = SimpleNamespace(results=Path("nowhere"), resampling={"seed": 0, "n_draws": 1000})
    found = searches.cost_ratio(sources, way="plain")
    assert found.estimate.value == pytest.approx(10.0)
    assert (found.estimate.high == pytest.approx(10.0)) == ends
