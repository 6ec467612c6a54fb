"""The sample of 200 as a table."""

import pandas as pd
import pytest

from tegnas_core.errors import TegnasError
from tegnas_study.data.benchmark import load_benchmark
from tegnas_study.sweep import read_sweep
from tegnas_study.tables.ranking import kendall_tau, rank_sum
from tegnas_study.tables.sample_of_200 import SAMPLE_FILE, sample_table


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return sample_table(load_benchmark("analog"))


def test_recorded_run_is_there_once_for_every_architecture(table):
    rows = read_sweep(SAMPLE_FILE)
    assert table["architecture"].is_unique
    assert len(table) * 3 == len(rows) == 600
    assert table["test_accuracy"].notna().all()
    assert table["rank_sum"].tolist() == rank_sum(table).tolist()
    row = table.iloc[7]
    three = rows[rows["architecture"] == row["architecture"]]
    assert row["condition_number"] == pytest.approx(three["condition_number"].prod() ** (1 / 3))
    assert row["regression_error"] == pytest.approx(three["regression_error"].mean())


def test_recorded_run_says_what_the_data_page_says(table):
    assert kendall_tau(table["rank_sum"], table["test_accuracy"]).tau == pytest.approx(-0.629, abs=5e-4)


def test_a_missing_run_is_told_in_one_line(tmp_path):
    with pytest.raises(TegnasError) as caught:
        sample_table(load_benchmark("analog"), tmp_path / "none.parquet")
    assert "\n" not in str(caught.value)
